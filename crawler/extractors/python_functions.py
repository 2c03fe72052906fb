"""What a function of the package returns for given arguments, as far as its statements can be followed.

Assignments, additions, decidable ifs and returns are; loops and everything else leave what they touch unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_module import ancestors
from crawler.extractors.python_operators import calculate
from crawler.extractors.python_references import CallValue, ClassRef, FunctionRef, Scope
from crawler.extractors.python_syntax import assigned, extended, parameter_name, statements, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from crawler.extractors.python_values import Evaluator

_NO_PARAMETERS = frozenset(
    ("keyword_separator", "positional_separator", "list_splat_pattern", "dictionary_splat_pattern")
)
_MAX_STATEMENTS = 500


def returned(evaluator: Evaluator, called: FunctionRef, values: list[Any], named: dict[str, Any]) -> Any:
    """Give what a function returns for these arguments; `named` may hold the instance as self."""
    body = called.node.child_by_field_name("body")
    bound = bind_arguments(evaluator, called, values, named)
    if isinstance(named.get("self"), ClassRef):
        bound["self"] = named["self"]
    queue = list(body.named_children) if body is not None else []
    for _ in range(_MAX_STATEMENTS):
        if not queue:
            break
        statement = queue.pop(0)
        scope = Scope(called.module, statement, bound)
        if statement.type == "return_statement":
            return evaluator.evaluate(statement.named_children[0], scope) if statement.named_children else None
        if statement.type == "if_statement":
            branch = _taken_branch(evaluator, statement, scope)
            if branch is not UNKNOWN:
                queue[:0] = branch.named_children if branch is not None else []
                continue
            if _leaves(statement):
                return UNKNOWN
        if statement.type == "expression_statement":
            _assign(evaluator, statement, scope, bound)
        else:
            _forget(statement, bound)
    return UNKNOWN


def is_property(function: FunctionRef) -> bool:
    """Tell a method that is read like an attribute."""
    outer = next(ancestors(function.module, function.node), None)
    decorators = outer.named_children if outer is not None and outer.type == "decorated_definition" else []
    return any(text_of(one).removeprefix("@").endswith("property") for one in decorators if one.type == "decorator")


def _assign(evaluator: Evaluator, statement: Node, scope: Scope, bound: dict[str, Any]) -> None:
    pair, changed = assigned(statement), extended(statement)
    if pair is not None:
        bound[pair[0]] = evaluator.evaluate(pair[1], scope)
    elif changed is not None:
        addition = statement.named_children[0].child_by_field_name("right")
        sign = text_of(statement.named_children[0].child_by_field_name("operator")).removesuffix("=")
        bound[changed] = calculate(sign, bound.get(changed, UNKNOWN), evaluator.evaluate(addition, scope))


def _forget(block: Node, bound: dict[str, Any]) -> None:
    """Forget the names that a block which may run, or run more than once, changes."""
    stack = [block]
    while stack:
        node = stack.pop()
        if node.type in ("assignment", "augmented_assignment"):
            bound[text_of(node.child_by_field_name("left"))] = UNKNOWN
        elif node.type not in ("function_definition", "class_definition"):
            stack += node.named_children


def _leaves(block: Node) -> bool:
    return any(statement.type == "return_statement" for statement in statements(block))


def _taken_branch(evaluator: Evaluator, statement: Node, scope: Scope) -> Any:
    """Give the block of an if statement that runs, None when none does, UNKNOWN when nobody knows."""
    clauses = [statement, *statement.children_by_field_name("alternative")]
    for clause in clauses:
        if clause.type == "else_clause":
            return clause.child_by_field_name("body")
        taken = evaluator.truth(clause.child_by_field_name("condition"), scope)
        if taken is None:
            return UNKNOWN
        if taken:
            return clause.child_by_field_name("consequence")
    return None


def bind_arguments(
    evaluator: Evaluator, called: FunctionRef, values: list[Any], named: dict[str, Any]
) -> dict[str, Any]:
    """Give a function's parameters the values of a call, defaults where the call is silent."""
    bound: dict[str, Any] = {}
    parameters = called.node.child_by_field_name("parameters")
    position = 0
    for parameter in parameters.named_children if parameters else ():
        name = text_of(parameter_name(parameter))
        if name in ("self", "cls"):
            continue
        kind = parameter.named_children[0].type if parameter.type == "typed_parameter" else parameter.type
        if kind == "dictionary_splat_pattern":
            bound[name.lstrip("*")] = {key: value for key, value in named.items() if key not in bound}
        if kind in ("keyword_separator", "list_splat_pattern"):
            position = len(values)  # what follows is given by name only
        if kind in _NO_PARAMETERS:
            continue
        default = parameter.child_by_field_name("value")
        given = values[position] if position < len(values) else named.get(name, UNKNOWN)
        bound[name] = given
        if given is UNKNOWN or (isinstance(given, CallValue) and default is not None):
            usual = evaluator.evaluate(default, Scope(called.module))
            # A caller that gives what nobody knows is taken to give the default.
            bound[name] = usual if given is UNKNOWN or isinstance(usual, str | int | float | list) else given
        position += 1
    return bound
