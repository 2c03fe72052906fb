"""Go's expressions as all languages have them."""

from tree_sitter import Node

from crawler.extractors.codebase import enclosing
from crawler.extractors.dialect import Dialect, Lowering, text_of
from crawler.extractors.expressions import (
    Call,
    Expression,
    Item,
    Joined,
    Lambda,
    Literal,
    Member,
    Name,
    Opaque,
    Sequence,
    Spread,
    Table,
)
from crawler.extractors.literals import unescape

_MAX_LEFT = 2_000


def _lower_text(_: Dialect, node: Node) -> Expression:
    text = text_of(node)
    return Literal(text[1:-1].replace("\r", "") if text.startswith("`") else unescape(text[1:-1]))


def _lower_number(_: Dialect, node: Node) -> Expression:
    text = text_of(node).replace("_", "")
    try:
        return Literal(int(text, 0) if node.type == "int_literal" else float(text))
    except ValueError:
        return Opaque(text)


def _lower_call(dialect: Dialect, node: Node) -> Expression:
    callee = node.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    types = node.child_by_field_name("type_arguments")
    if callee is None or arguments is None:
        return Opaque(text_of(node)[:200])
    given = tuple(dialect.lower(child) for child in arguments.named_children if child.type != "comment")
    texts = [text_of(one) for one in types.named_children] if types is not None else []
    if callee.type in ("type_instantiation_expression", "index_expression"):
        first, *rest = callee.named_children
        callee, texts = first, [text_of(one) for one in rest]
    return Call(dialect.lower(callee), given, (), tuple(texts), node)


def _lower_composite(dialect: Dialect, node: Node) -> Expression:
    type_, body = node.child_by_field_name("type"), node.child_by_field_name("body")
    if type_ is None or body is None:
        return Opaque()
    return _literal_value(dialect, type_, body, node)


def _literal_value(dialect: Dialect, type_: Node, body: Node, node: Node) -> Expression:
    """Give a literal's body as its type says; inside a list or map the type of the elements may be left out."""
    elements = [child for child in body.named_children if child.type != "comment"]
    if type_.type in ("slice_type", "array_type", "implicit_length_array_type"):
        inner = type_.child_by_field_name("element")
        return Sequence(tuple(_element(dialect, _value_in(one), inner) for one in elements))
    if type_.type == "map_type":
        inner = type_.child_by_field_name("value")
        pairs = [(one.child_by_field_name("key"), one.child_by_field_name("value")) for one in elements]
        return Table(
            tuple(
                (_element(dialect, key, None), _element(dialect, value, inner)) for key, value in pairs if key and value
            )
        )
    named = tuple(
        (text_of(one.child_by_field_name("key")), _element(dialect, one.child_by_field_name("value"), None))
        for one in elements
        if one.type == "keyed_element"
    )
    given = tuple(_element(dialect, one, None) for one in elements if one.type != "keyed_element")
    return Call(dialect.lower(type_), given, named, (), node)


def _lower_elided(dialect: Dialect, node: Node) -> Expression:
    """Give an element whose type stands only at the list or map around it."""
    outer = enclosing(node, frozenset(("composite_literal",)))
    type_ = outer.child_by_field_name("type") if outer is not None else None
    inner = type_.child_by_field_name("element") or type_.child_by_field_name("value") if type_ is not None else None
    while inner is not None and inner.type == "pointer_type":
        inner = next(iter(inner.named_children), None)
    return _literal_value(dialect, inner, node, node) if inner is not None else Opaque()


def _value_in(element: Node) -> Node | None:
    return element.child_by_field_name("value") if element.type == "keyed_element" else element


def _element(dialect: Dialect, element: Node | None, type_: Node | None) -> Expression:
    inner = next(iter(element.named_children), None) if element is not None else None
    if inner is None:
        return Opaque()
    if inner.type != "literal_value":
        return dialect.lower(inner)
    while type_ is not None and type_.type == "pointer_type":
        type_ = next(iter(type_.named_children), None)
    return _literal_value(dialect, type_, inner, inner) if type_ is not None else Opaque()


def _lower_binary(dialect: Dialect, node: Node) -> Expression:
    parts: list[Expression] = []
    left: Node | None = node
    for _ in range(_MAX_LEFT):
        if left is None or left.type != "binary_expression" or text_of(left.child_by_field_name("operator")) != "+":
            break
        right = left.child_by_field_name("right")
        parts.append(dialect.lower(right) if right is not None else Opaque())
        left = left.child_by_field_name("left")
    if not parts or left is None:
        return Opaque(text_of(node)[:200])
    return Joined((dialect.lower(left), *reversed(parts)))


def _lower_inner(dialect: Dialect, node: Node) -> Expression:
    if node.type == "unary_expression" and text_of(node.child_by_field_name("operator")) not in ("&", "*"):
        return Opaque(text_of(node)[:200])
    inner = node.child_by_field_name("operand") or next(iter(node.named_children), None)
    return dialect.lower(inner) if inner is not None else Opaque()


def _lower_member(dialect: Dialect, node: Node) -> Expression:
    of = node.child_by_field_name("operand") or node.child_by_field_name("package")
    name = node.child_by_field_name("field") or node.child_by_field_name("name")
    return Member(dialect.lower(of), text_of(name)) if of is not None else Opaque()


def _lower_item(dialect: Dialect, node: Node) -> Expression:
    of, key = node.child_by_field_name("operand"), node.child_by_field_name("index")
    return Item(dialect.lower(of), dialect.lower(key)) if of is not None and key is not None else Opaque()


def _lower_spread(dialect: Dialect, node: Node) -> Expression:
    return Spread(_lower_inner(dialect, node))


def _lower_conversion(dialect: Dialect, node: Node) -> Expression:
    inner = node.child_by_field_name("operand")
    return dialect.lower(inner) if inner is not None else Opaque()


LOWERINGS: dict[str, Lowering] = {
    "interpreted_string_literal": _lower_text,
    "raw_string_literal": _lower_text,
    "int_literal": _lower_number,
    "float_literal": _lower_number,
    "true": lambda _, __: Literal(value=True),
    "false": lambda _, __: Literal(value=False),
    "nil": lambda _, __: Literal(None),
    "identifier": lambda _, node: Name(text_of(node)),
    "package_identifier": lambda _, node: Name(text_of(node)),
    "type_identifier": lambda _, node: Name(text_of(node)),
    "field_identifier": lambda _, node: Name(text_of(node)),
    "selector_expression": _lower_member,
    "qualified_type": _lower_member,
    "generic_type": _lower_inner,
    "call_expression": _lower_call,
    "composite_literal": _lower_composite,
    "literal_value": _lower_elided,
    "binary_expression": _lower_binary,
    "unary_expression": _lower_inner,
    "parenthesized_expression": _lower_inner,
    "expression_list": _lower_inner,
    "literal_element": _lower_inner,
    "index_expression": _lower_item,
    "variadic_argument": _lower_spread,
    "type_conversion_expression": _lower_conversion,
    "type_assertion_expression": _lower_conversion,
    "func_literal": lambda _, node: Lambda(node),
}
