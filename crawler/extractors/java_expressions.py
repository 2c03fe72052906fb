"""Java's expressions lowered to the shared ones."""

from typing import TYPE_CHECKING

from tree_sitter import Node

from crawler.extractors.dialect import Lowering, text_of
from crawler.extractors.expressions import (
    Call,
    Choice,
    Expression,
    Item,
    Joined,
    Lambda,
    Literal,
    Member,
    Name,
    Opaque,
    Sequence,
)
from crawler.extractors.jvm_growth import initialised
from crawler.extractors.literals import block, unescape

if TYPE_CHECKING:
    from crawler.extractors.java_syntax import JavaDialect

_MAX_LEFT = 2_000


def annotation_call(dialect: "JavaDialect", node: Node) -> Call | None:
    """Give an annotation as a call; its one unnamed value is named `value`."""
    if node.type not in ("annotation", "marker_annotation"):
        return None
    named: list[tuple[str, Expression]] = []
    arguments = node.child_by_field_name("arguments")
    for one in arguments.named_children if arguments is not None else ():
        if one.type == "element_value_pair":
            named.append((text_of(one.child_by_field_name("key")), dialect.lower(one.child_by_field_name("value"))))
        elif "comment" not in one.type:
            named.append(("value", dialect.lower(one)))
    return Call(_dotted(text_of(node.child_by_field_name("name"))), (), tuple(named), (), node)


def _dotted(text: str) -> Expression:
    first, *rest = text.split(".")
    expression: Expression = Name(first)
    for name in rest:
        expression = Member(expression, name)
    return expression


def _lower_annotation(dialect: "JavaDialect", node: Node) -> Expression:
    return annotation_call(dialect, node) or Opaque()


def _lower_text(_: "JavaDialect", node: Node) -> Expression:
    text = text_of(node)
    if text.startswith('"""'):
        lines = block(text[3:-3]).split("\n")
        return Literal(unescape("\n".join([*(line.rstrip(" \t") for line in lines[:-1]), lines[-1]])))
    return Literal(unescape(text[1:-1]))


def _lower_number(_: "JavaDialect", node: Node) -> Expression:
    text = text_of(node).replace("_", "")
    try:
        if node.type == "decimal_floating_point_literal":
            return Literal(float(text.rstrip("fFdD")))
        return Literal(int(text.rstrip("lL"), 0))
    except ValueError:
        return Opaque(text)


def _lower_call(dialect: "JavaDialect", node: Node) -> Expression:
    name, of = text_of(node.child_by_field_name("name")), node.child_by_field_name("object")
    callee: Expression = Member(dialect.lower(of), name) if of is not None else Name(name)
    types = node.child_by_field_name("type_arguments")
    texts = tuple(text_of(one) for one in types.named_children) if types is not None else ()
    return Call(callee, _arguments(dialect, node), (), texts, node)


def _lower_creation(dialect: "JavaDialect", node: Node) -> Expression:
    type_ = node.child_by_field_name("type")
    if type_ is None:
        return Opaque()
    types: tuple[str, ...] = ()
    if type_.type == "generic_type":
        listed = next((one for one in type_.named_children if one.type == "type_arguments"), None)
        types = tuple(text_of(one) for one in listed.named_children) if listed is not None else ()
    call = Call(_dotted(text_of(type_).partition("<")[0]), _arguments(dialect, node), (), types, node)
    body = next((one for one in node.named_children if one.type == "class_body"), None)
    statements = [
        dialect.lower(statement.named_children[0])
        for inner in (body.named_children if body is not None else ())
        if inner.type == "block"
        for statement in inner.named_children
        if statement.type == "expression_statement" and statement.named_children
    ]
    return initialised(call, statements) if statements else call


def _lower_construction(dialect: "JavaDialect", node: Node) -> Expression:
    return Call(Name(text_of(node.child_by_field_name("constructor"))), _arguments(dialect, node), (), (), node)


def _arguments(dialect: "JavaDialect", node: Node) -> tuple[Expression, ...]:
    arguments = node.child_by_field_name("arguments")
    given = arguments.named_children if arguments is not None else []
    return tuple(dialect.lower(one) for one in given if "comment" not in one.type)


