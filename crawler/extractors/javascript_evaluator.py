"""What a JavaScript expression is worth without running it: constants, followed across the package's files.

Bounded in steps, depth and size. What it cannot know is UNKNOWN, never a guess.
"""

from collections import deque
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Final

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN, Budget
from crawler.extractors.javascript_class_body import ClassBody, read_class
from crawler.extractors.javascript_classes import CLASS_KINDS, class_member, class_of, super_member
from crawler.extractors.javascript_module import FUNCTIONS, Declaration, Module, Unresolved
from crawler.extractors.javascript_operators import binary, template, ternary, unary
from crawler.extractors.javascript_package import JavascriptPackage
from crawler.extractors.javascript_structures import array_value, enum_value, object_value
from crawler.extractors.javascript_text import (
    arguments_of,
    read_number,
    read_string,
    short_text,
    text_of,
    unquoted,
    unwrapped,
)
from crawler.extractors.javascript_values import ClassValue, FunctionValue, NamespaceValue, OpenObject, Scope

MAX_REEXPORTS: Final = 300

_ENVIRONMENTS = ("process.env", "import.meta.env")
_PATTERN_PARTS = ("shorthand_property_identifier_pattern", "identifier")

CallRule = Callable[["Evaluator", Node, Scope], Any]


class Evaluator:
    """Evaluates expressions of one package, with one budget for all of them."""

    def __init__(self, package: JavascriptPackage, call_value: CallRule) -> None:
        self.package = package
        self._call_value = call_value
        self.budget = Budget()
        self._cuts = 0
        self._constants: dict[tuple[str, int], Any] = {}
        self._enumerations: dict[tuple[str, str], dict[str, Any]] = {}
        self._under_way: set[Hashable] = set()
        self._class_bodies: dict[int, ClassBody] = {}
        self._kinds: dict[str, Callable[[Node, Scope], Any]] = {
            "string": lambda node, _scope: read_string(node),
            "template_string": partial(template, self),
            "number": lambda node, _scope: read_number(text_of(node)),
            "true": lambda _node, _scope: True,
            "false": lambda _node, _scope: False,
            "null": lambda _node, _scope: None,
            "undefined": lambda _node, _scope: None,
            "identifier": self._identifier,
            "shorthand_property_identifier": self._identifier,
            "this": class_of,
            "member_expression": self._member,
            "subscript_expression": self._subscript,
            "object": partial(object_value, self),
            "array": partial(array_value, self),
            "binary_expression": partial(binary, self),
            "unary_expression": partial(unary, self),
            "ternary_expression": partial(ternary, self),
            "call_expression": lambda node, scope: self._call_value(self, node, scope),
            "new_expression": self._new,
            "sequence_expression": lambda node, scope: self.evaluate(node.named_children[-1], scope),
            "assignment_expression": lambda node, scope: self.evaluate(node.child_by_field_name("right"), scope),
            "enum_declaration": partial(enum_value, self),
            **dict.fromkeys(FUNCTIONS, lambda node, scope: FunctionValue(scope, node)),
            **dict.fromkeys(CLASS_KINDS, lambda node, scope: ClassValue(scope, node)),
        }

    def evaluate(self, node: Node | None, scope: Scope) -> Any:
        """Give an expression's value, or UNKNOWN."""
        if node is None:
            return UNKNOWN
        if not self.budget.spend():
            self._cuts += 1
            return UNKNOWN
        node = unwrapped(node)
        kind = self._kinds.get(node.type)
        if kind is None:
            return UNKNOWN
        return self.budget.nested(kind, node, scope)

    def constant(self, node: Node, scope: Scope) -> Any:
        """Evaluate what a name is declared as: once when nothing is bound around it, and never inside itself."""
        key = (scope.module.path, node.id)
        if not scope.bound and key in self._constants:
            return self._constants[key]
        cuts = self._cuts
        value = self.never_inside_itself(key, partial(self.evaluate, node, scope))
        if not scope.bound and cuts == self._cuts:
            self._constants[key] = value
        return value

    def never_inside_itself(self, key: Hashable, find: Callable[[], Any]) -> Any:
        """Give what `find` finds; UNKNOWN where that is asked for while it is being found. `key` says what it is."""
        if key in self._under_way:
            self._cuts += 1
            return UNKNOWN
        self._under_way.add(key)
        try:
            return find()
        finally:
            self._under_way.discard(key)

    def class_body(self, node: Node) -> ClassBody:
        """Give what a class of the package holds."""
        if node.id not in self._class_bodies:
            self._class_bodies[node.id] = read_class(node)
        return self._class_bodies[node.id]

    def exported(self, module: Module, name: str) -> Any:
        """Give what a module exports under a name, followed through re-exports."""
        waiting, seen = deque([(module, name)]), set[tuple[str, str]]()
        while waiting and len(seen) < MAX_REEXPORTS:
            module, name = waiting.popleft()
            if (module.path, name) in seen:
                continue
            seen.add((module.path, name))
            if name == "*":
                return NamespaceValue(module)
            if name in module.exported_values:
                return self.constant(module.exported_values[name], Scope(module))
            local = module.exports.get(name, name)
            if local in module.enums or not isinstance(module.resolve(local, None), Unresolved):
                return self.named(local, Scope(module), None)
            further = [(source, original) for exported, source, original in module.forwards if exported == name]
            further += [(source, name) for exported, source, _ in module.forwards if exported == "*"]
            further += [module.imports[local]] if local in module.imports else []
            for source, original in further:
                if (found := self.package.find(source, module.path)) is not None:
                    waiting.append((found, original))
            whole = module.exported_values.get("default")
            if whole is not None and not further and name != "default":  # `module.exports = {…}`
                return self.property_of(self.constant(whole, Scope(module)), name)
        return UNKNOWN

    def named(self, name: str, scope: Scope, node: Node | None) -> Any:
        """Give what a name stands for where a node stands; at the top level of the module for no node."""
        module = scope.module
        found = module.resolve(name, node)
        if found is Unresolved.PARAMETER:
            return scope.bound.get(name, UNKNOWN)
        if name in module.enums:
            return self._enumerated(module, name, found)
        if found is Unresolved.ABSENT and name in module.imports:
            return self._imported(*module.imports[name], module)
        if isinstance(found, Unresolved):
            return UNKNOWN
        inner = Scope(module) if found.at_top else scope
        if found.node.type in _PATTERN_PARTS and text_of(found.node) == name:
            return self._destructured(found.node, name, inner)
        value = self.constant(found.node, inner)
        # Something is put into it elsewhere: what it lacks here it may have there.
        return OpenObject(value) if name in module.properties and isinstance(value, dict) else value

    def property_of(self, value: Any, name: str) -> Any:
        """Give a property of a value."""
        if isinstance(value, dict):
            return value.get(name, UNKNOWN if isinstance(value, OpenObject) else None)
        if isinstance(value, NamespaceValue):
            found = self.exported(value.module, name)
            # A module without a default export is its own under `import x` and `__importDefault`.
            return value if found is UNKNOWN and name == "default" else found
        if isinstance(value, ClassValue):
            return class_member(self, value, name)
        if isinstance(value, list) and name == "length":
            return len(value)
        special = getattr(value, "javascript_property", None)
        return special(name) if special is not None else UNKNOWN

    def _destructured(self, bound: Node, name: str, scope: Scope) -> Any:
        """Give a name of `const {a, b: c, d = 1} = value`; one level deep."""
        path = scope.module.ancestors(bound)
        part = path[0] if path and path[0].type in ("pair_pattern", "object_assignment_pattern") else bound
        holder = next((parent for parent in path if parent.type == "variable_declarator"), None)
        if holder is None or part.type == "identifier":
            return UNKNOWN
        key = unquoted(part.named_children[0]) if part.type == "pair_pattern" else name
        return self.property_of(self.evaluate(holder.child_by_field_name("value"), scope), key)

    def _identifier(self, node: Node, scope: Scope) -> Any:
        name = text_of(node)
        return None if name == "undefined" else self.named(name, scope, node)

    def _imported(self, source: str, exported: str, importer: Module) -> Any:
        found = self.package.find(source, importer.path)
        if found is not None:
            return self.exported(found, exported)
        data = self.package.find_json(source, importer.path)
        return UNKNOWN if data is None else data

    def _enumerated(self, module: Module, name: str, found: Declaration | Unresolved) -> dict[str, Any]:
        """Give what TypeScript makes of an enum: an object that is filled in after it is declared."""
        if (module.path, name) not in self._enumerations:
            before = self.constant(found.node, Scope(module)) if isinstance(found, Declaration) else {}
            members = {key: self.evaluate(value, Scope(module)) for key, value in module.enums[name].items()}
            self._enumerations[module.path, name] = {**(before if isinstance(before, dict) else {}), **members}
        return self._enumerations[module.path, name]

    def _member(self, node: Node, scope: Scope) -> Any:
        target, name = node.child_by_field_name("object"), text_of(node.child_by_field_name("property"))
        if short_text(target) in _ENVIRONMENTS:
            return None  # as the server runs when nothing is set
        if short_text(target) in ("exports", "module.exports"):
            return self.exported(scope.module, name)
        if target is not None and target.type == "super":
            return super_member(self, node, name, scope)
        return self.property_of(self.evaluate(target, scope), name)

    def _subscript(self, node: Node, scope: Scope) -> Any:
        value = self.evaluate(node.child_by_field_name("object"), scope)
        key = self.evaluate(node.child_by_field_name("index"), scope)
        if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            return value[key]
        return self.property_of(value, key) if isinstance(key, str) else UNKNOWN

    def _new(self, node: Node, scope: Scope) -> Any:
        value = self.evaluate(node.child_by_field_name("constructor"), scope)
        if not isinstance(value, ClassValue):
            return UNKNOWN
        return ClassValue(value.scope, value.node, tuple(self.evaluate(one, scope) for one in arguments_of(node)))
