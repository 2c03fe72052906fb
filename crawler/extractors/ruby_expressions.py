"""Ruby's expressions as all languages have them."""

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
from crawler.extractors.literals import block, unescape

_MAX_LEFT = 2_000
_MAX_CLIMB = 30


def _text(dialect: Dialect, node: Node) -> Expression:
    raw = text_of(node)[:1] == "'" or text_of(node)[:2] == "%q"
    return _pieces(dialect, node, raw=raw)


def _pieces(dialect: Dialect, node: Node, *, raw: bool) -> Expression:
    parts: list[Expression] = []
    for child in node.named_children:
        if child.type == "interpolation":
            parts.append(dialect.lower(next(iter(child.named_children), None)))
        elif child.type != "heredoc_end":
            text = text_of(child)
            parts.append(Literal(text.replace("\\'", "'").replace("\\\\", "\\") if raw else unescape(text)))
    return parts[0] if len(parts) == 1 else Joined(tuple(parts)) if parts else Literal("")


def _heredoc(dialect: Dialect, node: Node) -> Expression:
    """Give the text that a heredoc's beginning stands for: its body comes after the statement."""
    opening = text_of(node)
    tag = opening.lstrip("<~-").strip("'\"`")
    body = _body_of(node, tag)
    if body is None:
        return Opaque(opening)
    if "~" not in opening:
        return _pieces(dialect, body, raw="'" in opening)
    if any(child.type == "interpolation" for child in body.named_children):
        return _squiggly(dialect, body, raw="'" in opening)
    text = text_of(body)
    text = text[: text.rfind(tag)].removeprefix("\n")
    text = block(text.rstrip(" \t"), closing=False)
    return Literal(text if "'" in opening else unescape(text))


def _squiggly(dialect: Dialect, body: Node, *, raw: bool) -> Expression:
    """Take the margin off a heredoc with interpolation: that of its least indented line."""
    lines = [line for line in text_of(body).split("\n")[1:-1] if line.strip()]
    margin = min((len(line) - len(line.lstrip(" \t")) for line in lines), default=0)
    parts: list[Expression] = []
    for number, child in enumerate(body.named_children):
        if child.type == "interpolation":
            parts.append(dialect.lower(next(iter(child.named_children), None)))
        elif child.type != "heredoc_end":
            first, *rest = text_of(child).split("\n")
            pieces = [first if number else first[margin:], *(line[margin:] for line in rest)]
            text = "\n".join(pieces)
            text = text.removeprefix("\n") if number == 0 else text
            parts.append(Literal(text if raw else unescape(text)))
    return Joined(tuple(parts))


def _body_of(node: Node, tag: str) -> Node | None:
    holder: Node | None = node
    for _ in range(_MAX_CLIMB):
        if holder is None:
            return None
        after = holder.next_named_sibling
        for _ in range(5):
            if after is None:
                break
            if after.type == "heredoc_body" and text_of(after).rstrip().endswith(tag):
                return after
            after = after.next_named_sibling
        holder = holder.parent
    return None


def _number(_: Dialect, node: Node) -> Expression:
    text = text_of(node).replace("_", "")
    try:
        return Literal(float(text) if node.type == "float" else int(text, 0))
    except ValueError:
        return Opaque(text)


def _call(dialect: Dialect, node: Node) -> Expression:
    receiver, method = node.child_by_field_name("receiver"), text_of(node.child_by_field_name("method"))
    args: list[Expression] = []
    named: list[tuple[str, Expression]] = []
    loose: list[tuple[Expression, Expression]] = []
    holder = node.child_by_field_name("arguments")
    for one in holder.named_children if holder is not None else ():
        if one.type == "pair":
            key, value = one.child_by_field_name("key"), one.child_by_field_name("value")
            lowered = dialect.lower(value) if value is not None else Name(text_of(key))
            if key is not None and key.type == "hash_key_symbol":
                named.append((text_of(key), lowered))
            else:
                loose.append((dialect.lower(key), lowered))
        elif one.type not in ("block_argument", "comment"):
            args.append(dialect.lower(one))
    if loose:
        args.append(Table(tuple(loose)))
    body = node.child_by_field_name("block")
    if body is not None:
        args.append(Lambda(body))
    if receiver is None:
        return Call(Name(method), tuple(args), tuple(named), (), node)
    return Call(Member(dialect.lower(receiver), method), tuple(args), tuple(named), (), node)


