"""Swift's expressions as all languages have them."""

from tree_sitter import Node

from crawler.extractors.dialect import Dialect, Lowering, text_of
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
    Table,
)
from crawler.extractors.literals import block, unescape

_MAX_LEFT = 2_000


def _text(dialect: Dialect, node: Node) -> Expression:
    """Put a text's pieces together; a raw text stands as it is."""
    if node.type == "raw_string_literal":
        text = text_of(node).strip("#")
        return Literal(block(text[3:-3]) if text.startswith('"""') else text[1:-1])
    margin = _margin(text_of(node)) if node.type == "multi_line_string_literal" else None
    parts: list[Expression] = []
    last = len(node.named_children) - 1
    for number, child in enumerate(node.named_children):
        if child.type == "interpolated_expression":
            parts.append(dialect.lower(next(iter(child.named_children), None)))
            continue
        text = text_of(child)
        if margin is not None:
            text = text.replace(f"\n{margin}", "\n")
            text = text.removeprefix("\n") if number == 0 else text
            text = text.removesuffix("\n") if number == last else text
        parts.append(Literal(unescape(text)))
    return parts[0] if len(parts) == 1 else Joined(tuple(parts)) if parts else Literal("")


def _margin(text: str) -> str:
    """Give the indentation of the closing quotes, which every line of a text block loses."""
    line = text.rpartition("\n")[2]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _call(dialect: Dialect, node: Node) -> Expression:
    callee = next(iter(node.named_children), None)
    suffix = next((child for child in node.named_children if child.type == "call_suffix"), None)
    if callee is None or suffix is None:
        return Opaque(text_of(node)[:200])
    given: list[Expression] = []
    named: list[tuple[str, Expression]] = []
    for child in suffix.named_children:
        if child.type == "lambda_literal":
            given.append(Lambda(child))
        for one in child.named_children if child.type == "value_arguments" else ():
            value = dialect.lower(one.child_by_field_name("value"))
            label = one.child_by_field_name("name")
            if label is None:
                given.append(value)
            else:
                named.append((text_of(label), value))
    lowered = dialect.lower(callee)
    return Call(lowered, tuple(given), tuple(named), (), node)


def _member(dialect: Dialect, node: Node) -> Expression:
    suffix = node.child_by_field_name("suffix")
    name = text_of(suffix).lstrip(".?!")
    of = dialect.lower(node.child_by_field_name("target"))
    # The raw value of a case is what the case evaluates to, and `T.self` is the type.
    return of if name in ("rawValue", "self") else Member(of, name)


def _implicit_member(_: Dialect, node: Node) -> Expression:
    target = node.child_by_field_name("target")
    return Name(text_of(target)) if target is not None else Opaque(text_of(node)[:200])


def _table(dialect: Dialect, node: Node) -> Expression:
    keys = node.children_by_field_name("key")
    values = node.children_by_field_name("value")
    return Table(tuple((dialect.lower(key), dialect.lower(value)) for key, value in zip(keys, values, strict=False)))


def _sum(dialect: Dialect, node: Node) -> Expression:
    parts: list[Expression] = []
    left: Node | None = node
    for _ in range(_MAX_LEFT):
        if left is None or left.type != "additive_expression" or text_of(left.child_by_field_name("op")) != "+":
            break
        parts.append(dialect.lower(left.child_by_field_name("rhs")))
        left = left.child_by_field_name("lhs")
    return Joined((dialect.lower(left), *reversed(parts))) if parts else Opaque(text_of(node)[:200])


def _choice(dialect: Dialect, node: Node) -> Expression:
    parts = [dialect.lower(node.child_by_field_name(name)) for name in ("condition", "if_true", "if_false")]
    return Choice(parts[0], parts[1], parts[2])


def _inner(dialect: Dialect, node: Node) -> Expression:
    inner = (
        node.child_by_field_name("expr") or node.child_by_field_name("value") or next(iter(node.named_children), None)
    )
    return dialect.lower(inner)


def _number(_: Dialect, node: Node) -> Expression:
    text = text_of(node).replace("_", "")
    try:
        return Literal(float(text) if node.type == "real_literal" else int(text, 0))
    except ValueError:
        return Opaque(text)


def _items(dialect: Dialect, node: Node) -> Expression:
    return Sequence(tuple(dialect.lower(child) for child in node.named_children if child.type != "comment"))


LOWERINGS: dict[str, Lowering] = {
    "line_string_literal": _text,
    "multi_line_string_literal": _text,
    "raw_string_literal": _text,
    "integer_literal": _number,
    "real_literal": _number,
    "boolean_literal": lambda _, node: Literal(text_of(node) == "true"),
    "nil": lambda _, __: Literal(None),
    "nil_literal": lambda _, __: Literal(None),
    "simple_identifier": lambda _, node: Name(text_of(node)),
    "self_expression": lambda _, node: Name(text_of(node)),
    "user_type": lambda _, node: Name(text_of(node)),
    "navigation_expression": _member,
    "prefix_expression": _implicit_member,
    "call_expression": _call,
    "constructor_expression": _call,
    "array_literal": _items,
    "dictionary_literal": _table,
    "additive_expression": _sum,
    "ternary_expression": _choice,
    "nil_coalescing_expression": _inner,
    "await_expression": _inner,
    "try_expression": _inner,
    "as_expression": _inner,
    "postfix_expression": _inner,
    "tuple_expression": _inner,
    "lambda_literal": lambda _, node: Lambda(node),
    "index_expression": lambda dialect, node: Item(
        dialect.lower(node.named_children[0]), dialect.lower(node.named_children[-1])
    ),
}
