"""The values that source alone can give: constants, functions, classes, calls of what is outside the package.

What cannot be known is UNKNOWN, never a guess.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_module import Module
from crawler.extractors.python_strings import read_string


@dataclass(frozen=True, slots=True)
class FunctionRef:
    """A function of the package as a value."""

    module: Module
    node: Node


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class of the package as a value; `made` when it stands for an instance."""

    module: Module
    node: Node
    made: bool = False


@dataclass(frozen=True, slots=True)
class CallValue:
    """A call of something outside the package, kept as what it was given."""

    callee: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PartialCall:
    """A function of the package with some of its arguments given already."""

    function: FunctionRef
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ServerPlace:
    """Where an object is made that is known by name only: its module, its function (-1 for none), its name there."""

    path: str
    owner: int
    name: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its module, the node it stands at, and what variables are bound to."""

    module: Module
    node: Node | None = None
    bound: Mapping[str, Any] = field(default_factory=dict)


def is_plain(value: Any) -> bool:
    """Tell a constant of JSON's kinds that is known throughout."""
    stack, seen = [value], 0
    while stack and seen < 50_000:
        one = stack.pop()
        seen += 1
        if isinstance(one, list):
            stack += one
        elif isinstance(one, dict):
            stack += [*one.keys(), *one.values()]
        elif one is not None and not isinstance(one, str | int | float):
            return False
    return not stack


def docstring_of(function: Node) -> str | None:
    """Give a function's or class's docstring as written, None when it has none."""
    body = function.child_by_field_name("body")
    first = next((child for child in body.named_children if child.type != "comment"), None) if body else None
    if first is None or first.type != "expression_statement" or not first.named_children:
        return None
    value = read_string(first.named_children[0], lambda _: UNKNOWN, UNKNOWN)
    return value if isinstance(value, str) else None