def _scoped(dialect: Dialect, node: Node) -> Expression:
    of, name = node.child_by_field_name("scope"), text_of(node.child_by_field_name("name"))
    return Member(dialect.lower(of), name) if of is not None else Name(name)


def _table(dialect: Dialect, node: Node) -> Expression:
    entries: list[tuple[Expression, Expression]] = []
    for one in node.named_children:
        if one.type == "pair":
            key, value = one.child_by_field_name("key"), one.child_by_field_name("value")
            lowered = Literal(text_of(key)) if key is not None and key.type == "hash_key_symbol" else dialect.lower(key)
            entries.append((lowered, dialect.lower(value) if value is not None else Name(text_of(key))))
        elif one.type == "hash_splat_argument":
            inner = dialect.lower(next(iter(one.named_children), None))
            entries.append((Spread(inner), inner))
    return Table(tuple(entries))


def _items(dialect: Dialect, node: Node) -> Expression:
    return Sequence(tuple(dialect.lower(child) for child in node.named_children if child.type != "comment"))


def _sum(dialect: Dialect, node: Node) -> Expression:
    if text_of(node.child_by_field_name("operator")) == "||":
        return dialect.lower(node.child_by_field_name("right"))
    parts: list[Expression] = []
    left: Node | None = node
    for _ in range(_MAX_LEFT):
        if left is None or left.type != "binary" or text_of(left.child_by_field_name("operator")) != "+":
            break
        parts.append(dialect.lower(left.child_by_field_name("right")))
        left = left.child_by_field_name("left")
    return Joined((dialect.lower(left), *reversed(parts))) if parts else Opaque(text_of(node)[:200])


def _choice(dialect: Dialect, node: Node) -> Expression:
    parts = [dialect.lower(node.child_by_field_name(name)) for name in ("condition", "consequence", "alternative")]
    return Choice(parts[0], parts[1], parts[2])


def _inner(dialect: Dialect, node: Node) -> Expression:
    return dialect.lower(next(iter(node.named_children), None))


def _symbol(_: Dialect, node: Node) -> Expression:
    return Literal(text_of(node).strip(':"'))


LOWERINGS: dict[str, Lowering] = {
    "string": _text,
    "bare_string": _text,
    "heredoc_beginning": _heredoc,
    "chained_string": lambda dialect, node: Joined(tuple(dialect.lower(child) for child in node.named_children)),
    "simple_symbol": _symbol,
    "bare_symbol": _symbol,
    "delimited_symbol": _symbol,
    "hash_key_symbol": _symbol,
    "integer": _number,
    "float": _number,
    "true": lambda _, __: Literal(value=True),
    "false": lambda _, __: Literal(value=False),
    "nil": lambda _, __: Literal(None),
    "identifier": lambda _, node: Name(text_of(node)),
    "constant": lambda _, node: Name(text_of(node)),
    "self": lambda _, __: Name("self"),
    "instance_variable": lambda _, node: Name(text_of(node)),
    "scope_resolution": _scoped,
    "call": _call,
    "array": _items,
    "string_array": _items,
    "symbol_array": _items,
    "hash": _table,
    "binary": _sum,
    "conditional": _choice,
    "parenthesized_statements": _inner,
    "splat_argument": lambda dialect, node: Spread(_inner(dialect, node)),
    "lambda": lambda _, node: Lambda(node),
    "element_reference": lambda dialect, node: Item(
        dialect.lower(node.named_children[0]), dialect.lower(node.named_children[-1])
    ),
}
