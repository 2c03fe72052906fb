"""What a policy can do about each kind of access that documented attacks abused, in words.

Not for the policies themselves: each tool's page has its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from site_builder.access import ACCESSES


@dataclass(frozen=True, slots=True)
class Abuse:
    """Something that an attack abused, and what stands against it."""

    what: str
    against: str


# By the words of `Access.says`.
_AGAINST = {
    "brings in words written by strangers": "In a session that reads such words, ask before each call that writes, "
    "sends, pays or runs something.",
    "shows private data": "Keep it out of sessions that also read strangers' words and have a way out.",
    "shows credentials": "Deny it: hand a secret to the program that needs it, never to the agent.",
    "lets data out": "Ask before each call, or hold the recipient or the address to a list.",
    "sends mail": "Ask before each call, or hold all recipients to a list, hidden ones too.",
    "reads mail": "Ask before whatever sends something in the same session.",
    "deletes mail": "Deny it, or ask before each call and limit the calls an hour.",
    "sends messages": "Ask before each call, or hold the channel to a list.",
    "reads files": "Hold the path to the folders that the task needs.",
    "writes files": "Hold the path to the folders that the task needs, and deny what configures or starts programs.",
    "deletes files": "Deny it, or ask before each call and hold the path to one folder.",
    "works on repositories": "Give a session one repository, and credentials for that one alone.",
    "works on tickets and customer records": "Ask before each call that changes a record that others read.",
    "publishes": "Ask before each call: what is published is copied at once.",
    "runs queries on a database": "Allow reading statements alone, with an account that can only read.",
    "deletes data in a database": "Deny it where the data is in use; elsewhere ask before each call.",
    "runs code or commands": "Ask before each call, or run it where nothing can be lost and nothing can leave.",
    "ends cloud resources": "Deny it: let a person end what a person started.",
    "acts in a browser": "Use a profile without logins, and ask before each press that sends or buys.",
    "fetches addresses": "Hold the address to a list of hosts.",
    "controls devices": "Ask before each call.",
    "changes a calendar": "Ask before each call that deletes or invites.",
    "changes permissions": "Ask before each call, with the person and the right named.",
    "moves money": "Ask before each call, with a limit on the amount.",
    "runs searches elsewhere": "Take the words of a search for sent out: no private data in them.",
}
# What attacks abused beside the access that tools give; by the attack records' names for it.
_BESIDE = {
    "prompt_injection": Abuse(
        "carries instructions in text",
        "A policy outside of the agent holds whatever the text says: ask before what changes something.",
    ),
    "tool_poisoning": Abuse(
        "hides instructions in a tool's definition", "Do not use a server whose definitions have a threat finding."
    ),
    "missing_auth": Abuse(
        "reaches a server that asks for no login", "Do not run a server that others on the network can reach."
    ),
    "browser_to_localhost": Abuse(
        "reaches a local server from a page in the browser", "Let servers speak over standard input, not over a port."
    ),
    "malicious_server": Abuse(
        "comes with a server made to do harm", "Use servers whose source was read, and deny what is not listed."
    ),
    "rogue_server": Abuse(
        "comes with a server made to do harm", "Use servers whose source was read, and deny what is not listed."
    ),
    "oauth_proxy": Abuse("steals a login on its way", "Log in to servers that you chose yourself, and to no others."),
    "supply_chain": Abuse("comes with a package or an update", "Pin the version, and read what changed before moving."),
    "ignored_freeze": Abuse(
        "goes on although told to stop", "A stop that counts is a rule outside of the agent: deny, do not ask it to."
    ),
    "config_change_after_approval": Abuse(
        "changes what was approved once", "Approve a version and a digest, not a name."
    ),
    "rug_pull": Abuse("changes its tools after it was trusted", "Pin the version, and look at its changes here."),
    "hosting_compromise": Abuse(
        "takes over where servers are hosted", "Keep credentials out of hosts that others run."
    ),
    "no_circuit_breaker": Abuse("repeats without end", "Limit the calls an hour and a day."),
    "websocket_hijack": Abuse("joins a session from outside", "Do not run a server that others can connect to."),
    "cross_server_chain": Abuse(
        "puts the tools of several servers together", "Look at what servers give together, not at one alone."
    ),
    "token_overreach": Abuse("has a key that opens more than needed", "Give each server a key for its task alone."),
}


def describe_abuse(capabilities: Iterable[str]) -> tuple[Abuse, ...]:
    """Say what the capabilities that an attack abused are, each kind once, and what stands against them."""
    wanted = tuple(capabilities)
    found = [Abuse(one.says, _AGAINST[one.says]) for one in ACCESSES if one.capabilities.intersection(wanted)]
    found += [_BESIDE[name] for name in wanted if name in _BESIDE]
    return tuple(dict.fromkeys(found))
