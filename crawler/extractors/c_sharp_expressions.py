"""C#'s expressions as all languages have them."""

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


def raw_text(text: str) -> str:
    """Give what a raw text holds: between its quotes, without the margin that the closing ones set."""
    body = text.strip("$").strip('"')
    if "\n" not in body:
        return body
    lines = body.replace("\r\n", "\n").split("\n")
    margin = lines[-1] if not lines[-1].strip() else ""
    return "\n".join(line.removeprefix(margin) for line in lines[1:-1])


def _text(_: Dialect, node: Node) -> Expression:
    text = text_of(node)
    if node.type == "raw_string_literal":
        return Literal(raw_text(text))
    if node.type == "verbatim_string_literal":
        return Literal(text[2:-1].replace('""', '"'))
    return Literal(unescape(text.removesuffix("u8")[1:-1]))


def _interpolated(dialect: Dialect, node: Node) -> Expression:
    start = text_of(node.named_children[0]) if node.named_children else '$"'
    raw, verbatim = '"""' in text_of(node)[:8], "@" in start
    parts: list[Expression] = []
    margin = text_of(node).rpartition("\n")[2].rstrip('"') if raw else ""
    for child in node.named_children:
        if child.type == "interpolation":
            parts.append(
                dialect.lower(next((one for one in child.named_children if one.type != "interpolation_brace"), None))
            )
        elif child.type in ("string_content", "raw_string_content", "interpolated_string_text", "escape_sequence"):
            text = text_of(child)
            text = text.replace(f"\n{margin}", "\n") if raw else text.replace("{{", "{").replace("}}", "}")
            parts.append(Literal(text if raw else text.replace('""', '"') if verbatim else unescape(text)))
    if raw and parts:
        parts = _without_ends(parts)
    return Joined(tuple(parts)) if parts else Literal("")


def _without_ends(parts: list[Expression]) -> list[Expression]:
    first, last = parts[0], parts[-1]
    if isinstance(first, Literal) and isinstance(first.value, str):
        parts[0] = Literal(first.value.removeprefix("\n"))
    last = parts[-1]
    if isinstance(last, Literal) and isinstance(last.value, str):
        parts[-1] = Literal(last.value.removesuffix("\n"))
    return parts


def _number(_: Dialect, node: Node) -> Expression:
    text = text_of(node).replace("_", "").rstrip("fFdDmMuUlL")
    try:
        return Literal(float(text) if node.type == "real_literal" else int(text, 0))
    except ValueError:
        return Opaque(text)


def _call(dialect: Dialect, node: Node) -> Expression:
    callee = node.child_by_field_name("function")
    types: tuple[str, ...] = ()
    generic = (
        callee.child_by_field_name("name")
        if callee is not None and callee.type == "member_access_expression"
        else callee
    )
    if generic is not None and generic.type == "generic_name":
        given = next((one for one in generic.named_children if one.type == "type_argument_list"), None)
        types = tuple(text_of(one) for one in given.named_children) if given is not None else ()
    if text_of(callee) == "nameof":
        return Literal(text_of(node.child_by_field_name("arguments")).strip("() ").rpartition(".")[2])
    args, named = arguments_of(dialect, node.child_by_field_name("arguments"))
    return Call(dialect.lower(callee), args, named, types, node)


def arguments_of(
    dialect: Dialect, holder: Node | None
) -> tuple[tuple[Expression, ...], tuple[tuple[str, Expression], ...]]:
    """Give the arguments of a call or an attribute: by place, and by name."""
    args: list[Expression] = []
    named: list[tuple[str, Expression]] = []
    for one in holder.named_children if holder is not None else ():
        if one.type not in ("argument", "attribute_argument"):
            continue
        label = one.child_by_field_name("name")
        value = dialect.lower(one.named_children[-1]) if one.named_children else Opaque()
        if label is not None and label != one.named_children[-1]:
            named.append((text_of(label), value))
        else:
            args.append(value)
    return tuple(args), tuple(named)


def _creation(dialect: Dialect, node: Node) -> Expression:
    """Give a construction: arguments by place and name, and what an initializer sets."""
    type_ = node.child_by_field_name("type")
    args, named = arguments_of(dialect, next((one for one in node.named_children if one.type == "argument_list"), None))
    initializer = next((one for one in node.named_children if one.type == "initializer_expression"), None)
    items: list[Expression] = []
    pairs: list[tuple[Expression, Expression]] = []
    for one in initializer.named_children if initializer is not None else ():
        if one.type == "assignment_expression":
            left, right = one.child_by_field_name("left"), dialect.lower(one.child_by_field_name("right"))
            if left is not None and left.type == "element_binding_expression":
                pairs.append((dialect.lower(_first_argument(left)), right))
            else:
                named = (*named, (text_of(left), right))
        elif one.type == "initializer_expression" and len(one.named_children) > 1:
            pairs.append((dialect.lower(one.named_children[0]), dialect.lower(one.named_children[1])))
        elif not one.type.endswith("comment"):
            items.append(dialect.lower(one))
    if pairs:
        return Table(tuple(pairs))
    if items:
        return Sequence(tuple(items))
    return Call(dialect.lower(type_) if type_ is not None else Name(""), args, named, (), node)


