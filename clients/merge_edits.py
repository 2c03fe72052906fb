"""Changes to a document, whatever its language: what is put, dropped, added and removed where, and nothing else.

How a change is written into a text is in merge_json.py and merge_toml.py; here it is applied to plain values, so that
each written text can be held against what it should say.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

KeyPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Put:
    """Set members of the object at a path; the object and those around it are made where they are missing."""

    path: KeyPath
    members: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drop:
    """Take members out of the object at a path."""

    path: KeyPath
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Add:
    """Put items at the end of the list at a path; the list is made where it is missing."""

    path: KeyPath
    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Remove:
    """Take items out of the list at a path, by their places in it."""

    path: KeyPath
    places: frozenset[int]


Edit = Put | Drop | Add | Remove


def apply_edits(value: Mapping[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """Give the value that a document has once it is edited."""
    whole = copy.deepcopy(dict(value))
    for edit in edits:
        _apply(whole, edit)
    return whole


def list_edits(path: KeyPath, held: list[Any] | None, out: Iterable[int], into: Iterable[Any]) -> tuple[Edit, ...]:
    """Give the edits of one list; one that is missing is made, be it empty."""
    places, items = frozenset(out), tuple(into)
    removed: tuple[Edit, ...] = (Remove(path, places),) if places else ()
    return (*removed, Add(path, items)) if items or held is None else removed


def _apply(whole: dict[str, Any], edit: Edit) -> None:
    if isinstance(edit, Put):
        _object(whole, edit.path).update(copy.deepcopy(dict(edit.members)))
    elif isinstance(edit, Drop):
        for key in edit.keys:
            del _object(whole, edit.path)[key]
    elif isinstance(edit, Add):
        _object(whole, edit.path[:-1]).setdefault(edit.path[-1], []).extend(copy.deepcopy(edit.items))
    else:
        listed = _object(whole, edit.path[:-1])[edit.path[-1]]
        listed[:] = [item for at, item in enumerate(listed) if at not in edit.places]


def _object(whole: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    for key in path:
        whole = whole.setdefault(key, {})
    return whole
