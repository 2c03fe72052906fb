"""Rust's expressions as all languages have them; what macros hold is parsed again as what it stands for."""

import re
from collections.abc import Iterator

import tree_sitter_rust
from tree_sitter import Language, Node, Parser

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
from crawler.extractors.literals import unescape

LANGUAGE = Language(tree_sitter_rust.language())
_PARSER = Parser(LANGUAGE)
_MAX_LEFT = 2_000
_MAX_MACRO = 200_000
_HOLE = re.compile(r"\{\{|\}\}|\{([A-Za-z_]\w*|\d+)?(?::[^{}]*)?\}")
_CONTINUED = re.compile(r"\\\r?\n\s*")


def parse_again(text: str) -> Node | None:
    """Give the expression that a macro's tokens spell; None when they spell none."""
    if len(text) > _MAX_MACRO:
        return None
    root = _PARSER.parse(f"const A: () = {text};".encode()).root_node
    item = next(iter(root.named_children), None)
    return item.child_by_field_name("value") if item is not None and item.type == "const_item" else None


def macro_arguments(dialect: Dialect, tokens: str) -> Call | None:
    """Give the arguments of a macro or attribute as those of a call; `a = b` is a named one."""
    lowered = dialect.lower(parse_again(f"f({tokens})"))
    return lowered if isinstance(lowered, Call) else None


def _text(_: Dialect, node: Node) -> Expression:
    text = text_of(node)
    if node.type == "raw_string_literal":
        return Literal(re.sub(r'^[bc]?r#*"|"#*$', "", text))
    return Literal(unescape(_CONTINUED.sub("", text.removeprefix("b").removeprefix("c")[1:-1])))


def _number(_: Dialect, node: Node) -> Expression:
    text = re.sub(r"(?<=[\d.])_?[iuf](?:8|16|32|64|128|size)$", "", text_of(node)).replace("_", "")
    try:
        return Literal(float(text) if node.type == "float_literal" else int(text, 0))
    except ValueError:
        return Opaque(text)


def _call(dialect: Dialect, node: Node) -> Expression:
    callee = node.child_by_field_name("function")
    types: tuple[str, ...] = ()
    if callee is not None and callee.type == "generic_function":
        given = callee.child_by_field_name("type_arguments")
        types = tuple(text_of(one) for one in given.named_children) if given is not None else ()
        callee = callee.child_by_field_name("function")
    arguments = node.child_by_field_name("arguments")
    args: list[Expression] = []
    named: list[tuple[str, Expression]] = []
    for one in arguments.named_children if arguments is not None else ():
        if one.type == "assignment_expression":
            named.append((text_of(one.child_by_field_name("left")), dialect.lower(one.child_by_field_name("right"))))
        elif not one.type.endswith("comment"):
            args.append(dialect.lower(one))
    return Call(dialect.lower(callee), tuple(args), tuple(named), types, node)


def _struct(dialect: Dialect, node: Node) -> Expression:
    body = node.child_by_field_name("body")
    named: list[tuple[str, Expression]] = []
    for one in body.named_children if body is not None else ():
        if one.type == "field_initializer":
            named.append((text_of(one.child_by_field_name("field")), dialect.lower(one.child_by_field_name("value"))))
        elif one.type == "shorthand_field_initializer":
            named.append((text_of(one), Name(text_of(one))))
    return Call(dialect.lower(node.child_by_field_name("name")), (), tuple(named), (), node)


def _macro(dialect: Dialect, node: Node) -> Expression:
    name = text_of(node.child_by_field_name("macro")).rpartition("::")[2]
    tree = next((child for child in node.named_children if child.type == "token_tree"), None)
    tokens = text_of(tree)[1:-1]
    if name == "vec":
        return dialect.lower(parse_again(f"[{tokens}]"))
    if name == "json" and tree is not None:
        return _json(dialect, [child for child in tree.children[1:-1] if not child.type.endswith("comment")])
    call = macro_arguments(dialect, tokens)
    if call is None:
        return Opaque(name)
    if name in ("concat", "indoc", "formatcp", "concatcp"):
        return Joined(call.args)
    if name == "format":
        return _formatted(call.args)
    return Call(Name(name), call.args, call.named, (), node)


def _formatted(args: tuple[Expression, ...]) -> Expression:
    template = args[0] if args else None
    if not isinstance(template, Literal) or not isinstance(template.value, str):
        return Opaque("format")
    parts: list[Expression] = []
    end, position = 0, 1
    for hole in _HOLE.finditer(template.value):
        parts.append(Literal(template.value[end : hole.start()]))
        end = hole.end()
        if hole.group() in ("{{", "}}"):
            parts.append(Literal(hole.group()[0]))
        elif hole[1] and not hole[1].isdigit():
            parts.append(Name(hole[1]))
        else:
            number = int(hole[1]) + 1 if hole[1] else position
            position += not hole[1]
            parts.append(args[number] if number < len(args) else Opaque())
    return Joined((*parts, Literal(template.value[end:])))


def _json(dialect: Dialect, tokens: list[Node]) -> Expression:
    """Give a JSON value written in tokens, where any value may be an expression."""
    if len(tokens) == 1 and tokens[0].type == "token_tree":
        inner = [child for child in tokens[0].children[1:-1] if not child.type.endswith("comment")]
        opening = text_of(tokens[0])[:1]
        if opening == "[":
            return Sequence(tuple(_json(dialect, one) for one in _parts(inner, ",") if one))
        if opening == "{":
            pairs = [_parts(one, ":") for one in _parts(inner, ",") if one]
            return Table(
                tuple(
                    (_json(dialect, key), _json(dialect, [token for part in rest for token in part]))
                    for key, *rest in pairs
                )
            )
    if not tokens:
        return Opaque()
    text = " ".join(text_of(token) for token in tokens)
    return Literal(None) if text == "null" else dialect.lower(parse_again(re.sub(r"\s*(::|\.|\(|\))\s*", r"\1", text)))


def _parts(tokens: list[Node], separator: str) -> Iterator[list[Node]]:
    part: list[Node] = []
    for token in tokens:
        if text_of(token) == separator:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _member(dialect: Dialect, node: Node) -> Expression:
    of = node.child_by_field_name("value") or node.child_by_field_name("path")
    name = node.child_by_field_name("field") or node.child_by_field_name("name")
    return Member(dialect.lower(of), text_of(name)) if of is not None else Name(text_of(name))


def _sum(dialect: Dialect, node: Node) -> Expression:
    parts: list[Expression] = []
    left: Node | None = node
    for _ in range(_MAX_LEFT):
        if left is None or left.type != "binary_expression" or text_of(left.child_by_field_name("operator")) != "+":
            break
        parts.append(dialect.lower(left.child_by_field_name("right")))
        left = left.child_by_field_name("left")
    return Joined((dialect.lower(left), *reversed(parts))) if parts else Opaque(text_of(node)[:200])


def _inner(dialect: Dialect, node: Node) -> Expression:
    inner = node.child_by_field_name("value") or next(
        (child for child in node.named_children if child.type != "mutable_specifier"), None
    )
    return dialect.lower(inner)


def _last(dialect: Dialect, node: Node) -> Expression:
    """Give the value of a block: its last expression."""
    return dialect.lower(node.named_children[-1]) if node.named_children else Opaque()


def _choice(dialect: Dialect, node: Node) -> Expression:
    parts = [dialect.lower(node.child_by_field_name(name)) for name in ("condition", "consequence", "alternative")]
    return Choice(parts[0], parts[1], parts[2])


def _items(dialect: Dialect, node: Node) -> Expression:
    return Sequence(tuple(dialect.lower(child) for child in node.named_children if not child.type.endswith("comment")))


LOWERINGS: dict[str, Lowering] = {
    "string_literal": _text,
    "raw_string_literal": _text,
    "char_literal": _text,
    "integer_literal": _number,
    "float_literal": _number,
    "boolean_literal": lambda _, node: Literal(text_of(node) == "true"),
    "identifier": lambda _, node: Name(text_of(node)),
    "type_identifier": lambda _, node: Name(text_of(node)),
    "self": lambda _, node: Name(text_of(node)),
    "scoped_identifier": _member,
    "scoped_type_identifier": _member,
    "field_expression": _member,
    "call_expression": _call,
    "struct_expression": _struct,
    "macro_invocation": _macro,
    "array_expression": _items,
    "tuple_expression": _items,
    "binary_expression": _sum,
    "reference_expression": _inner,
    "parenthesized_expression": _inner,
    "try_expression": _inner,
    "await_expression": _inner,
    "type_cast_expression": _inner,
    "expression_statement": _inner,
    "else_clause": _inner,
    "generic_type": lambda dialect, node: dialect.lower(node.child_by_field_name("type")),
    "block": _last,
    "if_expression": _choice,
    "closure_expression": lambda _, node: Lambda(node),
    "index_expression": lambda dialect, node: Item(
        dialect.lower(node.named_children[0]), dialect.lower(node.named_children[-1])
    ),
}
