"""What a JavaScript expression is worth without running it: constants, followed across the package's files.

Bounded in steps and depth. What it cannot know is UNKNOWN, never a guess.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN, Budget
from crawler.extractors.javascript_literals import read_number, read_string, unescape_text
from crawler.extractors.javascript_module import JavascriptPackage, Module, ancestors, text_of, unquoted


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its module, and the values that names are bound to around it."""

    module: Module
    bound: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function of the package as a value, with what was bound where it was made."""

    scope: Scope
    node: Node


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A class of the package as a value; `made` when it stands for an instance."""

    scope: Scope
    node: Node
    made: bool = False


@dataclass(frozen=True, slots=True)
class NamespaceValue:
    """A module of the package as a value."""

    module: Module


CallRule = Callable[["Evaluator", Node, Scope], Any]
_WRAPPERS = frozenset(
    (
        *("parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"),
        *("await_expression", "type_assertion"),
    )
)


class Evaluator:
    """Evaluates expressions of one package, with one budget of steps for all of them."""

    def __init__(self, package: JavascriptPackage, call_value: CallRule) -> None:
        self.package = package
        self._call_value = call_value
        self.budget = Budget()
        self._kinds: dict[str, Callable[[Node, Scope], Any]] = {
            "string": lambda node, _scope: read_string(node),
            "template_string": self._template,
            "number": lambda node, _scope: read_number(text_of(node)),
            "true": lambda _node, _scope: True,
            "false": lambda _node, _scope: False,
            "null": lambda _node, _scope: None,
            "identifier": self._identifier,
            "shorthand_property_identifier": self._identifier,
            "member_expression": self._member,
            "subscript_expression": self._subscript,
            "object": self._object,
            "array": self._array,
            "binary_expression": self._binary,
            "unary_expression": self._unary,
            "ternary_expression": self._ternary,
            "call_expression": self._call,
            "new_expression": self._new,
            "sequence_expression": lambda node, scope: self.evaluate(node.named_children[-1], scope),
            "arrow_function": lambda node, scope: FunctionValue(scope, node),
            "function_expression": lambda node, scope: FunctionValue(scope, node),
            "function_declaration": lambda node, scope: FunctionValue(scope, node),
            "method_definition": lambda node, scope: FunctionValue(scope, node),
            "class_declaration": lambda node, scope: ClassValue(scope, node),
            "abstract_class_declaration": lambda node, scope: ClassValue(scope, node),
            "class": lambda node, scope: ClassValue(scope, node),
            "enum_declaration": self._enum,
        }

    def evaluate(self, node: Node | None, scope: Scope) -> Any:
        """Give an expression's value, or UNKNOWN."""
        if node is None or not self.budget.spend():
            return UNKNOWN
        while node.type in _WRAPPERS and node.named_children:
            node = node.named_children[0]
        kind = self._kinds.get(node.type)
        if kind is None:
            return UNKNOWN
        with self.budget.deeper():
            return kind(node, scope)

    def exported(self, module: Module, name: str, depth: int = 0) -> Any:
        """Give what a module exports under a name, followed through re-exports."""
        if depth > 8:
            return UNKNOWN
        if name == "*":
            return NamespaceValue(module)
        if name in module.exported_values:
            return self.evaluate(module.exported_values[name], Scope(module))
        local = module.exports.get(name, name)
        declaration = module.visible(local, None)
        if declaration is not None:
            return self.declared(declaration, local, Scope(module))
        if local in module.enums:
            return self._compiled_enum(module, local)
        for exported, source, original in module.forwards:
            if exported in (name, "*") and (found := self.package.find(source, module.path)) is not None:
                value = self.exported(found, name if exported == "*" else original, depth + 1)
                if value is not UNKNOWN:
                    return value
        return self._imported(local, module, depth) if local in module.imports else UNKNOWN

    def declared(self, declaration: Node, name: str, scope: Scope) -> Any:
        """Give the value of a declaration: an initialiser, a function, a class, an enum, a destructured name."""
        if declaration.type in ("shorthand_property_identifier_pattern", "pair_pattern", "object_assignment_pattern"):
            pattern = declaration.parent
            key = unquoted(declaration.named_children[0]) if declaration.named_children else name
            holder = pattern.parent if pattern is not None else None
            value = self.evaluate(holder.child_by_field_name("value") if holder is not None else None, scope)
            return self.property_of(value, key)
        return self.evaluate(declaration, scope)

    def property_of(self, value: Any, name: str) -> Any:
        """Give a property of a value."""
        if isinstance(value, dict):
            return value.get(name, UNKNOWN)
        if isinstance(value, NamespaceValue):
            found = self.exported(value.module, name)
            if found is UNKNOWN and name == "default":
                return value
            return found
        if isinstance(value, ClassValue):
            return self.class_member(value, name)
        if isinstance(value, list) and name == "length":
            return len(value)
        return UNKNOWN

    def class_member(self, owner: ClassValue, name: str, depth: int = 0) -> Any:
        """Give a class's field, getter or method; looked for in its base classes too."""
        body = owner.node.child_by_field_name("body")
        for child in body.named_children if body is not None else ():
            key = child.child_by_field_name("property") or child.child_by_field_name("name")
            if unquoted(key) != name:
                continue
            if child.type in ("field_definition", "public_field_definition"):
                return self.evaluate(child.child_by_field_name("value"), owner.scope)
            if child.type == "method_definition" and any(text_of(part) == "get" for part in child.children):
                return self.returned(FunctionValue(owner.scope, child), {})
            return FunctionValue(owner.scope, child)
        assigned = _assigned_in_constructor(body, name)
        if assigned is not None:
            return self.evaluate(assigned, owner.scope)
        base = self.base_of(owner)
        return self.class_member(base, name, depth + 1) if base is not None and depth < 5 else UNKNOWN

    def base_of(self, owner: ClassValue) -> ClassValue | None:
        """Give a class's base class, when the package holds it."""
        heritage = next((child for child in owner.node.named_children if child.type == "class_heritage"), None)
        node = heritage.named_children[0] if heritage is not None and heritage.named_children else None
        if node is not None and node.type == "extends_clause":
            node = node.child_by_field_name("value")
        value = self.evaluate(node, owner.scope)
        return value if isinstance(value, ClassValue) and value.node != owner.node else None

    def returned(self, function: FunctionValue, bound: Mapping[str, Any]) -> Any:
        """Give what a function returns that only returns one expression."""
        body = function.node.child_by_field_name("body")
        scope = Scope(function.scope.module, {**function.scope.bound, **bound})
        if body is None or body.type != "statement_block":
            return self.evaluate(body, scope)
        returns = [child for child in body.named_children if child.type == "return_statement"]
        if len(returns) != 1 or not returns[0].named_children:
            return UNKNOWN
        return self.evaluate(returns[0].named_children[0], scope)

    def called(self, function: FunctionValue, values: list[Any]) -> Any:
        """Give what a function returns for these arguments."""
        return self.returned(function, self.bind(function, values))

    def bind(self, function: FunctionValue, values: list[Any]) -> dict[str, Any]:
        """Give a function's parameters the values of a call, taken apart where the parameter is a pattern."""
        single = function.node.child_by_field_name("parameter")
        listed = function.node.child_by_field_name("parameters")
        parameters = [single] if single is not None else (listed.named_children if listed is not None else [])
        bound: dict[str, Any] = {}
        for index, parameter in enumerate(parameters):
            value = values[index] if index < len(values) else UNKNOWN
            self.bind_pattern(parameter, value, function.scope, bound)
        return bound

    def bind_pattern(self, pattern: Node, value: Any, scope: Scope, bound: dict[str, Any]) -> None:
        """Bind the names of a pattern to what they stand for in a value."""
        if pattern.type in ("required_parameter", "optional_parameter"):
            inner = pattern.child_by_field_name("pattern")
            if value is UNKNOWN:
                value = self.evaluate(pattern.child_by_field_name("value"), scope)
            if inner is not None:
                self.bind_pattern(inner, value, scope, bound)
        elif pattern.type == "identifier":
            bound[text_of(pattern)] = value
        elif pattern.type == "assignment_pattern":
            default = self.evaluate(pattern.child_by_field_name("right"), scope) if value is UNKNOWN else value
            self.bind_pattern(pattern.named_children[0], default, scope, bound)
        elif pattern.type == "object_pattern":
            self._bind_properties(pattern, value, bound)
        elif pattern.type == "array_pattern" and isinstance(value, list):
            for child, item in zip(pattern.named_children, value, strict=False):
                self.bind_pattern(child, item, scope, bound)

    def _bind_properties(self, pattern: Node, value: Any, bound: dict[str, Any]) -> None:
        for child in pattern.named_children:
            key = child.named_children[0] if child.type == "pair_pattern" else child
            local = child.named_children[-1] if child.type == "pair_pattern" else child
            if child.type != "rest_pattern":
                bound[text_of(local)] = self.property_of(value, unquoted(key))

    def _identifier(self, node: Node, scope: Scope) -> Any:
        name = text_of(node)
        if name in scope.bound:
            return scope.bound[name]
        if name == "undefined":
            return None
        declaration = scope.module.visible(name, node)
        if declaration is not None and not _inside(node, declaration):
            value = self.declared(declaration, name, scope)
            if value is not UNKNOWN or name not in scope.module.imports:
                return value
        if name in scope.module.enums:
            return self._compiled_enum(scope.module, name)
        return self._imported(name, scope.module) if name in scope.module.imports else UNKNOWN

    def _compiled_enum(self, module: Module, name: str) -> dict[str, Any]:
        return {key: self.evaluate(value, Scope(module)) for key, value in module.enums[name].items()}

    def _imported(self, name: str, module: Module, depth: int = 0) -> Any:
        source, exported = module.imports[name]
        found = self.package.find(source, module.path)
        return self.exported(found, exported, depth + 1) if found is not None and found is not module else UNKNOWN

    def _member(self, node: Node, scope: Scope) -> Any:
        target, name = node.child_by_field_name("object"), text_of(node.child_by_field_name("property"))
        if target is not None and target.type == "this":
            owner = next((parent for parent in ancestors(node) if parent.type in ("class_declaration", "class")), None)
            return self.class_member(ClassValue(scope, owner), name) if owner is not None else UNKNOWN
        value = self.evaluate(target, scope)
        special = getattr(value, "javascript_property", None)
        return special(name) if special is not None else self.property_of(value, name)

    def _subscript(self, node: Node, scope: Scope) -> Any:
        value = self.evaluate(node.child_by_field_name("object"), scope)
        key = self.evaluate(node.child_by_field_name("index"), scope)
        if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            return value[key]
        return self.property_of(value, key) if isinstance(key, str) else UNKNOWN

    def _object(self, node: Node, scope: Scope) -> Any:
        made: dict[str, Any] = {}
        for child in node.named_children:
            if child.type == "pair":
                key = child.child_by_field_name("key")
                name = self._key(key, scope)
                if name is not None:
                    made[name] = self.evaluate(child.child_by_field_name("value"), scope)
            elif child.type == "shorthand_property_identifier":
                made[text_of(child)] = self._identifier(child, scope)
            elif child.type == "spread_element":
                value = self.evaluate(child.named_children[0], scope)
                if isinstance(value, dict):
                    made |= value
            elif child.type == "method_definition":
                made[unquoted(child.child_by_field_name("name"))] = FunctionValue(scope, child)
        return made

    def _key(self, key: Node | None, scope: Scope) -> str | None:
        if key is None:
            return None
        if key.type == "computed_property_name":
            value = self.evaluate(key.named_children[0], scope)
            return value if isinstance(value, str) else None
        return read_string(key) if key.type == "string" else text_of(key)

    def _array(self, node: Node, scope: Scope) -> Any:
        items: list[Any] = []
        for child in node.named_children:
            if child.type == "spread_element":
                value = self.evaluate(child.named_children[0], scope)
                items += value if isinstance(value, list) else [UNKNOWN]
            elif child.type != "comment":
                items.append(self.evaluate(child, scope))
        return items

    def _template(self, node: Node, scope: Scope) -> Any:
        pieces = []
        for child in node.named_children:
            if child.type == "template_substitution":
                value = self.evaluate(child.named_children[0], scope) if child.named_children else UNKNOWN
                if isinstance(value, bool) or not isinstance(value, str | int | float):
                    return UNKNOWN
                pieces.append(str(value))
            else:
                pieces.append(unescape_text(text_of(child)).replace("\r\n", "\n"))
        return "".join(pieces)

    def _binary(self, node: Node, scope: Scope) -> Any:
        operator = text_of(node.child_by_field_name("operator"))
        left = self.evaluate(node.child_by_field_name("left"), scope)
        if operator in ("||", "??") and left is not UNKNOWN:
            return left or self.evaluate(node.child_by_field_name("right"), scope)
        right = self.evaluate(node.child_by_field_name("right"), scope)
        if operator in ("||", "??"):
            return right  # what is left to the environment falls back to this
        if operator == "+" and any(isinstance(side, str) for side in (left, right)):
            both = all(isinstance(side, str | int | float) and not isinstance(side, bool) for side in (left, right))
            return f"{left}{right}"[:MAX_TEXT] if both else UNKNOWN
        if isinstance(left, int | float) and isinstance(right, int | float) and abs(left) + abs(right) < 1e15:
            return {"+": left + right, "-": left - right, "*": left * right}.get(operator, UNKNOWN)
        return UNKNOWN

    def _unary(self, node: Node, scope: Scope) -> Any:
        operator = text_of(node.child_by_field_name("operator"))
        value = self.evaluate(node.child_by_field_name("argument"), scope)
        if operator == "!" and value is not UNKNOWN:
            return not value
        return -value if operator == "-" and isinstance(value, int | float) else UNKNOWN

    def _ternary(self, node: Node, scope: Scope) -> Any:
        one = self.evaluate(node.child_by_field_name("consequence"), scope)
        other = self.evaluate(node.child_by_field_name("alternative"), scope)
        return one if one == other else UNKNOWN

    def _enum(self, node: Node, scope: Scope) -> Any:
        body = node.child_by_field_name("body")
        members: dict[str, Any] = {}
        for index, child in enumerate(body.named_children if body is not None else ()):
            if child.type == "enum_assignment":
                key = unquoted(child.child_by_field_name("name"))
                members[key] = self.evaluate(child.child_by_field_name("value"), scope)
            elif child.type != "comment":
                members[unquoted(child)] = index
        return members

    def _call(self, node: Node, scope: Scope) -> Any:
        return self._call_value(self, node, scope)

    def _new(self, node: Node, scope: Scope) -> Any:
        value = self.evaluate(node.child_by_field_name("constructor"), scope)
        return ClassValue(value.scope, value.node, made=True) if isinstance(value, ClassValue) else UNKNOWN


def _assigned_in_constructor(body: Node | None, name: str) -> Node | None:
    """Find the value of `this.name = …` in a class's constructor, where compilers put fields."""
    for child in body.named_children if body is not None else ():
        if child.type == "method_definition" and text_of(child.child_by_field_name("name")) == "constructor":
            block = child.child_by_field_name("body")
            for statement in block.named_children if block is not None else ():
                inner = statement.named_children[0] if statement.named_children else statement
                left = inner.child_by_field_name("left") if inner.type == "assignment_expression" else None
                if text_of(left) == f"this.{name}":
                    return inner.child_by_field_name("right")
    return None


def _inside(node: Node, outer: Node) -> bool:
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte
