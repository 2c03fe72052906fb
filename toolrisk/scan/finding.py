"""One thing that a scan found: its level, its rule, and an id that stays the same from run to run.

Not for what is ignored or known already: those marks are set by baseline.py and ignoring.py.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

ID_LENGTH = 16


class Level(StrEnum):
    """How bad a finding is, by rising level; apart from these, what was not looked at is unknown."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


LEVELS = tuple(Level)[:-1]


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A server's entry in a configuration file; `client` is the id of the client whose file it is."""

    file: str
    line: int
    client: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding about a server, one of its tools, or several servers together.

    `places` are all entries that it speaks of. `known`: the baseline holds it. `ignored` is the reason given for it.
    """

    id: str
    rule: str
    level: Level
    server: str
    tool: str
    says: str
    places: tuple[Where, ...]
    quote: str = ""
    known: bool = False
    ignored: str | None = None

    @property
    def counts(self) -> bool:
        """Tell whether it may decide about the exit code."""
        return not self.known and self.ignored is None


def finding_id(rule: str, *what: str) -> str:
    """Make an id of a rule and what it is about; never of paths, times or an order."""
    return hashlib.sha256("\0".join((rule, *what)).encode("utf-8", "replace")).hexdigest()[:ID_LENGTH]


def merge_findings(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Make one of all findings with one id, with the places of all; the worst first, then by what they are about."""
    merged: dict[str, Finding] = {}
    for one in found:
        held = merged.get(one.id)
        places = {*one.places, *(held.places if held else ())}
        # One server may have several names; which of them is shown must not depend on an order.
        shown = min(held or one, one, key=lambda either: (either.server, either.says))
        merged[one.id] = replace(shown, places=tuple(sorted(places)))
    return tuple(sorted(merged.values(), key=_order))


def _order(one: Finding) -> tuple[int, str, str, str, str]:
    rank = -1 if one.level is Level.UNKNOWN else LEVELS.index(one.level)
    return (-rank, one.rule, one.server, one.tool, one.id)
