"""Dart's expressions as all languages have them: its grammar lays a name, its members and its calls side by side."""

from collections.abc import Iterator

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
    Spread,
    Table,
)
from crawler.extractors.literals import unescape

_SELECTORS = frozenset(("selector", "unconditional_assignable_selector", "conditional_assignable_selector"))
_IGNORED = frozenset(("const_builtin", "new_builtin", "await", "comment", "documentation_comment", "cascade_section"))
_QUOTES = ('"""', "'''", '"', "'")


def sequence(dialect: Dialect, nodes: list[Node]) -> Expression:
    """Give the expression that nodes side by side spell: a start, then what is selected from it, step by step."""
    parts = [node for node in nodes if node.is_named and node.type not in _IGNORED]
    if not parts:
        return Opaque()
    value = dialect.lower(parts[0])
    for node in parts[1:]:
        value = _step(dialect, value, node)
    return value


def _step(dialect: Dialect, value: Expression, node: Node) -> Expression:
    if node.type not in _SELECTORS:
        return Opaque(text_of(node)[:200]) if node.type != "type_arguments" else value
    inner = node.named_children[0] if node.named_children else node
    if node.type == "selector" and inner.type in _SELECTORS:
        node, inner = inner, inner.named_children[0] if inner.named_children else inner
    if inner.type == "argument_part":
        args, named = arguments_of(dialect, inner)
        return Call(value, args, named, (), node)
    if inner.type == "index_selector":
        return Item(value, sequence(dialect, inner.children))
    return Member(value, text_of(inner)) if inner.type == "identifier" else value


def arguments_of(dialect: Dialect, part: Node) -> tuple[tuple[Expression, ...], tuple[tuple[str, Expression], ...]]:
    """Give the arguments of a call: by place, and by name."""
    args: list[Expression] = []
    named: list[tuple[str, Expression]] = []
    holder = next((one for one in part.named_children if one.type == "arguments"), part)
    for one in holder.named_children:
        if one.type == "named_argument":
            label, *rest = one.named_children
            named.append((text_of(label).rstrip(": "), sequence(dialect, rest)))
        elif one.type == "argument":
            args.append(sequence(dialect, one.children))
    return tuple(args), tuple(named)


def _call(dialect: Dialect, node: Node) -> Expression:
    """Give the call that a selector ends: everything before it in its row belongs to it."""
    row = [node]
    before = node.prev_named_sibling
    while before is not None:
        row.insert(0, before)
        if before.type not in _SELECTORS:
            break
        before = before.prev_named_sibling
    return sequence(dialect, row)


def pieces(node: Node) -> Iterator[list[Node]]:
    """Give what stands between the commas of a list, map or argument list."""
    part: list[Node] = []
    for child in node.children:
        if child.type in (",", "[", "]", "{", "}", "(", ")", "<", ">"):
            if part:
                yield part
            part = []
        elif child.type != "type_arguments":
            part.append(child)
    if part:
        yield part


def _text(dialect: Dialect, node: Node) -> Expression:
    """Give a text, adjacent ones put together; holes are expressions."""
    parts: list[Expression] = []
    data, start, cursor = node.text or b"", node.start_byte, 0
    holes = [child for child in node.named_children if child.type == "template_substitution"]
    plain: list[str] = []
    for hole in holes:
        plain.append(data[cursor : hole.start_byte - start].decode("utf-8", "replace"))
        cursor = hole.end_byte - start
    plain.append(data[cursor:].decode("utf-8", "replace"))
    for number, quoted in enumerate(_unquoted(plain)):
        parts.append(Literal(quoted))
        if number < len(holes):
            parts.append(sequence(dialect, list(holes[number].named_children)))
    return parts[0] if len(parts) == 1 else Joined(tuple(parts))


def _unquoted(pieces_of_text: list[str]) -> list[str]:
    """Take quotes off texts that were cut at their holes: the quotes of one text may be in different pieces."""
    found: list[str] = []
    quote, raw = "", False
    for piece in pieces_of_text:
        out: list[str] = []
        position = 0
        while position < len(piece):
            rest = piece[position:]
            if not quote:
                opening = next((mark for mark in _QUOTES if rest.startswith(mark)), None)
                if opening is None:
                    raw = rest[0] == "r"
                    position += 1
                    continue
                quote, position = opening, position + len(opening)
                if len(quote) > 1 and piece[position : position + 1] == "\n":
                    position += 1
            elif rest.startswith(quote):
                position += len(quote)
                quote, raw = "", False
            elif rest[0] == "\\" and not raw and len(rest) > 1:
                out.append(rest[:2])
                position += 2
            else:
                out.append(rest[0])
                position += 1
        found.append("".join(out))
    return [unescape(one) for one in found]


