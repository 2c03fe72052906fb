"""Conditions on arguments, made from the handles that a tool's schema gives.

Patterns keep to what RE2, Rust, Go, Java, JavaScript and Python read alike. They hold back what an agent gets wrong or
is talked into; they do not replace the rights of the server's own user.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from policy.handles import Handle, HandleKind
from policy.profile import Bounds
from policy.rules import APPROVAL, Condition, Guard


def any_case(*words: str) -> str:
    """Match one of some words in any case; inline flags are not understood everywhere."""
    return "|".join("".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in word) for word in words)


_DOT_PLACES = r"ssh|aws|azure|gnupg|kube|docker|netrc|pgpass|npmrc|pypirc|git-credentials|env|config/gcloud"
OUTSIDE = (
    r"(^|[/\\])\.\.([/\\]|$)"
    rf"|(^|[/\\])\.({_DOT_PLACES})([/\\.]|$)"
    r"|^(file://)?/+(etc|proc|sys|dev|root|boot|run|var/run)(/|$)"
    r"|(^|[/\\])id_(rsa|dsa|ecdsa|ed25519)|\x00"
)
PRIVATE = (
    r"^\s*([A-Za-z][A-Za-z0-9+.-]*:)?[/\\]*([^/\\@]*@)?"
    rf"({any_case('localhost')}|[^/\\:?#]*\.({any_case('localhost', 'local', 'internal')})"
    r"|0|127|10|0[xX][0-9A-Fa-f]+|[0-9]{8,10}|169\.254|192\.168|172\.(1[6-9]|2[0-9]|3[01]))([.:/\\?#]|$)"
    r"|^\s*([A-Za-z][A-Za-z0-9+.-]*:)?[/\\]*([^/\\@]*@)?\["
    rf"|^\s*({any_case('file', 'gopher', 'dict', 'ftp', 'ldap', 'jar', 'netdoc', 'data')}):"
)
READ_ONLY = rf"^\s*({any_case('select', 'show', 'describe', 'desc', 'explain', 'with')})\s[^;]*;?\s*$"
WRITES = (
    rf"(^|[^A-Za-z_])({any_case('into', 'for update', 'for share')})([^A-Za-z_]|$)"
    rf"|^\s*({any_case('explain', 'with')})\s([^;]*[^A-Za-z_;])?({any_case('insert', 'update', 'delete', 'merge')})\s"
)
DESTROYS = rf"(^|[^A-Za-z_])({any_case('drop', 'truncate', 'delete', 'alter', 'grant', 'revoke')})\s"
NO_READING = (
    rf"^\s*({any_case('insert', 'update', 'delete', 'merge', 'replace', 'create', 'drop', 'alter', 'truncate')}"
    rf"|{any_case('grant', 'revoke', 'copy', 'call', 'attach', 'load', 'set')})\s|;\s*[^\s;]|{WRITES}"
)
USUAL_CAP = 100  # in whatever unit the tool has: a start that a person raises
_CHECKS = (OUTSIDE, PRIVATE, NO_READING)


@dataclass(slots=True)
class Conditions:
    """What was made of a tool's handles, gathered."""

    require: list[Condition] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


def is_check(guard: Guard) -> bool:
    """Tell whether a guard only holds back what harms everywhere, so that the decision does not rest on it."""
    return len(guard.conditions) == 1 and guard.conditions[0].value in _CHECKS


def make_conditions(handles: Iterable[Handle], bounds: Bounds, *, checks_arguments: bool) -> Conditions:
    """Make the conditions for each handle. `checks_arguments` adds what harms everywhere to what `bounds` say."""
    made = Conditions()
    for handle in handles:
        if handle.is_list:
            if _is_bounded(handle.kind, bounds):
                made.reasons.append(f"{handle.path} is a list, which no condition can test")
                made.require.append(Condition(handle.path, "exists", value=False))
            continue
        _bounded(handle, bounds, made)
        if checks_arguments:
            _checked(handle, bounds, made)
    return made


def _is_bounded(kind: HandleKind, bounds: Bounds) -> bool:
    return bool(
        {
            HandleKind.PATH: bounds.folders,
            HandleKind.ADDRESS: bounds.hosts,
            HandleKind.RECIPIENT: bounds.recipients,
            HandleKind.CURRENCY: bounds.currencies,
        }.get(kind, ())
    )


