"""The parts of Kotlin's calls, and the blocks behind them that put a map or a list together."""

from typing import TYPE_CHECKING

from tree_sitter import Node

from crawler.extractors.dialect import text_of
from crawler.extractors.expressions import Call, Expression, Item, Literal, Member, Name, Sequence, Spread, Table

if TYPE_CHECKING:
    from crawler.extractors.kotlin_syntax import KotlinDialect


def child_of(node: Node | None, *types: str) -> Node | None:
    """Give the first child of one of some types."""
    return next((one for one in node.named_children if one.type in types), None) if node is not None else None


def call_parts(node: Node) -> tuple[Node | None, Node | None, Node | None, Node | None]:
    """Give a call's callee, type arguments, arguments, and the block behind it."""
    callee = next(iter(node.named_children), None)
    block, inner = child_of(node, "annotated_lambda"), node
    if callee is not None and callee.type == "call_expression" and child_of(node, "value_arguments") is None:
        inner = callee
        callee = next(iter(callee.named_children), None)
    return callee, child_of(inner, "type_arguments"), child_of(inner, "value_arguments"), block


def lambda_of(block: Node | None) -> Node | None:
    """Give the lambda that stands behind a call."""
    return child_of(block, "lambda_literal")


def built_table(dialect: "KotlinDialect", statements: list[Node]) -> Table:
    """Give the map that the statements of a block put together; what a function of one's own adds is spread."""
    entries: list[tuple[Expression, Expression]] = []
    known: dict[str, Expression] = {}
    for one in statements:
        known |= _declared(dialect, one)
        if one.type == "call_expression":
            lowered = dialect.lower(one)
            if isinstance(lowered, Table):
                entries += lowered.entries
            elif isinstance(lowered, Call) and isinstance(lowered.callee, Name):
                entries.append((Spread(lowered), Literal(None)))
        elif one.type == "assignment":
            left, right = one.child_by_field_name("left"), one.child_by_field_name("right")
            if left is not None and left.type == "index_expression" and len(left.named_children) > 1:
                entries.append((dialect.lower(left.named_children[1]), dialect.lower(right)))
        elif one.type == "infix_expression":
            lowered = dialect.lower(one)
            if isinstance(lowered, Sequence) and len(lowered.items) == 2:
                entries.append((lowered.items[0], lowered.items[1]))
    return Table(tuple((_seen(key, known), _seen(value, known)) for key, value in entries))


def _declared(dialect: "KotlinDialect", node: Node) -> dict[str, Expression]:
    """Give the names that a statement of a block gives values; the block's own are seen nowhere else."""
    if node.type != "property_declaration" or len(node.named_children) < 2:
        return {}
    value = dialect.lower(node.named_children[-1])
    several = child_of(node, "multi_variable_declaration")
    if several is None:
        return {text_of(child_of(child_of(node, "variable_declaration"), "identifier")): value}
    names = [text_of(child_of(one, "identifier")) for one in several.named_children]
    return {name: Item(value, Literal(number)) for number, name in enumerate(names)}


def _seen(expression: Expression, known: dict[str, Expression]) -> Expression:
    return known.get(expression.text, expression) if isinstance(expression, Name) else expression


def built_list(dialect: "KotlinDialect", statements: list[Node]) -> Sequence:
    """Give the list that the statements of a block add up."""
    items: list[Expression] = []
    for one in statements:
        callee, _, values, block = call_parts(one) if one.type == "call_expression" else (None, None, None, None)
        if callee is None:
            continue
        name = text_of(callee).rpartition(".")[2]
        given, _ = arguments(dialect, values)
        body = lambda_of(block)
        if name == "add" and given:
            items.append(given[0])
        elif name == "addAll" and given:
            items.append(Spread(given[0]))
        elif name in ("addJsonObject", "addJsonArray") and body is not None:
            items.append((built_table if name == "addJsonObject" else built_list)(dialect, body.named_children))
        elif name == "forEach" and callee.type == "navigation_expression":
            items.append(Spread(dialect.lower(callee.named_children[0])))
    return Sequence(tuple(items))


def arguments(
    dialect: "KotlinDialect", node: Node | None
) -> tuple[tuple[Expression, ...], tuple[tuple[str, Expression], ...]]:
    """Give a call's arguments, by position and by name."""
    given: list[Expression] = []
    named: list[tuple[str, Expression]] = []
    for one in node.named_children if node is not None else ():
        parts = [part for part in one.named_children if "comment" not in part.type]
        if one.type != "value_argument" or not parts:
            continue
        if any(part.type == "=" for part in one.children) and len(parts) > 1:
            named.append((text_of(parts[0]), dialect.lower(parts[-1])))
        else:
            given.append(dialect.lower(parts[-1]))
    return tuple(given), tuple(named)


def dotted(text: str) -> Expression:
    """Give a dotted name."""
    first, *rest = text.split(".")
    expression: Expression = Name(first)
    for name in rest:
        expression = Member(expression, name)
    return expression
