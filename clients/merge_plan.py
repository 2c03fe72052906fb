"""What merging a server's policy into a client's file comes to: edits, and what a person should hear of.

Not for one kind of list or key: those are in merge_lists.py, merge_keys.py and merge_rules.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from clients.errors import DocumentError
from clients.merge_edits import Edit

SERVER = "{server}"  # in a path: the name that the client has for the server
ALLOW, ASK, DENY = range(3)
_WORDS = ("allow", "ask", "deny")
_KINDS: dict[type, str] = {dict: "an object", list: "a list", str: "text", bool: "true or false"}
_MAX_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry of the user's that is stricter than what is recommended, and therefore stays."""

    entry: str
    has: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Wide:
    """A wildcard of the user's that lets pass what the policy would stop; `own` if it is for this server alone."""

    entry: str
    own: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """An entry that counts no more: it let a tool pass that the policy does not know."""

    entry: str
    had: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The edits that one part of a client's file needs, and what is told about them."""

    edits: tuple[Edit, ...] = ()
    kept: tuple[Kept, ...] = ()
    wide: tuple[Wide, ...] = ()
    gone: tuple[Gone, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be merged: the policy as it was written for the client, whose it is, and all tools that it knows."""

    value: Mapping[str, Any]
    server: str
    tools: Collection[str] = field(default=())
    replace: bool = False


class Part(Protocol):
    """One place of a client's file where its policy stands."""

    def plan(self, held: Mapping[str, Any], wanted: Wanted) -> Plan:
        """Say which edits bring it to what is wanted. Raises DocumentError for a wrong shape."""

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Where it stands."""


def grade_word(grade: int) -> str:
    """Name a grade of strictness."""
    return _WORDS[grade]


def named(path: tuple[str, ...], server: str) -> tuple[str, ...]:
    """Put the server's name into a path."""
    return tuple(server if key == SERVER else key for key in path)


def look_up(value: Any, path: tuple[str, ...], kind: type) -> Any:
    """Give what stands at a path, None if nothing does. Raises DocumentError when it is of another kind."""
    for at, key in enumerate(path):
        _expect(value, dict, path[:at])
        if key not in value:
            return None
        value = value[key]
    _expect(value, kind, path)
    return value


def _expect(value: Any, kind: type, path: tuple[str, ...]) -> None:
    if not isinstance(value, kind):
        found = _KINDS.get(type(value), "something else")
        where = ".".join(map(str, path)) or "the whole file"
        raise DocumentError(f"expected {ascii(where[:_MAX_SHOWN])[1:-1]} to be {_KINDS[kind]}, found {found}")
