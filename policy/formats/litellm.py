"""Format litellm: a server's entry in the LiteLLM proxy's config.yaml, with the tools that its MCP gateway lets pass.

Its `tool_permission` guardrail sees what a model answers, not what the MCP gateway is called with: it is not used.
"""

from typing import Any

from policy.format import Format, Rendered
from policy.formats._names import check_server
from policy.formats._settled import Client, Settled, settle
from policy.formats._yaml import to_yaml
from policy.recommendation import Decision, ServerPolicy

_SEPARATOR = "-"  # stands between server and tool in the names that LiteLLM shows


def render(policy: ServerPolicy) -> Rendered:
    """Allow or block tools by name; nobody can be asked, and only the names of arguments could be limited.

    Raises PolicyError for a name that LiteLLM refuses to load.
    """
    check_server(policy.server, f"(?s)[^{_SEPARATOR}]+", f"LiteLLM wants it without {_SEPARATOR!r}")
    prefix = policy.server.replace(" ", "_") + _SEPARATOR

    def is_one(name: str) -> bool:
        return not name.startswith(prefix)  # an entry `server-tool` would also mean `tool`

    settled = settle(policy, Client(Decision.DENY, may_allow=is_one, may_stop=is_one, asks=False, frees=True))
    return Rendered(to_yaml({"mcp_servers": {policy.server: _entry(settled)}}), settled.losses)


def _entry(settled: Settled) -> dict[str, Any]:
    denied = settled.tools(Decision.DENY)
    if settled.unlisted is Decision.ALLOW:
        return {"disallowed_tools": denied}
    allowed = settled.tools(Decision.ALLOW)
    # The mark keeps an empty list from being read as no list, which would let every tool pass; LiteLLM versions that
    # do not know the mark then still block what is listed.
    listed = {"allowed_tools": allowed} if allowed else {"allowed_tools": [], "disallowed_tools": denied}
    return {**listed, "mcp_info": {"tool_allowlist_enforced": True}}


FORMAT = Format(
    id="litellm",
    title="LiteLLM proxy: mcp_servers",
    file="config.yaml",
    language="yaml",
    render=render,
    checked="litellm 1.110, proxy/mcp_server/utils.py",
    notes=(
        "Put `url` or `command` beside the lists.",
        "Where `allowed_tools` is empty, the LiteLLM must know `tool_allowlist_enforced`, as 1.110 does.",
        "A tool whose name begins with the server's and a dash is blocked: give the server another name to allow it.",
    ),
)
