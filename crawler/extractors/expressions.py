"""Expressions as all languages have them, and what evaluating one can give; each dialect lowers its syntax to these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from crawler.extractors.codebase import Module

# --- Expressions


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, truth value or nothing."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """A bare name."""

    text: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of something: a.b, a::b, a->b, a?.b."""

    of: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item of something: a[b]."""

    of: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, array, slice or set."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A map; a key that is Spread brings all entries of the map beside it."""

    entries: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """All items of a list where one is expected."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts put together: by plus, by interpolation, or by standing side by side."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of two, by a condition."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A call, a construction, or a literal of a named type; `types` are explicit type arguments."""

    callee: Expression
    args: tuple[Expression, ...] = ()
    named: tuple[tuple[str, Expression], ...] = ()
    types: tuple[str, ...] = ()
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Lambda:
    """A function written in place."""

    node: Node


@dataclass(frozen=True, slots=True)
class Opaque:
    """What is not understood, with its text."""

    text: str = ""


Expression = Literal | Name | Member | Item | Sequence | Table | Spread | Joined | Choice | Call | Lambda | Opaque

# --- Values: text, numbers, truth values, None, lists, dicts with text keys, and these


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name that stands for itself: a type, a package, an enum member of a library."""

    text: str

    @property
    def last(self) -> str:
        """The part after the last dot."""
        return self.text.rsplit(".", 1)[-1]


@dataclass(frozen=True, slots=True)
class Unbound:
    """A parameter of the function that is looked at, whose callers give the value."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A call that is kept as data: a constructor's name and arguments. `owner` is the value it was called on."""

    name: str
    owner: Any
    args: list[Any]
    named: Mapping[str, Any]
    types: tuple[str, ...]
    node: Node | None
    scope: Scope

    def chain(self) -> list[Record]:
        """Give the calls of a fluent builder from the first to this one."""
        links = [self]
        while isinstance(links[-1].owner, Record) and len(links) < MAX_CHAIN:
            links.append(links[-1].owner)
        return links[::-1]


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """A function as a value; `node` is its definition."""

    node: Node
    scope: Scope


Value = Any
MAX_CHAIN = 200


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Where an expression stands: its file, the function and class around it, and parameters that are known.

    Only what is assigned before the byte `before` is seen of a function's own names.
    """

    module: Module
    function: Node | None = None
    owner: str = ""
    bound: Mapping[str, Value] = field(default_factory=dict)
    before: int = 1 << 62


# --- Declarations


@dataclass(frozen=True, slots=True)
class Parameter:
    """A function's parameter. `type` is its text; `node` holds annotations and comments, where there are any."""

    name: str
    type: str = ""
    default: Expression | None = None
    variadic: bool = False
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A name given a value, in a function.

    `grows` adds to what the name held (append, +=); with a `path` only a part of what it holds is set (a.b["c"] = x);
    `mutates` says that `value` is a call that is given the name and changes what it holds; what is `late` is one object
    under two names, and counts as it is where the name is read.
    """

    name: str
    value: Expression
    start: int
    grows: bool = False
    conditional: bool = False
    path: tuple[Expression, ...] = ()
    mutates: bool = False
    late: bool = False
    condition: Expression | None = None  # what must hold for it, where the language gives it


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop over the items of something.

    One name gets the item; of two the first gets the key, unless the loop `unpacks` each item into its names.
    """

    names: tuple[str, ...]
    over: Expression
    start: int
    end: int
    unpacks: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """What a function takes, assigns, loops over, returns, and calls for its effect; nested functions are left out.

    A call of one of the object's own methods, as a statement, is an assignment to "this"; of its base's constructor
    one to "super".
    """

    parameters: tuple[Parameter, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    returns: tuple[Expression, ...] = ()
    loops: tuple[Loop, ...] = ()
    calls: tuple[Expression, ...] = ()
    types: tuple[str, ...] = ()  # type parameters, where they can be read as values


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a type. `tag` is what the language hangs on it: a struct tag's text, or nothing."""

    name: str
    type: str
    tag: str = ""
    doc: str = ""
    default: Expression | None = None
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class TypeBody:
    """A type's fields in order, what it embeds or extends, and its members when it is an enum."""

    fields: tuple[Field, ...] = ()
    bases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
