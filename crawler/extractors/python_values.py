"""What a Python expression is worth without running it: constants, followed across the package's files.

Bounded in steps and depth. What it cannot know is UNKNOWN, never a guess.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN, Budget
from crawler.extractors.python_module import (
    Module,
    PythonPackage,
    ancestors,
    assigned,
    definition_of,
    statements,
    text_of,
)
from crawler.extractors.python_strings import read_string


@dataclass(frozen=True, slots=True)
class FunctionRef:
    """A function of the package as a value."""

    module: Module
    node: Node


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class of the package as a value; `made` when it stands for an instance."""

    module: Module
    node: Node
    made: bool = False


@dataclass(frozen=True, slots=True)
class CallValue:
    """A call of something outside the package, kept as what it was given."""

    callee: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its module, the node it stands at, and what loop variables are bound to."""

    module: Module
    node: Node | None = None
    bound: Mapping[str, Any] = field(default_factory=dict)


class Evaluator:
    """Evaluates expressions of one package, with one budget of steps for all of them."""

    def __init__(self, package: PythonPackage, call_value: "CallRule") -> None:
        self.package = package
        self._call_value = call_value
        self.budget = Budget()
        self._kinds: dict[str, Callable[[Node, Scope], Any]] = {
            "string": self._string,
            "concatenated_string": self._joined,
            "integer": self._number,
            "float": self._number,
            "identifier": self._identifier,
            "attribute": self._attribute,
            "list": self._items,
            "tuple": self._items,
            "set": self._items,
            "expression_list": self._items,
            "dictionary": self._dictionary,
            "binary_operator": self._binary,
            "unary_operator": self._unary,
            "call": self._call,
            "subscript": self._subscript,
            "conditional_expression": self._conditional,
            "boolean_operator": self._boolean,
            "parenthesized_expression": lambda node, scope: self.evaluate(node.named_children[0], scope),
            "true": lambda _node, _scope: True,
            "false": lambda _node, _scope: False,
            "none": lambda _node, _scope: None,
        }

    def evaluate(self, node: Node | None, scope: Scope) -> Any:
        """Give an expression's value, or UNKNOWN."""
        if node is None or not self.budget.spend():
            return UNKNOWN
        kind = self._kinds.get(node.type)
        if kind is None:
            return UNKNOWN
        with self.budget.deeper():
            return kind(node, scope)

    def arguments(self, call: Node) -> tuple[list[Node], dict[str, Node]]:
        """Give a call's positional and keyword argument nodes."""
        positional, keywords = [], {}
        for child in _argument_nodes(call):
            if child.type == "keyword_argument":
                value = child.child_by_field_name("value")
                if value is not None:
                    keywords[text_of(child.child_by_field_name("name"))] = value
            elif child.type != "comment":
                positional.append(child)
        return positional, keywords

    def spread_keywords(self, call: Node, scope: Scope) -> dict[str, Any]:
        """Evaluate what `**mapping` arguments of a call add."""
        spread: dict[str, Any] = {}
        for child in _argument_nodes(call):
            if child.type == "dictionary_splat" and child.named_children:
                value = self.evaluate(child.named_children[0], scope)
                if isinstance(value, dict):
                    spread |= value
        return spread

    def resolve(self, name: str, module: Module, depth: int = 0) -> Any:
        """Give the value of a module's top-level name, followed through imports."""
        if depth > 10:
            return UNKNOWN
        if name in module.functions:
            return FunctionRef(module, module.functions[name])
        if name in module.classes:
            return ClassRef(module, module.classes[name])
        if name in module.values:
            return self.evaluate(module.values[name], Scope(module))
        if name in module.imports:
            source, symbol = module.imports[name]
            if symbol is None:
                return self.package.find(source, module.path) or UNKNOWN
            found = self.package.find(source, module.path)
            if found is not None and found is not module:
                value = self.resolve(symbol, found, depth + 1)
                if value is not UNKNOWN:
                    return value
            return (
                self.package.find(
                    f"{source.rstrip('.')}.{symbol}" if source.strip(".") else source + symbol, module.path
                )
                or UNKNOWN
            )
        return UNKNOWN

    def class_attribute(self, owner: ClassRef, name: str, depth: int = 0) -> Any:
        """Give a class's attribute: a method, a constant, an enum member's value; looked for in bases too."""
        body = owner.node.child_by_field_name("body")
        for statement in statements(body) if body is not None else ():
            definition = definition_of(statement)
            if definition.type == "function_definition" and text_of(definition.child_by_field_name("name")) == name:
                return FunctionRef(owner.module, definition)
            pair = assigned(statement)
            if pair is not None and pair[0] == name:
                return self.evaluate(pair[1], Scope(owner.module, pair[1]))
        for base in self.bases(owner) if depth < 5 else ():
            value = self.class_attribute(base, name, depth + 1)
            if value is not UNKNOWN:
                return value
        return UNKNOWN

    def bases(self, owner: ClassRef) -> list[ClassRef]:
        """Give those base classes of a class that the package holds."""
        listed = owner.node.child_by_field_name("superclasses")
        found = [self.evaluate(node, Scope(owner.module)) for node in (listed.named_children if listed else ())]
        return [base for base in found if isinstance(base, ClassRef) and base.node != owner.node]

    def _string(self, node: Node, scope: Scope) -> Any:
        return read_string(node, lambda inner: self.evaluate(inner, scope), UNKNOWN)

    def _joined(self, node: Node, scope: Scope) -> Any:
        parts = [self.evaluate(child, scope) for child in node.named_children if child.type != "comment"]
        return "".join(parts) if all(isinstance(part, str) for part in parts) else UNKNOWN

    def _number(self, node: Node, _scope: Scope) -> Any:
        text = text_of(node).replace("_", "")
        try:
            return int(text, 0) if node.type == "integer" else float(text)
        except ValueError:
            return UNKNOWN

    def _identifier(self, node: Node, scope: Scope) -> Any:
        name = text_of(node)
        if name in scope.bound:
            return scope.bound[name]
        for parent in ancestors(node):
            if parent.type == "function_definition":
                found = self._local(parent, name, scope)
                if found is not None:
                    return found
            elif parent.type == "class_definition" and (body := parent.child_by_field_name("body")) is not None:
                for statement in statements(body):
                    pair = assigned(statement)
                    if pair is not None and pair[0] == name and not _inside(node, pair[1]):
                        return self.evaluate(pair[1], scope)
        return self.resolve(name, scope.module)

    def _local(self, function: Node, name: str, scope: Scope) -> Any:
        """Give a local's value when one assignment decides it; None when the function does not know the name."""
        body = function.child_by_field_name("body")
        values = []
        for statement in statements(body) if body is not None else ():
            pair = assigned(statement)
            if pair is not None and pair[0] == name:
                values.append(pair[1])
            definition = definition_of(statement)
            kind = {"function_definition": FunctionRef, "class_definition": ClassRef}.get(definition.type)
            if kind is not None and text_of(definition.child_by_field_name("name")) == name:
                return kind(scope.module, definition)
        if values:
            return self.evaluate(values[0], scope) if len(values) == 1 else UNKNOWN
        parameters = function.child_by_field_name("parameters")
        for child in parameters.named_children if parameters else ():
            if text_of(_parameter_name(child)) == name:
                # What the caller leaves out is the configuration that most people run.
                return self.evaluate(child.child_by_field_name("value"), Scope(scope.module))
        return None

    def _attribute(self, node: Node, scope: Scope) -> Any:
        name = text_of(node.child_by_field_name("attribute"))
        target = node.child_by_field_name("object")
        if target is not None and target.type == "identifier" and text_of(target) in ("self", "cls"):
            owner = next((parent for parent in ancestors(node) if parent.type == "class_definition"), None)
            return self.class_attribute(ClassRef(scope.module, owner), name) if owner is not None else UNKNOWN
        value = self.evaluate(target, scope)
        if isinstance(value, Module):
            found = self.resolve(name, value)
            if found is UNKNOWN:
                found = self.package.find(f".{name}", value.path) or UNKNOWN
            return found
        if isinstance(value, ClassRef):
            return (
                text_of(value.node.child_by_field_name("name"))
                if name == "__name__"
                else self.class_attribute(value, name)
            )
        if isinstance(value, FunctionRef) and name == "__doc__":
            return docstring_of(value.node)
        if isinstance(value, FunctionRef) and name == "__name__":
            return text_of(value.node.child_by_field_name("name"))
        # An enum member is its value here; asking it for `.value` gives the same.
        return value if name == "value" and not isinstance(value, dict | list) else UNKNOWN

    def _items(self, node: Node, scope: Scope) -> Any:
        items: list[Any] = []
        for child in node.named_children:
            if child.type == "list_splat":
                value = self.evaluate(child.named_children[0], scope)
                if not isinstance(value, list):
                    return UNKNOWN
                items += value
            elif child.type != "comment":
                items.append(self.evaluate(child, scope))
        return items

    def _dictionary(self, node: Node, scope: Scope) -> Any:
        mapping: dict[Any, Any] = {}
        for child in node.named_children:
            if child.type == "pair":
                key = self.evaluate(child.child_by_field_name("key"), scope)
                if isinstance(key, str | int | bool | None):
                    mapping[key] = self.evaluate(child.child_by_field_name("value"), scope)
            elif child.type == "dictionary_splat":
                value = self.evaluate(child.named_children[0], scope)
                if isinstance(value, dict):
                    mapping |= value
        return mapping

    def _binary(self, node: Node, scope: Scope) -> Any:
        left = self.evaluate(node.child_by_field_name("left"), scope)
        right = self.evaluate(node.child_by_field_name("right"), scope)
        operator = text_of(node.child_by_field_name("operator"))
        if operator == "|" and isinstance(left, dict) and isinstance(right, dict):
            return left | right
        if operator == "+" and any(isinstance(left, kind) and isinstance(right, kind) for kind in (str, list)):
            return left + right if len(left) + len(right) <= MAX_TEXT else UNKNOWN
        if operator == "*" or right is UNKNOWN or left is UNKNOWN:
            return _arithmetic(operator, left, right) if _numbers(left, right) else UNKNOWN
        return _arithmetic(operator, left, right) if _numbers(left, right) else UNKNOWN

    def _unary(self, node: Node, scope: Scope) -> Any:
        value = self.evaluate(node.child_by_field_name("argument"), scope)
        return -value if isinstance(value, int | float) and text_of(node).startswith("-") else UNKNOWN

    def _conditional(self, node: Node, scope: Scope) -> Any:
        one, _, other = (node.named_children + [None] * 3)[:3]
        values = [self.evaluate(one, scope), self.evaluate(other, scope)]
        return values[0] if values[0] == values[1] else UNKNOWN

    def _boolean(self, node: Node, scope: Scope) -> Any:
        left = self.evaluate(node.child_by_field_name("left"), scope)
        if text_of(node.child_by_field_name("operator")) == "or" and left is not UNKNOWN:
            return left or self.evaluate(node.child_by_field_name("right"), scope)
        return UNKNOWN

    def _subscript(self, node: Node, scope: Scope) -> Any:
        value = self.evaluate(node.child_by_field_name("value"), scope)
        key = self.evaluate(node.child_by_field_name("subscript"), scope)
        try:
            return value[key] if isinstance(value, dict | list) and key is not UNKNOWN else UNKNOWN
        except (KeyError, IndexError, TypeError):
            return UNKNOWN

    def _call(self, node: Node, scope: Scope) -> Any:
        return self._call_value(self, node, scope)