def _lower_member(dialect: "JavaDialect", node: Node) -> Expression:
    of = node.child_by_field_name("object") or node.child_by_field_name("scope")
    name = node.child_by_field_name("field") or node.child_by_field_name("name")
    return Member(dialect.lower(of), text_of(name))


def _lower_binary(dialect: "JavaDialect", node: Node) -> Expression:
    parts: list[Expression] = []
    left: Node | None = node
    for _ in range(_MAX_LEFT):
        if left is None or left.type != "binary_expression" or text_of(left.child_by_field_name("operator")) != "+":
            break
        parts.append(dialect.lower(left.child_by_field_name("right")))
        left = left.child_by_field_name("left")
    operator = text_of(node.child_by_field_name("operator"))
    if not parts and operator in ("==", "!="):
        sides = (dialect.lower(node.child_by_field_name(side)) for side in ("left", "right"))
        return Call(Name(operator), tuple(sides), (), (), node)
    if not parts:
        return Opaque(text_of(node)[:200])
    return Joined((dialect.lower(left), *reversed(parts)))


def _lower_choice(dialect: "JavaDialect", node: Node) -> Expression:
    parts = (node.child_by_field_name(name) for name in ("condition", "consequence", "alternative"))
    return Choice(*(dialect.lower(part) for part in parts))


def _lower_unary(dialect: "JavaDialect", node: Node) -> Expression:
    inner = dialect.lower(node.child_by_field_name("operand"))
    if text_of(node.child_by_field_name("operator")) == "-" and isinstance(inner, Literal):
        value = inner.value
        return Literal(-value) if isinstance(value, int | float) and not isinstance(value, bool) else Opaque()
    if text_of(node.child_by_field_name("operator")) == "!":
        return Call(Name("!"), (inner,), (), (), node)
    return Opaque(text_of(node)[:200])


def _lower_inner(dialect: "JavaDialect", node: Node) -> Expression:
    inner = node.child_by_field_name("value") or next(iter(node.named_children), None)
    return dialect.lower(inner)


def _lower_items(dialect: "JavaDialect", node: Node) -> Expression:
    given = node.child_by_field_name("value") if node.type == "array_creation_expression" else node
    if given is None:
        return Opaque()
    return Sequence(tuple(dialect.lower(one) for one in given.named_children if "comment" not in one.type))


def _lower_item(dialect: "JavaDialect", node: Node) -> Expression:
    return Item(dialect.lower(node.child_by_field_name("array")), dialect.lower(node.child_by_field_name("index")))


def _lower_class(_: "JavaDialect", node: Node) -> Expression:
    return Call(Name("class"), (), (), (text_of(node).removesuffix(".class"),), node)


LOWERINGS: dict[str, Lowering] = {
    "string_literal": _lower_text,
    "character_literal": _lower_text,
    "decimal_integer_literal": _lower_number,
    "hex_integer_literal": _lower_number,
    "decimal_floating_point_literal": _lower_number,
    "true": lambda _, __: Literal(value=True),
    "false": lambda _, __: Literal(value=False),
    "null_literal": lambda _, __: Literal(None),
    "identifier": lambda _, node: Name(text_of(node)),
    "type_identifier": lambda _, node: Name(text_of(node)),
    "this": lambda _, __: Name("this"),
    "super": lambda _, __: Name("super"),
    "field_access": _lower_member,
    "scoped_identifier": _lower_member,
    "method_invocation": _lower_call,
    "object_creation_expression": _lower_creation,
    "explicit_constructor_invocation": _lower_construction,
    "binary_expression": _lower_binary,
    "ternary_expression": _lower_choice,
    "unary_expression": _lower_unary,
    "parenthesized_expression": _lower_inner,
    "cast_expression": _lower_inner,
    "array_initializer": _lower_items,
    "element_value_array_initializer": _lower_items,
    "array_creation_expression": _lower_items,
    "array_access": _lower_item,
    "lambda_expression": lambda _, node: Lambda(node),
    "class_literal": _lower_class,
    "annotation": _lower_annotation,
    "marker_annotation": _lower_annotation,
}
