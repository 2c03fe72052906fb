"""PHP's expressions as all languages have them."""

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

_MAX_LEFT = 2_000


def _string(_: Dialect, node: Node) -> Expression:
    return Literal(text_of(node)[1:-1].replace("\\'", "'").replace("\\\\", "\\"))


def _encapsed(dialect: Dialect, node: Node) -> Expression:
    parts: list[Expression] = []
    for child in node.named_children:
        if child.type in ("string_content", "escape_sequence"):
            parts.append(Literal(unescape(text_of(child))))
        elif not child.type.endswith("comment"):
            parts.append(dialect.lower(child))
    return parts[0] if len(parts) == 1 else Joined(tuple(parts)) if parts else Literal("")


def _heredoc(dialect: Dialect, node: Node) -> Expression:
    """Give a heredoc or nowdoc without the indentation of its closing tag."""
    whole = text_of(node)
    last = whole.rpartition("\n")[2]
    margin = last[: len(last) - len(last.lstrip(" \t"))]
    body = node.child_by_field_name("value")
    if body is None:
        return Literal("")
    parts: list[Expression] = []
    for number, child in enumerate(body.named_children):
        if child.type in ("string_content", "nowdoc_string", "escape_sequence", "heredoc_body"):
            text = text_of(child)
            text = text.removeprefix(margin) if number == 0 else text
            text = text.replace(f"\n{margin}", "\n")
            parts.append(Literal(text if node.type == "nowdoc" else unescape(text)))
        else:
            parts.append(dialect.lower(child))
    return Joined(tuple(parts))


def _number(_: Dialect, node: Node) -> Expression:
    text = text_of(node).replace("_", "")
    try:
        return Literal(float(text) if node.type == "float" else int(text, 0))
    except ValueError:
        return Opaque(text)


def arguments_of(
    dialect: Dialect, holder: Node | None
) -> tuple[tuple[Expression, ...], tuple[tuple[str, Expression], ...]]:
    """Give the arguments of a call or an attribute: by place, and by name."""
    args: list[Expression] = []
    named: list[tuple[str, Expression]] = []
    for one in holder.named_children if holder is not None else ():
        if one.type != "argument" or not one.named_children:
            continue
        label, value = one.child_by_field_name("name"), one.named_children[-1]
        if label is not None and label != value:
            named.append((text_of(label), dialect.lower(value)))
        elif value.type == "variadic_unpacking":
            args.append(Spread(_inner(dialect, value)))
        else:
            args.append(dialect.lower(value))
    return tuple(args), tuple(named)


def _call(dialect: Dialect, node: Node) -> Expression:
    args, named = arguments_of(dialect, node.child_by_field_name("arguments"))
    function = node.child_by_field_name("function")
    if function is not None:
        return Call(dialect.lower(function), args, named, (), node)
    of = node.child_by_field_name("object") or node.child_by_field_name("scope")
    return Call(Member(dialect.lower(of), text_of(node.child_by_field_name("name"))), args, named, (), node)


def _creation(dialect: Dialect, node: Node) -> Expression:
    named_children = [child for child in node.named_children if child.type != "attribute_list"]
    holder = next((child for child in named_children if child.type == "arguments"), None)
    args, named = arguments_of(dialect, holder)
    type_ = named_children[0] if named_children and named_children[0].type != "arguments" else None
    return Call(dialect.lower(type_), args, named, (), node)


def _array(dialect: Dialect, node: Node) -> Expression:
    """Give an array: a map when it has keys, else a list."""
    entries: list[tuple[Expression, Expression]] = []
    items: list[Expression] = []
    for one in node.named_children:
        if one.type != "array_element_initializer":
            continue
        inner = [child for child in one.named_children if not child.type.endswith("comment")]
        if len(inner) > 1:
            entries.append((dialect.lower(inner[0]), dialect.lower(inner[-1])))
        elif inner and inner[0].type == "variadic_unpacking":
            spread = _inner(dialect, inner[0])
            items.append(Spread(spread))
            entries.append((Spread(spread), spread))
        elif inner:
            items.append(dialect.lower(inner[0]))
    keyed = any(not isinstance(key, Spread) for key, _ in entries)
    return Table(tuple(entries)) if keyed else Sequence(tuple(items))


def _constant(dialect: Dialect, node: Node) -> Expression:
    """Give A::B; A::class is the class itself."""
    first, last = node.named_children[0], node.named_children[-1]
    return dialect.lower(first) if text_of(last) == "class" else Member(dialect.lower(first), text_of(last))


def _member(dialect: Dialect, node: Node) -> Expression:
    of = node.child_by_field_name("object") or node.child_by_field_name("scope")
    name = text_of(node.child_by_field_name("name")).removeprefix("$")
    inner = dialect.lower(of)
    return inner if name == "value" and isinstance(inner, Member) else Member(inner, name)


def _binary(dialect: Dialect, node: Node) -> Expression:
    operator = text_of(node.child_by_field_name("operator"))
    if operator in ("??", "?:"):
        return dialect.lower(node.child_by_field_name("right"))
    parts: list[Expression] = []
    left: Node | None = node
    for _ in range(_MAX_LEFT):
        if (
            left is None
            or left.type != "binary_expression"
            or text_of(left.child_by_field_name("operator")) not in (".", "+")
        ):
            break
        parts.append(dialect.lower(left.child_by_field_name("right")))
        left = left.child_by_field_name("left")
    return Joined((dialect.lower(left), *reversed(parts))) if parts else Opaque(text_of(node)[:200])


def _choice(dialect: Dialect, node: Node) -> Expression:
    parts = [dialect.lower(node.child_by_field_name(name)) for name in ("condition", "body", "alternative")]
    return Choice(parts[0], parts[1], parts[2])


def _inner(dialect: Dialect, node: Node) -> Expression:
    return dialect.lower(node.named_children[-1]) if node.named_children else Opaque()


def _variable(_: Dialect, node: Node) -> Expression:
    return Name(text_of(node).removeprefix("$"))


def _name(_: Dialect, node: Node) -> Expression:
    return Name(text_of(node).rpartition("\\")[2])


LOWERINGS: dict[str, Lowering] = {
    "string": _string,
    "encapsed_string": _encapsed,
    "heredoc": _heredoc,
    "nowdoc": _heredoc,
    "integer": _number,
    "float": _number,
    "boolean": lambda _, node: Literal(text_of(node).lower() == "true"),
    "null": lambda _, __: Literal(None),
    "name": _name,
    "qualified_name": _name,
    "named_type": _name,
    "relative_scope": lambda _, node: Name(text_of(node)),
    "variable_name": _variable,
    "function_call_expression": _call,
    "member_call_expression": _call,
    "nullsafe_member_call_expression": _call,
    "scoped_call_expression": _call,
    "object_creation_expression": _creation,
    "array_creation_expression": _array,
    "class_constant_access_expression": _constant,
    "member_access_expression": _member,
    "nullsafe_member_access_expression": _member,
    "scoped_property_access_expression": _member,
    "binary_expression": _binary,
    "parenthesized_expression": _inner,
    "cast_expression": _inner,
    "clone_expression": _inner,
    "conditional_expression": _choice,
    "anonymous_function": lambda _, node: Lambda(node),
    "arrow_function": lambda _, node: Lambda(node),
    "subscript_expression": lambda dialect, node: Item(
        dialect.lower(node.named_children[0]), dialect.lower(node.named_children[-1])
    ),
}