def _bounded(handle: Handle, bounds: Bounds, made: Conditions) -> None:
    """Hold an argument to what a person named."""
    if not _is_bounded(handle.kind, bounds):
        return
    if handle.kind is HandleKind.CURRENCY:
        made.require.append(Condition(handle.path, "in", _cases(bounds.currencies)))
        made.reasons.append(f"{handle.path} must be {' or '.join(bounds.currencies)}")
        return
    named = {
        HandleKind.PATH: (bounds.folders, folder_pattern),
        HandleKind.ADDRESS: (bounds.hosts, host_pattern),
        HandleKind.RECIPIENT: (bounds.recipients, recipient_pattern),
    }
    values, pattern = named[handle.kind]
    made.require.append(Condition(handle.path, "regex", pattern(values)))
    if handle.kind is HandleKind.PATH:
        made.guards.append(_inside(handle))
    made.reasons.append(f"{handle.path} must be within {', '.join(values)}")


def _inside(handle: Handle) -> Guard:
    return Guard((Condition(handle.path, "regex", OUTSIDE),), "Outside of its folder.")


def _checked(handle: Handle, bounds: Bounds, made: Conditions) -> None:
    """Hold an argument to what harms nowhere."""
    match handle.kind:
        case HandleKind.PATH if not bounds.folders:
            made.guards.append(_inside(handle))
            made.reasons.append(f"{handle.path} may not climb out of its folder or reach keys and system files")
        case HandleKind.ADDRESS if not bounds.hosts:
            made.guards.append(Guard((Condition(handle.path, "regex", PRIVATE),), "Not a public address."))
            made.reasons.append(f"{handle.path} may not be an address of this machine or its network")
        case HandleKind.STATEMENT:
            made.require.append(Condition(handle.path, "regex", READ_ONLY))
            made.guards.append(Guard((Condition(handle.path, "regex", WRITES),), "Only reading statements."))
            made.reasons.append(f"{handle.path} must be one statement that reads")
        case HandleKind.READING_STATEMENT:
            made.guards.append(Guard((Condition(handle.path, "regex", NO_READING),), "Only reading statements."))
            made.reasons.append(f"{handle.path} may not be a statement that writes")
        case HandleKind.WRITING_STATEMENT:
            says = f"{APPROVAL}: it may remove what cannot be brought back."
            made.guards.append(Guard((Condition(handle.path, "regex", DESTROYS),), says))
            made.reasons.append(f"a person approves each {handle.path} that drops, deletes or changes rights")


def cap_amounts(handles: Iterable[Handle], bounds: Bounds, *, checks_arguments: bool) -> Conditions:
    """Cap the amount of one payment; an amount that is absent or no number is above every cap."""
    made = Conditions()
    cap = bounds.max_amount if bounds.max_amount is not None else USUAL_CAP if checks_arguments else None
    for handle in handles:
        if cap is not None and handle.kind is HandleKind.AMOUNT and not handle.is_list:
            made.require.append(Condition(handle.path, "lte", cap))
            made.reasons.append(f"{handle.path} may be {cap} at most")
    return made


def folder_pattern(folders: Iterable[str]) -> str:
    """Match paths inside one of `folders`."""
    inside = "|".join(re.escape(folder.rstrip("/\\")) for folder in folders)
    return rf"^({inside})([/\\]|$)"


def host_pattern(hosts: Iterable[str]) -> str:
    """Match http(s) addresses on one of `hosts` or below it; no user part, so that none can pose as a host."""
    named = "|".join(re.escape(host.lower()) for host in hosts)
    return rf"^https?://([A-Za-z0-9-]+\.)*({named})(:[0-9]+)?([/?#]|$)"


def recipient_pattern(recipients: Iterable[str]) -> str:
    """Match one recipient: an address as it is, or any at a domain that is written as `@example.com`."""
    named = "|".join(
        rf"[A-Za-z0-9._%+-]+{re.escape(one)}" if one.startswith("@") else re.escape(one) for one in recipients
    )
    return rf"^({named})$"


def _cases(values: Iterable[str]) -> list[str]:
    return sorted({case for value in values for case in (value, value.lower(), value.upper())})
