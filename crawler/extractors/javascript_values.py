"""The values of JavaScript expressions that are no JSON: what is unknown, functions, classes, modules.

Only records; what an expression is worth is found out by javascript_evaluator.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from crawler.extractors.evaluation import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from crawler.extractors.javascript_module import Module


LEFT_OUT: Final = "…"
_MAX_LOOKED_AT: Final = 50
_MAX_LOOKED_INTO: Final = 3


@dataclass(frozen=True, slots=True)
class PartialText:
    """A text some of which is put in at run time; `known` has an ellipsis there. Good for a description only."""

    known: str


class OpenObject(dict[str, Any]):
    """An object that has more keys than those known: something was spread into it that is not known."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its module, and the values that names are bound to around it."""

    module: Module
    bound: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of the package as a value, with what was bound where it was made."""

    scope: Scope
    node: Node


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A class of the package as a value, or an instance of it made with `arguments`."""

    scope: Scope
    node: Node
    arguments: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class NamespaceValue:
    """A module of the package as a value."""

    module: Module


def fingerprint(value: Any, depth: int = 0) -> object:
    """Give what tells values apart without looking through all of them; equal ones may be taken for unlike."""
    if isinstance(value, FunctionValue | ClassValue):
        given = value.arguments if isinstance(value, ClassValue) else tuple(value.scope.bound.values())
        inner = tuple(fingerprint(one, depth + 1) for one in given or ()) if depth < _MAX_LOOKED_INTO else ()
        return (value.scope.module.path, value.node.id, inner)
    if isinstance(value, dict) and len(value) <= _MAX_LOOKED_AT and depth < _MAX_LOOKED_INTO:
        return tuple((key, fingerprint(one, depth + 1)) for key, one in value.items())
    return value if isinstance(value, str | int | float | None) else id(value)


def is_known(value: Any, depth: int = 0) -> bool:
    """Tell a value that says something from one that is unknown, or made of what is unknown."""
    if isinstance(value, dict) and value and depth < _MAX_LOOKED_INTO:
        return any(is_known(one, depth + 1) for one in value.values())
    return value is not UNKNOWN and value is not None