CallRule = Callable[[Evaluator, Node, Scope], Any]


def docstring_of(function: Node) -> str | None:
    """Give a function's or class's docstring as written, None when it has none."""
    body = function.child_by_field_name("body")
    first = next((child for child in body.named_children if child.type != "comment"), None) if body else None
    if first is None or first.type != "expression_statement" or not first.named_children:
        return None
    value = read_string(first.named_children[0], lambda _: UNKNOWN, UNKNOWN)
    return value if isinstance(value, str) else None


def _argument_nodes(call: Node) -> list[Node]:
    listed = call.child_by_field_name("arguments")
    return listed.named_children if listed is not None and listed.type == "argument_list" else []


def _parameter_name(parameter: Node) -> Node | None:
    if parameter.type == "identifier":
        return parameter
    named = parameter.child_by_field_name("name")
    return named or (parameter.named_children[0] if parameter.named_children else None)


def _inside(node: Node, outer: Node) -> bool:
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte


def _numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) and abs(value) < 1e15 for value in values)


def _arithmetic(operator: str, left: float, right: float) -> Any:
    try:
        result = {"+": left.__add__, "-": left.__sub__, "*": left.__mul__, "/": left.__truediv__}[operator](right)
    except (KeyError, ZeroDivisionError, OverflowError):
        return UNKNOWN
    return UNKNOWN if result is NotImplemented else result
