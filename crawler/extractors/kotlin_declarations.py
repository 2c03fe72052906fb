"""What Kotlin's declarations consist of: parameters, properties, types, and what a class extends."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from crawler.extractors.dialect import text_of
from crawler.extractors.expressions import Expression, Parameter
from crawler.extractors.kotlin_blocks import call_parts, child_of, lambda_of

if TYPE_CHECKING:
    from crawler.extractors.kotlin_syntax import KotlinDialect


def parameters_of(dialect: "KotlinDialect", node: Node) -> Iterator[Parameter]:
    """Give the parameters of a function, a lambda or a primary constructor."""
    given = child_of(node, "function_value_parameters", "lambda_parameters", "class_parameters")
    modifiers, pending = None, None
    for one in given.children if given is not None else ():
        if one.type == "parameter_modifiers":
            modifiers = one
        elif one.type == "variable_declaration":
            yield Parameter(text_of(child_of(one, "identifier")), text_of(type_of(one)))
        elif one.type in ("parameter", "class_parameter"):
            if pending is not None:
                yield pending
            default = dialect.lower(after(one, "=")) if after(one, "=") is not None else None
            variadic = "vararg" in text_of(modifiers) if modifiers is not None else False
            name = text_of(child_of(one, "identifier")).strip("`")
            pending = Parameter(name, text_of(type_of(one)), default, variadic, one)
            modifiers = None
        elif one.is_named and "comment" not in one.type and pending is not None:
            yield Parameter(pending.name, pending.type, dialect.lower(one), pending.variadic, pending.node)
            pending = None
    if pending is not None:
        yield pending


def property_value(dialect: "KotlinDialect", node: Node) -> Expression | None:
    """Give a property's value, what its getter gives, or what it is lazily."""
    value = after(node, "=")
    if value is not None:
        return dialect.lower(value)
    getter = child_of(child_of(node, "getter"), "function_body")
    if getter is not None:
        returned = after(getter, "=") or next(iter(getter.named_children), None)
        if returned is not None and returned.type == "block" and returned.named_children:
            returned = next(iter(returned.named_children[-1].named_children), None)
        return dialect.lower(returned)
    lazy = child_of(child_of(node, "property_delegate"), "call_expression")
    body = lambda_of(call_parts(lazy)[3]) if lazy is not None else None
    return dialect.lower(body.named_children[-1]) if body is not None and body.named_children else None


def after(node: Node, token: str) -> Node | None:
    """Give the expression that follows a token among a node's children."""
    seen = False
    for one in node.children:
        if seen and one.is_named and "comment" not in one.type:
            return one
        seen = seen or one.type == token
    return None


def type_of(node: Node | None) -> Node | None:
    """Give the type that is written behind a name."""
    return child_of(node, "user_type", "nullable_type", "function_type")


def bases_of(node: Node) -> Iterator[str]:
    """Give the last names of what a class extends and implements."""
    listed = child_of(node, "delegation_specifiers")
    for one in listed.named_children if listed is not None else ():
        yield text_of(one).partition("(")[0].partition("<")[0].partition(" by ")[0].strip().rpartition(".")[2]


def type_parameters(node: Node) -> Iterator[str]:
    """Give the names of a function's type parameters."""
    listed = child_of(node, "type_parameters")
    for one in listed.named_children if listed is not None else ():
        yield text_of(child_of(one, "identifier"))


def applied(short: Node | None) -> Node | None:
    """Give the block of a function that is `apply` on its own object, as fluent ones are written."""
    callee, _, _, block = call_parts(short) if short is not None and short.type == "call_expression" else (None,) * 4
    return lambda_of(block) if callee is not None and text_of(callee) in ("apply", "this.apply") else None


def is_short(body: Node) -> bool:
    """Tell whether a function's body is one expression."""
    return body.type == "function_body" and bool(body.named_children) and body.named_children[0].type != "block"


def statements_of(body: Node) -> list[Node]:
    """Give the statements of a body's block."""
    block = child_of(body, "block")
    return block.named_children if block is not None else []
