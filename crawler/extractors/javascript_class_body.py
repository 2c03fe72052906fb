"""What the body of a class holds, read once for all the names that are asked of it. Knows nothing of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crawler.extractors.javascript_text import arguments_of, short_text, text_of, unquoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

FIELDS = ("field_definition", "public_field_definition")
_MAX_STATEMENTS: Final = 500


@dataclass(frozen=True, slots=True)
class ClassBody:
    """A class's parts by name. `assigned` are the values that the constructor gives to fields of `this`."""

    base: Node | None
    constructor: Node | None
    members: Mapping[str, Node]
    assigned: Mapping[str, Node | None]
    parameter_properties: frozenset[str]  # as in `constructor(readonly name: string)`
    super_call: Node | None


def read_class(owner: Node) -> ClassBody:
    """Read a class's parts; of several that have one name the first that gives a value."""
    body = owner.child_by_field_name("body")
    children = body.named_children if body is not None else []
    constructor = next((child for child in children if _is_constructor(child)), None)
    expressions = _expressions(constructor) if constructor is not None else []
    assigned: dict[str, Node | None] = {}
    for expression in expressions:
        for name, value in _assignment(expression):
            assigned.setdefault(name, value)
    return ClassBody(
        base=base_of(owner),
        constructor=constructor,
        members=_members(children),
        assigned=assigned,
        parameter_properties=_parameter_properties(constructor),
        super_call=next((one for one in expressions if _is_super_call(one)), None),
    )


def base_of(owner: Node) -> Node | None:
    """Give the expression that a class extends."""
    heritage = next((child for child in owner.named_children if child.type == "class_heritage"), None)
    node = heritage.named_children[0] if heritage is not None and heritage.named_children else None
    return node.child_by_field_name("value") if node is not None and node.type == "extends_clause" else node


def _members(children: list[Node]) -> dict[str, Node]:
    members: dict[str, Node] = {}
    for child in children:
        key = child.child_by_field_name("property") or child.child_by_field_name("name")
        only_its_type = child.type in FIELDS and child.child_by_field_name("value") is None
        if key is not None and not only_its_type:
            members.setdefault(unquoted(key), child)
    return members


def _is_constructor(child: Node) -> bool:
    return child.type == "method_definition" and short_text(child.child_by_field_name("name")) == "constructor"


def _expressions(constructor: Node) -> list[Node]:
    block = constructor.child_by_field_name("body")
    statements = block.named_children if block is not None else []
    waiting = [one.named_children[0] for one in statements if one.type == "expression_statement" and one.named_children]
    waiting.reverse()
    expressions: list[Node] = []
    while waiting and len(expressions) < _MAX_STATEMENTS:
        one = waiting.pop()
        if one.type == "sequence_expression":  # compressed code has commas for semicolons
            waiting += reversed(one.named_children)
        else:
            expressions.append(one)
    return expressions


def _is_super_call(expression: Node) -> bool:
    function = expression.child_by_field_name("function") if expression.type == "call_expression" else None
    return function is not None and function.type == "super"


def _assignment(expression: Node) -> Iterator[tuple[str, Node | None]]:
    """Give name and value of `this.name = …` and of `defineProperty(this, "name", {value: …})`, as compilers write."""
    if expression.type == "assignment_expression":
        left = short_text(expression.child_by_field_name("left"))
        if left.startswith("this."):
            yield left.removeprefix("this."), expression.child_by_field_name("right")
    elif expression.type == "call_expression" and "defineProperty" in short_text(
        expression.child_by_field_name("function")
    ):
        given = arguments_of(expression)
        if len(given) == 3 and given[2].type == "object":
            yield unquoted(given[1]), _value_in(given[2])


def _value_in(descriptor: Node) -> Node | None:
    pairs = (one for one in descriptor.named_children if one.type == "pair")
    found = (one for one in pairs if unquoted(one.child_by_field_name("key")) == "value")
    return next((one.child_by_field_name("value") for one in found), None)


def _parameter_properties(constructor: Node | None) -> frozenset[str]:
    parameters = constructor.child_by_field_name("parameters") if constructor is not None else None
    return frozenset(
        text_of(child.child_by_field_name("pattern"))
        for child in (parameters.named_children if parameters is not None else ())
        if child.type in ("required_parameter", "optional_parameter")
        and any(part.type in ("accessibility_modifier", "readonly") for part in child.children)
    )
