"""Objects in a client's file that have a tool's name, or a pattern, as key; what a key says is graded by strictness.

Members that the policy does not speak of stay as they are, and where they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from clients.errors import DocumentError
from clients.merge_edits import Drop, Edit, Put
from clients.merge_plan import Gone, Kept, Plan, Wanted, grade_word, look_up, named

_ACTIONS = {"allow": 0, "ask": 1, "deny": 2}
_MARKS = {"__OC_GSS__": "*", "__OC_GS__": "*", "__OC_STAR__": "*", "__OC_Q__": "?"}


@dataclass(frozen=True, slots=True)
class GradedMembers:
    """Members by tool. `grades` ranks their values; `leaf` is a key below each; `only` the single key that counts."""

    path: tuple[str, ...]
    grades: Mapping[Any, int]
    leaf: str | None = None
    only: str | None = None

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Where the members stand."""
        return ((*self.path, self.only),) if self.only else (self.path,)

    def plan(self, held: Mapping[str, Any], wanted: Wanted) -> Plan:
        """Set what is looser than recommended, or not there."""
        path = named(self.path, wanted.server)
        ours = look_up(wanted.value, path, dict) or {}
        theirs = look_up(held, path, dict) or {}
        new: dict[str, Any] = {}
        edits: list[Edit] = []
        kept: list[Kept] = []
        for key, member in ours.items():
            if self.only not in (None, key):
                continue
            value = member[self.leaf] if self.leaf else member
            there = look_up(theirs, (key,), dict if self.leaf else object) if key in theirs else None
            has = there.get(self.leaf) if self.leaf and there is not None else there
            if type(has) is type(value) and has == value:
                continue
            if has is not None and self._is_stricter(has, value) and not wanted.replace:
                kept.append(Kept(key, str(has), str(value)))
            elif self.leaf and there is not None:
                edits.append(Put((*path, key), {self.leaf: value}))
            else:
                new[key] = member
        return Plan((*edits, *([Put(path, new)] if new else [])), tuple(kept))

    def _is_stricter(self, has: Any, value: Any) -> bool:
        """Compare; what nobody knows may be stricter."""
        known = isinstance(has, str | bool) and has in self.grades
        return not known or self.grades[has] > self.grades[value]


@dataclass(frozen=True, slots=True)
class OrderedPatterns:
    """An object whose keys are patterns, and the last one that matches a tool decides."""

    path: tuple[str, ...]

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Where the patterns stand."""
        return (self.path,)

    def plan(self, held: Mapping[str, Any], wanted: Wanted) -> Plan:
        """Set the server's keys, and put them behind what would decide instead of them."""
        ours: dict[str, str] = look_up(wanted.value, self.path, dict) or {}
        theirs = look_up(held, self.path, dict) or {}
        final: dict[str, str] = {}
        kept: list[Kept] = []
        for key, action in ours.items():
            # A whole server's pattern stands for tools that nobody has named yet.
            has = _decides(theirs, key.replace("*", "a tool that nobody listed"))
            if has is not None and _ACTIONS[has] > _ACTIONS[action] and not wanted.replace:
                final[key] = has
                kept.append(Kept(key, has, action))
            else:
                final[key] = action
        changed = {key: action for key, action in final.items() if theirs.get(key) != action}
        edits: tuple[Edit, ...] = (Put(self.path, changed),) if changed else ()
        after = {**theirs, **changed}
        if not _holds(after, final):
            present = tuple(key for key in final if key in theirs)
            edits = (*([Drop(self.path, present)] if present else []), Put(self.path, final))
            after = {**{key: action for key, action in theirs.items() if key not in final}, **final}
        return Plan(edits, tuple(kept), gone=tuple(_overruled(theirs, after, ours)))


def _overruled(theirs: Mapping[str, Any], after: Mapping[str, Any], ours: Mapping[str, str]) -> Iterator[Gone]:
    """Find keys of tools that the policy does not name, and that its pattern for the whole server now decides about."""
    begins = tuple(key.removesuffix("*") for key in ours if key.endswith("*"))
    for key in theirs:
        if begins and key.startswith(begins) and key not in ours and "*" not in key:
            had = _decides(theirs, key)
            if had is not None and had != _decides(after, key):
                yield Gone(key, had)


def _holds(patterns: Mapping[str, Any], final: Mapping[str, str]) -> bool:
    return all(_decides(patterns, key.replace("*", "a tool that nobody listed")) == final[key] for key in final)


def _decides(patterns: Mapping[str, Any], name: str) -> str | None:
    for pattern, action in reversed(list(patterns.items())):
        if _matches(pattern, name):
            if not isinstance(action, str) or action not in _ACTIONS:
                words = ", ".join(map(grade_word, range(3)))
                raise DocumentError(f"expected {pattern[:60]!a} to be one of {words}")
            return action
    return None


def _matches(pattern: str, name: str) -> bool:
    for mark, wildcard in _MARKS.items():
        pattern = pattern.replace(mark, wildcard)
    return fnmatchcase(name.lower(), pattern.lower().replace("[", "[[]"))
