"""Lists of tools in a client's file, each list for one grade of strictness; lists that offer are in merge_offers.py.

An entry is of this server by its form; whatever else stands in a list is somebody else's and stays.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from clients.merge_edits import Edit, list_edits
from clients.merge_plan import ALLOW, SERVER, Gone, Kept, Plan, Wanted, Wide, grade_word, look_up, named

_TOOL = "{tool}"
_Graded = tuple[str, int]


@dataclass(frozen=True, slots=True)
class GradedLists:
    """Lists by grade. `entry` is an entry's form, `whole` another form for the server as a whole.

    `unlisted` is the grade of a tool that no list names; `wildcards` are the characters that make a pattern.
    """

    lists: tuple[tuple[tuple[str, ...], int], ...]
    unlisted: int
    entry: str = _TOOL
    wildcards: str = "*"
    whole: str | None = None

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Where the lists stand."""
        return tuple(path for path, _ in self.lists)

    def plan(self, held: Mapping[str, Any], wanted: Wanted) -> Plan:
        """Bring the server's entries into the lists that they belong to."""
        ours = dict(self._items(wanted.value, wanted.server))
        found = list(self._items(held, wanted.server))
        final, kept, gone = self._settle(found, ours, wanted)
        open_ones = [one for one in self._wildcards(found, wanted.server, ours) if not (one.own and wanted.replace)]
        for item, grade in found:
            if wanted.replace and grade == ALLOW and self._is_own_wildcard(item, wanted.server, ours):
                final[item] = None
        return Plan(tuple(self._edits(held, wanted, final)), tuple(kept), tuple(dict.fromkeys(open_ones)), tuple(gone))

    def _settle(
        self, found: Iterable[_Graded], ours: Mapping[str, int], wanted: Wanted
    ) -> tuple[dict[str, int | None], list[Kept], list[Gone]]:
        """Give each entry its grade; None for one that goes."""
        known = {self._form(wanted.server, tool) for tool in wanted.tools} | set(ours)
        theirs: dict[str, int] = {}
        for item, grade in found:
            if self._is_entry(item, wanted.server, ours):
                theirs[item] = max(grade, theirs.get(item, grade))
        final: dict[str, int | None] = dict(ours)
        kept, gone = list[Kept](), list[Gone]()
        for item, has in theirs.items():
            recommended = ours.get(item, self.unlisted)
            if item not in known:
                final[item] = has if has >= self.unlisted else None
                gone += [Gone(item, grade_word(has))] if has < self.unlisted else []
            elif has > recommended and not wanted.replace:
                final[item] = has
                kept.append(Kept(item, grade_word(has), grade_word(recommended)))
            else:
                final[item] = recommended
        return final, kept, gone

    def _edits(self, held: Mapping[str, Any], wanted: Wanted, final: Mapping[str, int | None]) -> Iterator[Edit]:
        for path, grade in self.lists:
            where = named(path, wanted.server)
            listed = look_up(held, where, list)
            if listed is None and look_up(wanted.value, where, list) is None:
                continue
            items = [item if isinstance(item, str) else None for item in listed or []]
            out = [at for at, item in enumerate(items) if item is not None and final.get(item, grade) != grade]
            yield from list_edits(where, listed, out, _without([k for k, v in final.items() if v == grade], items))

    def _items(self, value: Mapping[str, Any], server: str) -> Iterator[_Graded]:
        for path, grade in self.lists:
            for item in look_up(value, named(path, server), list) or []:
                if isinstance(item, str):
                    yield item, grade

    def _form(self, server: str, tool: str) -> str:
        return self.entry.replace(SERVER, server).replace(_TOOL, tool)

    def _tool_of(self, item: str, server: str) -> str | None:
        before, _, after = self.entry.replace(SERVER, server).partition(_TOOL)
        fits = len(item) >= len(before) + len(after) and item.startswith(before) and item.endswith(after)
        return item[len(before) : len(item) - len(after)] if fits else None

    def _is_entry(self, item: str, server: str, ours: Mapping[str, int]) -> bool:
        tool = self._tool_of(item, server)
        return item in ours or (tool is not None and not any(sign in tool for sign in self.wildcards))

    def _is_own_wildcard(self, item: str, server: str, ours: Mapping[str, int]) -> bool:
        """Tell whether a pattern is for this server alone."""
        if self._is_entry(item, server, ours):
            return False
        return self._tool_of(item, server) is not None or (
            self.whole is not None and item == self.whole.replace(SERVER, server)
        )

    def _wildcards(self, found: Iterable[_Graded], server: str, ours: Mapping[str, int]) -> Iterator[Wide]:
        """Give the patterns that let tools of this server pass."""
        reached = (self._form(server, "tool"), *ours)
        for item, grade in found:
            if grade != ALLOW or self._is_entry(item, server, ours):
                continue
            own = self._is_own_wildcard(item, server, ours)
            if own or _matches_any(item, reached):
                yield Wide(item, own)


def _without(items: Iterable[str], there: Iterable[str | None]) -> list[str]:
    present = set(there)
    return [item for item in items if item not in present]


def _matches_any(pattern: str, entries: Iterable[str]) -> bool:
    """Match a pattern; what stands before its first wildcard decides in most cases, and costs less."""
    head = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    near = [one for one in entries if one.startswith(head)]
    return len(head) < len(pattern) and any(fnmatchcase(one, pattern) for one in near)
