"""What a Python expression is worth without running it: constants, followed across the package's files.

Bounded in steps and depth. Names are looked up in python_names, calls judged by the rule it is given.
"""

from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN, Budget
from crawler.extractors.python_functions import is_property, returned
from crawler.extractors.python_growth import grown
from crawler.extractors.python_module import Module, ancestors
from crawler.extractors.python_names import class_attribute, look_up, resolve, unpack
from crawler.extractors.python_operators import calculate, compare
from crawler.extractors.python_package import PythonPackage
from crawler.extractors.python_references import CallValue, ClassRef, FunctionRef, Scope, ServerPlace, docstring_of
from crawler.extractors.python_strings import read_string
from crawler.extractors.python_syntax import text_of


class Evaluator:
    """Evaluates expressions of one package, with one budget of steps for all of them."""

    def __init__(self, package: PythonPackage, call_value: "CallRule") -> None:
        self.package = package
        self._call_value = call_value
        self.budget = Budget()
        self._constants: dict[tuple[str, str], Any] = {}
        self._kinds: dict[str, Callable[[Node, Scope], Any]] = {
            "string": self._string,
            "concatenated_string": self._joined,
            "integer": self._number,
            "float": self._number,
            "identifier": lambda node, scope: look_up(self, node, scope),
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
            "comparison_operator": self._comparison,
            "not_operator": self._not,
            "list_comprehension": self._comprehension,
            "parenthesized_expression": lambda node, scope: self.evaluate(node.named_children[0], scope),
            "true": lambda _node, _scope: True,
            "false": lambda _node, _scope: False,
            "none": lambda _node, _scope: None,
            "ellipsis": lambda _node, _scope: ...,
        }

    def evaluate(self, node: Node | None, scope: Scope) -> Any:
        """Give an expression's value, or UNKNOWN."""
        if node is None or not self.budget.spend():
            return UNKNOWN
        kind = self._kinds.get(node.type)
        if kind is None:
            return UNKNOWN
        return self.budget.nested(kind, node, scope)

    def constant(self, module: Module, name: str) -> Any:
        """Give what a module assigns to a name, worked out once; a name that stands for itself is UNKNOWN."""
        key = (module.path, name)
        if key not in self._constants:
            self._constants[key] = UNKNOWN
            if name not in module.extended:
                value = self.evaluate(module.values[name], Scope(module))
                self._constants[key] = grown(self, value, name, Scope(module), None)
        return self._constants[key]

    def truth(self, node: Node | None, scope: Scope) -> bool | None:
        """Tell whether a condition holds, None when source alone cannot say."""
        value = self.evaluate(node, scope)
        if value is None or isinstance(value, str | int | float | list | dict):
            return bool(value)
        return True if isinstance(value, FunctionRef | ClassRef | Module) else None

    def member(self, owner: ClassRef, name: str) -> Any:
        """Give what an attribute of a class or its instance is worth; a property is worth what it returns."""
        value = class_attribute(self, owner, name)
        if isinstance(value, CallValue) and value.callee in ("Field", "field"):
            return value.keywords.get("default", value.arguments[0] if value.arguments else UNKNOWN)
        if not isinstance(value, FunctionRef) or not is_property(value):
            return value
        if not self.budget.spend():
            return UNKNOWN
        with self.budget.deeper():
            return returned(self, value, [], {"self": owner})

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

    def _attribute(self, node: Node, scope: Scope) -> Any:
        name = text_of(node.child_by_field_name("attribute"))
        target = node.child_by_field_name("object")
        if target is not None and of_itself(node):
            bound = scope.bound.get(text_of(target))
            if isinstance(bound, ClassRef):
                return self.member(bound, name)
            owner = next(
                (parent for parent in ancestors(scope.module, node) if parent.type == "class_definition"), None
            )
            return self.member(ClassRef(scope.module, owner), name) if owner is not None else UNKNOWN
        return self.attribute_of(self.evaluate(target, scope), name)

    def attribute_of(self, value: Any, name: str) -> Any:
        """Give what an attribute of a value is worth."""
        if isinstance(value, Module):
            found = resolve(self, name, value)
            return found if found is not UNKNOWN else self.package.find(f".{name}", value.path) or UNKNOWN
        if isinstance(value, ClassRef):
            own_name = text_of(value.node.child_by_field_name("name"))
            return own_name if name == "__name__" else self.member(value, name)
        if isinstance(value, FunctionRef):
            return _of_function(value, name)
        if isinstance(value, CallValue):
            return value.keywords.get(name, UNKNOWN)
        # An enum member is its value here; asking it for `.value` gives the same.
        return value if name == "value" and not isinstance(value, dict | list | ServerPlace) else UNKNOWN

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

    def _comprehension(self, node: Node, scope: Scope) -> Any:
        """Give `[expression for name in literal]`; one with conditions or several loops is not known."""
        clauses = [child for child in node.named_children[1:] if child.type != "comment"]
        if len(clauses) != 1 or clauses[0].type != "for_in_clause":
            return UNKNOWN
        items = self.evaluate(clauses[0].child_by_field_name("right"), scope)
        left = clauses[0].child_by_field_name("left")
        if not isinstance(items, list) or left is None:
            return UNKNOWN
        turns = [{**scope.bound, **unpack(left, item)} for item in items]
        return [self.evaluate(node.named_children[0], Scope(scope.module, node, bound)) for bound in turns]

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
        return calculate(text_of(node.child_by_field_name("operator")), left, right)

    def _unary(self, node: Node, scope: Scope) -> Any:
        value = self.evaluate(node.child_by_field_name("argument"), scope)
        return -value if isinstance(value, int | float) and text_of(node).startswith("-") else UNKNOWN

    def _not(self, node: Node, scope: Scope) -> Any:
        value = self.truth(node.child_by_field_name("argument"), scope)
        return UNKNOWN if value is None else not value

    def _conditional(self, node: Node, scope: Scope) -> Any:
        one, condition, other = (node.named_children + [None] * 3)[:3]
        taken = self.truth(condition, scope)
        if taken is not None:
            return self.evaluate(one if taken else other, scope)
        values = [self.evaluate(one, scope), self.evaluate(other, scope)]
        return values[0] if values[0] == values[1] else UNKNOWN

    def _boolean(self, node: Node, scope: Scope) -> Any:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        is_or = text_of(node.child_by_field_name("operator")) == "or"
        decided = self.truth(left, scope)
        if decided is None:
            # False and True decide an operation whatever the other side is.
            return is_or if self.truth(right, scope) is is_or else UNKNOWN
        return self.evaluate(left if decided is is_or else right, scope)

    def _comparison(self, node: Node, scope: Scope) -> Any:
        if len(node.named_children) != 2:
            return UNKNOWN
        left, right = (self.evaluate(child, scope) for child in node.named_children)
        operator = " ".join(text_of(child) for child in node.children_by_field_name("operators"))
        return compare(operator, left, right)

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


def of_itself(attribute: Node) -> bool:
    """Tell whether an attribute is one of `self` or `cls`."""
    target = attribute.child_by_field_name("object")
    return target is not None and target.type == "identifier" and text_of(target) in ("self", "cls")


def _of_function(function: FunctionRef, name: str) -> Any:
    if name == "__doc__":
        return docstring_of(function.node)
    return text_of(function.node.child_by_field_name("name")) if name == "__name__" else UNKNOWN


def _argument_nodes(call: Node) -> list[Node]:
    listed = call.child_by_field_name("arguments")
    return listed.named_children if listed is not None and listed.type == "argument_list" else []
