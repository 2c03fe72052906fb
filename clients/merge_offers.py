"""A client's list of the tools that it offers at all, and its list of those that it does not; no grades between.

What a person left out of the first list, or put into the second, stays away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clients.merge_edits import Drop, Edit, list_edits
from clients.merge_plan import Gone, Kept, Plan, Wanted, look_up, named

_ALL = "*"


@dataclass(frozen=True, slots=True)
class OfferedTools:
    """Where the tools stand that are offered, and where those that are not; `*` in the first is as no list."""

    offered: tuple[str, ...]
    withheld: tuple[str, ...] | None = None

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Where the lists stand."""
        return (self.offered, *([self.withheld] if self.withheld else []))

    def plan(self, held: Mapping[str, Any], wanted: Wanted) -> Plan:
        """Offer what is recommended and was not kept back by a person."""
        denied = self._list(wanted.value, self.withheld, wanted.server)
        ours = self._list(wanted.value, self.offered, wanted.server)
        offered = ours if ours is not None else [tool for tool in wanted.tools if tool not in (denied or [])]
        edits, left_out = self._offer(held, wanted, ours, offered)
        more, kept_back = self._withhold(held, wanted, denied, offered)
        kept = [] if wanted.replace else dict.fromkeys([*left_out, *kept_back])
        gone = [] if ours is None else self._strangers(held, wanted, ours)
        return Plan(
            (*edits, *more),
            tuple(Kept(tool, "not offered", "offered") for tool in kept),
            gone=tuple(Gone(tool, "offered") for tool in gone),
        )

    def _strangers(self, held: Mapping[str, Any], wanted: Wanted, ours: list[Any]) -> list[str]:
        """Find what was offered and is no tool that the policy knows."""
        known = {*wanted.tools, *ours, _ALL}
        listed = self._list(held, self.offered, wanted.server) or []
        return [item for item in listed if isinstance(item, str) and item not in known]

    def _offer(
        self, held: Mapping[str, Any], wanted: Wanted, ours: list[Any] | None, offered: list[Any]
    ) -> tuple[tuple[Edit, ...], list[Any]]:
        path = named(self.offered, wanted.server)
        listed = look_up(held, path, list)
        left_out = [] if listed is None or _ALL in listed else [tool for tool in offered if tool not in listed]
        if ours is None:
            return (Drop(path[:-1], path[-1:]),) if listed is not None and wanted.replace else (), left_out
        out = [at for at, item in enumerate(listed or []) if isinstance(item, str) and item not in ours]
        stays = [] if wanted.replace else left_out
        return list_edits(path, listed, out, (one for one in ours if one not in [*(listed or []), *stays])), left_out

    def _withhold(
        self, held: Mapping[str, Any], wanted: Wanted, denied: list[Any] | None, offered: list[Any]
    ) -> tuple[tuple[Edit, ...], list[Any]]:
        listed = self._list(held, self.withheld, wanted.server)
        if self.withheld is None or (denied is None and listed is None):
            return (), []
        out = [at for at, item in enumerate(listed or []) if wanted.replace and item in offered]
        into = [item for item in denied or [] if item not in (listed or [])]
        kept = [item for item in listed or [] if item in offered]
        return list_edits(named(self.withheld, wanted.server), listed, out, into), kept

    def _list(self, value: Mapping[str, Any], path: tuple[str, ...] | None, server: str) -> list[Any] | None:
        found: list[Any] | None = look_up(value, named(path, server), list) if path else None
        return found