def _first_argument(node: Node) -> Node | None:
    inner: Node | None = node
    for _ in range(4):
        if inner is None or inner.type == "argument":
            break
        inner = next(iter(inner.named_children), None)
    return inner.named_children[-1] if inner is not None and inner.named_children else None


def _anonymous(dialect: Dialect, node: Node) -> Expression:
    """Give an anonymous object: its members as a map."""
    pairs: list[tuple[Expression, Expression]] = []
    name: str | None = None
    for one in node.named_children:
        if node.field_name_for_named_child(node.named_children.index(one)) == "name" or (
            one.type == "identifier" and name is None
        ):
            name = text_of(one)
        elif name is not None:
            pairs.append((Literal(name.removeprefix("@")), dialect.lower(one)))
            name = None
    return Table(tuple(pairs))


def _member(dialect: Dialect, node: Node) -> Expression:
    of = node.child_by_field_name("expression") or node.child_by_field_name("qualifier")
    name = text_of(node.child_by_field_name("name")).partition("<")[0]
    return Member(dialect.lower(of), name) if of is not None else Name(name)


def _sum(dialect: Dialect, node: Node) -> Expression:
    operator = text_of(node.child_by_field_name("operator"))
    if operator == "??":
        return dialect.lower(node.child_by_field_name("right"))
    parts: list[Expression] = []
    left: Node | None = node
    for _ in range(_MAX_LEFT):
        if left is None or left.type != "binary_expression" or text_of(left.child_by_field_name("operator")) != "+":
            break
        parts.append(dialect.lower(left.child_by_field_name("right")))
        left = left.child_by_field_name("left")
    return Joined((dialect.lower(left), *reversed(parts))) if parts else Opaque(text_of(node)[:200])


def _inner(dialect: Dialect, node: Node) -> Expression:
    return dialect.lower(node.named_children[-1]) if node.named_children else Opaque()


def _items(dialect: Dialect, node: Node) -> Expression:
    found: list[Expression] = []
    for child in node.named_children:
        inner = child.named_children[0] if child.type == "collection_element" and child.named_children else child
        if inner.type == "spread_element":
            found.append(Spread(_inner(dialect, inner)))
        elif not inner.type.endswith("comment"):
            found.append(_inner(dialect, inner) if inner.type == "expression_element" else dialect.lower(inner))
    return Sequence(tuple(found))


def _array(dialect: Dialect, node: Node) -> Expression:
    initializer = next((one for one in node.named_children if one.type == "initializer_expression"), None)
    return _items(dialect, initializer) if initializer is not None else Opaque()


def _choice(dialect: Dialect, node: Node) -> Expression:
    parts = [dialect.lower(node.child_by_field_name(name)) for name in ("condition", "consequence", "alternative")]
    return Choice(parts[0], parts[1], parts[2])


LOWERINGS: dict[str, Lowering] = {
    "string_literal": _text,
    "verbatim_string_literal": _text,
    "raw_string_literal": _text,
    "character_literal": _text,
    "interpolated_string_expression": _interpolated,
    "integer_literal": _number,
    "real_literal": _number,
    "boolean_literal": lambda _, node: Literal(text_of(node) == "true"),
    "null_literal": lambda _, __: Literal(None),
    "identifier": lambda _, node: Name(text_of(node)),
    "predefined_type": lambda _, node: Name(text_of(node)),
    "this": lambda _, __: Name("this"),
    "this_expression": lambda _, __: Name("this"),
    "base": lambda _, __: Name("base"),
    "generic_name": lambda _, node: Name(text_of(node).partition("<")[0]),
    "qualified_name": _member,
    "member_access_expression": _member,
    "invocation_expression": _call,
    "object_creation_expression": _creation,
    "implicit_object_creation_expression": _creation,
    "anonymous_object_creation_expression": _anonymous,
    "binary_expression": _sum,
    "parenthesized_expression": _inner,
    "cast_expression": _inner,
    "await_expression": _inner,
    "arrow_expression_clause": _inner,
    "postfix_unary_expression": lambda dialect, node: dialect.lower(next(iter(node.named_children), None)),
    "collection_expression": _items,
    "initializer_expression": _items,
    "array_creation_expression": _array,
    "implicit_array_creation_expression": _array,
    "conditional_expression": _choice,
    "lambda_expression": lambda _, node: Lambda(node),
    "anonymous_method_expression": lambda _, node: Lambda(node),
    "element_access_expression": lambda dialect, node: Item(
        dialect.lower(node.child_by_field_name("expression")), dialect.lower(_first_argument(node.named_children[-1]))
    ),
}
