"""A package's own decorators: what they register for the function they decorate.

Read from their bodies: an SDK's registration of that function, or a registry of tools that it is put into.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from crawler.extractors.python_functions import bind_arguments
from crawler.extractors.python_module import Module, ancestors
from crawler.extractors.python_references import FunctionRef, PartialCall, Scope
from crawler.extractors.python_registering import is_tool_decorator, said_in_call, takes_function
from crawler.extractors.python_syntax import parameter_name, statements, text_of, walk
from crawler.extractors.python_values import Evaluator

_STORING = frozenset(("append", "add", "register", "register_tool", "add_tool", "insert", "setdefault"))


@dataclass(frozen=True, slots=True)
class House:
    """A decorator of the package: its function, the part that is given the decorated one, and what that does.

    `acts` are calls and decorated functions that register; `stores` are calls and dictionaries that keep.
    """

    function: FunctionRef
    inner: Node
    parameter: str
    acts: tuple[Node, ...]
    stores: tuple[Node, ...]


class Houses:
    """Recognises the decorators of one package; each is read once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._read: dict[tuple[str, int], House | None] = {}

    def house(self, value: Any) -> House | None:
        """Give the house that a decorator's value is, None for a decorator that registers nothing."""
        function = value.function if isinstance(value, PartialCall) else value
        if not isinstance(function, FunctionRef):
            return None
        name = text_of(function.node.child_by_field_name("name"))
        if not isinstance(value, PartialCall) and name not in self._evaluator.package.decorators:
            return None  # what is only ever called is followed by its callers
        key = (function.module.path, function.node.start_byte)
        if key not in self._read:
            self._read[key] = self._analyse(function)
        return self._read[key]

    def environment(
        self, house: House, value: Any, arguments: tuple[list[Any], dict[str, Any]] | None, decorated: FunctionRef
    ) -> dict[str, Any]:
        """Bind a house's variables for one function that it decorates; `arguments` is None without a call."""
        positional, named = arguments or ([], {})
        if isinstance(value, PartialCall):
            positional, named = [*value.arguments, *positional], {**value.keywords, **named}
        if arguments is None and house.inner == house.function.node:
            positional = [decorated]
        bound = bind_arguments(self._evaluator, house.function, positional, named)
        bound |= {key: one for key, one in named.items() if key not in bound}
        return {**bound, house.parameter: decorated}

    def said_by_act(self, house: House, act: Node, bound: dict[str, Any]) -> dict[str, Any]:
        """Give what one act of a house says of the tool, in one environment."""
        scope = Scope(house.function.module, act, bound)
        if act.type == "call":
            callee = act.child_by_field_name("function")
            inner = said_in_call(self._evaluator, callee, scope) if callee and callee.type == "call" else {}
            return inner | said_in_call(self._evaluator, act, scope)
        for decorator in act.named_children:
            expression = decorator.named_children[0] if decorator.named_children else None
            callee = expression.child_by_field_name("function") if expression is not None else None
            if expression is None or callee is None or not is_tool_decorator(self._evaluator, scope.module, callee):
                continue
            return said_in_call(self._evaluator, expression, scope)
        return {}

    def holds(self, module: Module, node: Node) -> bool:
        """Tell a registration that a decorator of the package makes for what it decorates."""
        for parent in ancestors(module, node):
            if parent.type == "function_definition" and self.house(FunctionRef(module, parent)) is not None:
                return True
        return False

    def _analyse(self, function: FunctionRef) -> House | None:
        inner = _inner(function.node)
        parameter = next(iter(_plain_parameters(inner)), None)
        if parameter is None:
            return None
        acts, stores = [], []
        for node in walk(inner):
            if self._acts(function.module, node, parameter):
                acts.append(node)
            elif _stores(function.module, node, parameter, inner):
                stores.append(node)
        name = text_of(function.node.child_by_field_name("name")).lower()
        kept = [store for store in stores if "tool" in name or "tool" in text_of(_line(function.module, store)).lower()]
        if not acts and (not kept or any(word in name for word in ("prompt", "resource", "event", "hook"))):
            return None
        return House(function, inner, parameter, tuple(acts), tuple(kept))

    def _acts(self, module: Module, node: Node, parameter: str) -> bool:
        if node.type == "decorated_definition":
            return any(
                is_tool_decorator(self._evaluator, module, callee)
                for callee in decorator_callees(node)
                if callee.type in ("identifier", "attribute")
            )
        callee = node.child_by_field_name("function") if node.type == "call" else None
        if callee is None:
            return False
        if callee.type == "call":
            maker = callee.child_by_field_name("function")
            return (
                maker is not None and is_tool_decorator(self._evaluator, module, maker) and _mentions(node, parameter)
            )
        return takes_function(module, callee) and _mentions(node, parameter)


