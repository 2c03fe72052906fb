"""Kotlin's expressions lowered to the shared ones; blocks that build JSON become the map or list that they build."""

import re
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
    Spread,
    Table,
)
from crawler.extractors.kotlin_blocks import arguments, built_list, built_table, call_parts, child_of, dotted, lambda_of
from crawler.extractors.literals import unescape

if TYPE_CHECKING:
    from crawler.extractors.kotlin_syntax import KotlinDialect

_NAME = re.compile(r"\$([^\W\d]\w*)")
_MAX_LEFT = 2_000
_TABLES = frozenset(("buildJsonObject", "buildMap", "putJsonObject", "addJsonObject", "jsonObject"))
_LISTS = frozenset(("buildJsonArray", "buildList", "buildSet", "putJsonArray", "addJsonArray", "jsonArray"))
_CONSTANTS = {"true": True, "false": False, "null": None}


def annotation_call(dialect: "KotlinDialect", node: Node) -> Call | None:
    """Give an annotation as a call; its first unnamed value is named `value`."""
    made = next((one for one in node.named_children if one.type in ("constructor_invocation", "user_type")), None)
    if made is None:
        return None
    if made.type == "user_type":
        return Call(dotted(text_of(made)), (), (), (), node)
    call = _constructed(dialect, made)
    first = (("value", call.args[0]),) if len(call.args) == 1 else (("value", Sequence(call.args)),)
    return Call(call.callee, (), (*call.named, *(first if call.args else ())), (), node)


def _constructed(dialect: "KotlinDialect", node: Node) -> Call:
    type_ = child_of(node, "user_type")
    given, named = arguments(dialect, child_of(node, "value_arguments"))
    listed = child_of(type_, "type_arguments")
    types = tuple(text_of(one) for one in listed.named_children) if listed is not None else ()
    return Call(dotted(text_of(type_).partition("<")[0]), given, named, types, node)


def base_call(dialect: "KotlinDialect", node: Node) -> Call:
    """Give the call of a base's constructor that stands in a class's head."""
    return _constructed(dialect, node)


def _lower_call(dialect: "KotlinDialect", node: Node) -> Expression:
    callee, listed, values, block = call_parts(node)
    if callee is None:
        return Opaque()
    given, named = arguments(dialect, values)
    name = text_of(callee).rpartition(".")[2]
    statements = lambda_of(block).named_children if lambda_of(block) is not None else None  # type: ignore[union-attr]
    if statements is not None and name in _TABLES | _LISTS:
        built = built_table(dialect, statements) if name in _TABLES else built_list(dialect, statements)
        return Table(((given[0], built),)) if name.startswith("put") and given else built
    lowered = dialect.lower(callee)
    if name == "put" and len(given) == 2 and isinstance(lowered, Name):
        return Table(((given[0], given[1]),))
    if statements is not None and name == "apply" and isinstance(lowered, Member):
        grown = built_table(dialect, statements)
        if isinstance(grown, Table) and grown.entries:
            return Call(Member(lowered.of, "putAll"), (grown,), (), (), node)
    if block is not None and lambda_of(block) is not None:
        given = (*given, Lambda(lambda_of(block)))  # type: ignore[arg-type]
    types = tuple(text_of(one) for one in listed.named_children) if listed is not None else ()
    return Call(lowered, given, named, types, node)


def _lower_text(dialect: "KotlinDialect", node: Node) -> Expression:
    parts: list[Expression] = []
    plain = ""
    for one in node.named_children:
        if one.type == "string_content":
            plain += text_of(one)
            continue
        parts += _interpolated(plain)
        plain = ""
        if one.type == "interpolation":
            parts.append(dialect.lower(next(iter(one.named_children), None)))
        else:
            parts.append(Literal(unescape(text_of(one))))
    parts += _interpolated(plain)
    texts = [part.value for part in parts if isinstance(part, Literal) and isinstance(part.value, str)]
    return Literal("".join(texts)) if len(texts) == len(parts) else Joined(tuple(parts))


def _interpolated(text: str) -> list[Expression]:
    """Give a piece of text, with the names in it that the grammar takes for text where no brace is around them."""
    pieces = _NAME.split(text)
    return [Name(piece) if number % 2 else Literal(piece) for number, piece in enumerate(pieces) if piece]


def _lower_character(_: "KotlinDialect", node: Node) -> Expression:
    return Literal(unescape(text_of(node)[1:-1]))


def _lower_number(_: "KotlinDialect", node: Node) -> Expression:
    text = text_of(node).replace("_", "").rstrip("LlUufF")
    try:
        return Literal(float(text) if "." in text else int(text, 0))
    except ValueError:
        return Opaque(text)