def _list(dialect: Dialect, node: Node) -> Expression:
    items: list[Expression] = []
    for part in pieces(node):
        if part[0].type == "spread_element":
            items.append(Spread(sequence(dialect, part[0].named_children)))
        elif part[0].type == "if_element":
            items.append(_element(dialect, part[0]))
        else:
            items.append(sequence(dialect, part))
    return Sequence(tuple(items))


def _element(dialect: Dialect, node: Node) -> Expression:
    """Give what a conditional element adds when its condition holds."""
    return sequence(dialect, node.children_by_field_name("consequence"))


def _map(dialect: Dialect, node: Node) -> Expression:
    entries: list[tuple[Expression, Expression]] = []
    items: list[Expression] = []
    for one in node.named_children:
        if one.type == "pair":
            entries.append(_pair(dialect, one))
        elif one.type == "if_element":
            inner = next((child for child in one.named_children if child.type == "pair"), None)
            if inner is not None:
                entries.append(_pair(dialect, inner))
        elif one.type == "spread_element":
            spread = sequence(dialect, one.named_children)
            entries.append((Spread(spread), spread))
    if not entries:
        items = [sequence(dialect, part) for part in pieces(node)]
    return Sequence(tuple(items)) if items else Table(tuple(entries))


def _pair(dialect: Dialect, node: Node) -> tuple[Expression, Expression]:
    keys: list[Node] = []
    values: list[Node] = []
    seen = False
    for child in node.children:
        if child.type == ":":
            seen = True
        elif child.is_named:
            (values if seen else keys).append(child)
    return sequence(dialect, keys), sequence(dialect, values)


def _number(_: Dialect, node: Node) -> Expression:
    text = text_of(node)
    try:
        return Literal(float(text) if "." in text or "e" in text else int(text, 0))
    except ValueError:
        return Opaque(text)


def _sum(dialect: Dialect, node: Node) -> Expression:
    parts: list[list[Node]] = [[]]
    for child in node.children:
        if child.type == "additive_operator":
            if text_of(child) != "+":
                return Opaque(text_of(node)[:200])
            parts.append([])
        else:
            parts[-1].append(child)
    return Joined(tuple(sequence(dialect, part) for part in parts))


def _choice(dialect: Dialect, node: Node) -> Expression:
    parts: list[list[Node]] = [[]]
    for child in node.children:
        if child.type in ("?", ":"):
            parts.append([])
        else:
            parts[-1].append(child)
    lowered = [sequence(dialect, part) for part in parts]
    return Choice(lowered[0], lowered[1], lowered[2]) if len(lowered) == 3 else Opaque(text_of(node)[:200])


def _inner(dialect: Dialect, node: Node) -> Expression:
    return sequence(dialect, node.named_children)


LOWERINGS: dict[str, Lowering] = {
    "string_literal": _text,
    "decimal_integer_literal": _number,
    "hex_integer_literal": _number,
    "decimal_floating_point_literal": _number,
    "true": lambda _, __: Literal(value=True),
    "false": lambda _, __: Literal(value=False),
    "null_literal": lambda _, __: Literal(None),
    "identifier": lambda _, node: Name(text_of(node)),
    "identifier_dollar_escaped": lambda _, node: Name(text_of(node)),
    "type_identifier": lambda _, node: Name(text_of(node)),
    "this": lambda _, __: Name("this"),
    "selector": _call,
    "list_literal": _list,
    "set_or_map_literal": _map,
    "additive_expression": _sum,
    "conditional_expression": _choice,
    "parenthesized_expression": _inner,
    "const_object_expression": lambda dialect, node: Call(
        dialect.lower(node.named_children[1] if len(node.named_children) > 1 else None),
        *arguments_of(dialect, node),
        (),
        node,
    ),
    "unary_expression": _inner,
    "await_expression": _inner,
    "function_expression": lambda _, node: Lambda(node),
}