def decorator_callees(node: Node) -> Iterator[Node]:
    """Visit what a definition's decorators call or are."""
    for decorator in node.named_children:
        if decorator.type == "decorator" and decorator.named_children:
            expression = decorator.named_children[0]
            callee = expression.child_by_field_name("function") if expression.type == "call" else expression
            if callee is not None:
                yield callee


def _inner(function: Node) -> Node:
    """Give the nested function that a decorator with arguments returns, else the decorator itself."""
    body = function.child_by_field_name("body")
    if body is None:
        return function
    returned = {
        text_of(statement.named_children[0])
        for statement in statements(body)
        if statement.type == "return_statement" and statement.named_children
    }
    for statement in statements(body):
        if statement.type == "function_definition" and text_of(statement.child_by_field_name("name")) in returned:
            return statement if _plain_parameters(statement) else function
    return function


def _plain_parameters(function: Node) -> list[str]:
    listed = function.child_by_field_name("parameters")
    names = [text_of(parameter_name(one)) for one in (listed.named_children if listed is not None else ())]
    return [name for name in names if name.isidentifier() and name not in ("self", "cls")]


def _mentions(call: Node, parameter: str) -> bool:
    listed = call.child_by_field_name("arguments")
    return listed is not None and any(one.type == "identifier" and text_of(one) == parameter for one in walk(listed))


def _stores(module: Module, node: Node, parameter: str, inner: Node) -> bool:
    """Tell what keeps the decorated function: an append, an entry of a mapping, a record made of it, a mark on it."""
    if node.type == "call":
        callee = node.child_by_field_name("function")
        name = text_of(callee).rsplit(".", 1)[-1] if callee is not None else ""
        return (
            (name in _STORING or name[:1].isupper()) and _is_argument(node, parameter) and _is_near(module, node, inner)
        )
    if node.type == "pair":
        return text_of(node.child_by_field_name("value")) == parameter and _is_near(module, node, inner)
    if node.type != "assignment" or not _is_near(module, node, inner):
        return False
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or left.type not in ("subscript", "attribute"):
        return False
    marked = left.type == "attribute" and text_of(left.child_by_field_name("object")) == parameter
    return marked or (left.type == "subscript" and text_of(right) == parameter)


def _is_argument(call: Node, parameter: str) -> bool:
    listed = call.child_by_field_name("arguments")
    for one in listed.named_children if listed is not None else ():
        value = one.child_by_field_name("value") if one.type == "keyword_argument" else one
        if value is not None and value.type == "identifier" and text_of(value) == parameter:
            return True
    return False


def _is_near(module: Module, node: Node, inner: Node) -> bool:
    """Tell a node of a function itself from one of a wrapper inside it, which runs at each call of the tool."""
    return next((one for one in ancestors(module, node) if one.type == "function_definition"), inner) == inner


def _line(module: Module, node: Node) -> Node:
    return next(
        (one for one in ancestors(module, node) if one.type in ("expression_statement", "return_statement")), node
    )