def _lower_name(_: "KotlinDialect", node: Node) -> Expression:
    text = text_of(node).strip("`")
    return Literal(_CONSTANTS[text]) if text in _CONSTANTS else Name(text)


def _lower_member(dialect: "KotlinDialect", node: Node) -> Expression:
    if len(node.named_children) < 2:
        return Opaque()
    first, last = node.named_children[0], text_of(node.named_children[-1]).strip("`")
    if last == "class" and any(one.type == "::" for one in node.children):
        return Call(Name("class"), (), (), (text_of(first),), node)
    of = dialect.lower(first)
    if isinstance(of, Call) and of.callee == Name("class"):
        return of if last in ("java", "javaObjectType") else Call(Member(of, last), (), (), (), node)
    return Member(of, last)


def _lower_binary(dialect: "KotlinDialect", node: Node) -> Expression:
    parts: list[Expression] = []
    left: Node | None = node
    for _ in range(_MAX_LEFT):
        if left is None or left.type != "binary_expression" or text_of(left.child_by_field_name("operator")) != "+":
            break
        parts.append(dialect.lower(left.child_by_field_name("right")))
        left = left.child_by_field_name("left")
    if parts:
        return Joined((dialect.lower(left), *reversed(parts)))
    operator = text_of(node.child_by_field_name("operator"))
    if operator in ("?:", "==", "!="):
        given = (dialect.lower(node.child_by_field_name(side)) for side in ("left", "right"))
        return Call(Name(operator), tuple(given), (), (), node)
    return Opaque(text_of(node)[:200])


def _lower_infix(dialect: "KotlinDialect", node: Node) -> Expression:
    parts = node.named_children
    if len(parts) == 3 and text_of(parts[1]) == "to":
        return Sequence((dialect.lower(parts[0]), dialect.lower(parts[2])))
    return Opaque(text_of(node)[:200])


def _lower_choice(dialect: "KotlinDialect", node: Node) -> Expression:
    condition = node.child_by_field_name("condition")
    rest = [one for one in node.named_children if one != condition]
    if len(rest) < 2:
        return Opaque()
    return Choice(dialect.lower(condition), dialect.lower(rest[0]), dialect.lower(rest[1]))


def _lower_inner(dialect: "KotlinDialect", node: Node) -> Expression:
    inner = node.child_by_field_name("left") or node.child_by_field_name("argument")
    return dialect.lower(inner or next(iter(node.named_children), None))


def _lower_unary(dialect: "KotlinDialect", node: Node) -> Expression:
    inner = dialect.lower(node.child_by_field_name("argument"))
    operator = text_of(node.child_by_field_name("operator"))
    if operator == "!!":
        return inner
    if operator == "!":
        return Call(Name("!"), (inner,), (), (), node)
    number = inner.value if isinstance(inner, Literal) else None
    if operator == "-" and isinstance(number, int | float) and not isinstance(number, bool):
        return Literal(-number)
    return Opaque(text_of(node)[:200])


def _lower_block(dialect: "KotlinDialect", node: Node) -> Expression:
    return dialect.lower(node.named_children[-1]) if len(node.named_children) == 1 else Opaque()


def _lower_items(dialect: "KotlinDialect", node: Node) -> Expression:
    return Sequence(tuple(dialect.lower(one) for one in node.named_children if "comment" not in one.type))


def _lower_item(dialect: "KotlinDialect", node: Node) -> Expression:
    if len(node.named_children) < 2:
        return Opaque()
    return Item(dialect.lower(node.named_children[0]), dialect.lower(node.named_children[1]))


def _lower_spread(dialect: "KotlinDialect", node: Node) -> Expression:
    return Spread(_lower_inner(dialect, node))


LOWERINGS: dict[str, Lowering] = {
    "string_literal": _lower_text,
    "multiline_string_literal": _lower_text,
    "character_literal": _lower_character,
    "number_literal": _lower_number,
    "float_literal": _lower_number,
    "identifier": _lower_name,
    "this_expression": lambda _, __: Name("this"),
    "super_expression": lambda _, __: Name("super"),
    "navigation_expression": _lower_member,
    "call_expression": _lower_call,
    "binary_expression": _lower_binary,
    "infix_expression": _lower_infix,
    "if_expression": _lower_choice,
    "unary_expression": _lower_unary,
    "parenthesized_expression": _lower_inner,
    "as_expression": _lower_inner,
    "annotated_expression": _lower_inner,
    "block": _lower_block,
    "collection_literal": _lower_items,
    "index_expression": _lower_item,
    "spread_expression": _lower_spread,
    "lambda_literal": lambda _, node: Lambda(node),
}
