"""What a name or an attribute means where it stands: locals, parameters, module values, imports, class attributes.

Only looks names up; what an expression is worth is the evaluator's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_growth import grown
from crawler.extractors.python_module import Module, ancestors, attribute_values, locals_of
from crawler.extractors.python_references import ClassRef, FunctionRef, Scope
from crawler.extractors.python_syntax import assigned, definition_of, statements, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from crawler.extractors.python_values import Evaluator

_MAX_IMPORTS = 10
_MAX_BASES = 5
_ABSENT = object()


def resolve(evaluator: Evaluator, name: str, module: Module, depth: int = 0) -> Any:
    """Give the value of a module's top-level name, followed through imports."""
    if depth > _MAX_IMPORTS:
        return UNKNOWN
    if name in module.functions:
        return FunctionRef(module, module.functions[name])
    if name in module.classes:
        return ClassRef(module, module.classes[name])
    if name in module.values:
        return evaluator.constant(module, name)
    if name in module.imports:
        return _imported(evaluator, module, *module.imports[name], depth)
    for source in module.stars:
        found = evaluator.package.find(source, module.path)
        if found is not None and found is not module:
            value = resolve(evaluator, name, found, depth + 1)
            if value is not UNKNOWN:
                return value
    return UNKNOWN


def _imported(evaluator: Evaluator, module: Module, source: str, symbol: str | None, depth: int) -> Any:
    found = evaluator.package.find(source, module.path)
    if symbol is None:
        return found or UNKNOWN
    if found is not None and found is not module:
        value = resolve(evaluator, symbol, found, depth + 1)
        if value is not UNKNOWN:
            return value
    submodule = f"{source.rstrip('.')}.{symbol}" if source.strip(".") else source + symbol
    return evaluator.package.find(submodule, module.path) or UNKNOWN


def look_up(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    """Give an identifier's value where it stands."""
    name = text_of(node)
    if name in scope.bound:
        return scope.bound[name]
    for parent in ancestors(scope.module, node):
        found = _ABSENT
        if parent.type == "function_definition":
            found = _local(evaluator, parent, node, scope)
        elif parent.type == "class_definition":
            found = _class_level(evaluator, parent, node, scope)
        if found is not _ABSENT:
            return found
    return resolve(evaluator, name, scope.module)


def _class_level(evaluator: Evaluator, owner: Node, node: Node, scope: Scope) -> Any:
    body = owner.child_by_field_name("body")
    for statement in statements(body) if body is not None else ():
        pair = assigned(statement)
        if pair is not None and pair[0] == text_of(node) and not _inside(node, pair[1]):
            return evaluator.evaluate(pair[1], scope)
    return _ABSENT


def _local(evaluator: Evaluator, function: Node, node: Node, scope: Scope) -> Any:
    """Give a local's value when one assignment decides it."""
    name = text_of(node)
    known = locals_of(scope.module, function)
    if name in known.extended:
        return UNKNOWN
    if name in known.definitions:
        definition = known.definitions[name]
        kind = FunctionRef if definition.type == "function_definition" else ClassRef
        return kind(scope.module, definition)
    if name in known.imported and name in scope.module.imports:
        return _imported(evaluator, scope.module, *scope.module.imports[name], 0)
    if name in known.values:
        value = evaluator.evaluate(_latest(scope.module, known.values[name], node), scope)
        return grown(evaluator, value, name, scope, function)
    if name in known.parameters:
        if known.parameters[name] is None:
            kind = evaluator.evaluate(known.types.get(name), Scope(scope.module))
            return ClassRef(kind.module, kind.node, made=True) if isinstance(kind, ClassRef) else UNKNOWN
        # What the caller leaves out is the configuration that most people run.
        return evaluator.evaluate(known.parameters[name], Scope(scope.module))
    return _ABSENT


def _latest(module: Module, values: list[Node], node: Node) -> Node | None:
    """Pick the assignment that decides a name at a node; None when branches or loops leave it open."""
    if len(values) == 1:
        return None if _inside(node, values[0]) else values[0]
    before = [value for value in values if value.end_byte <= node.start_byte]
    straight = before and all(_depth(module, value) == _depth(module, values[0]) for value in values)
    return before[-1] if straight else None


def _depth(module: Module, node: Node) -> int:
    """Count the branches and loops around a node, up to its function."""
    count = 0
    for parent in ancestors(module, node):
        if parent.type == "function_definition":
            break
        count += parent.type == "block"
    return count


def class_attribute(evaluator: Evaluator, owner: ClassRef, name: str, depth: int = 0) -> Any:
    """Give a class's attribute: a method, a constant, what its methods assign to self; looked for in bases too."""
    body = owner.node.child_by_field_name("body")
    for statement in statements(body) if body is not None else ():
        definition = definition_of(statement)
        if definition.type == "function_definition" and text_of(definition.child_by_field_name("name")) == name:
            return FunctionRef(owner.module, definition)
        pair = assigned(statement)
        if pair is not None and pair[0] == name:
            return evaluator.evaluate(pair[1], Scope(owner.module, pair[1]))
    given = attribute_values(owner.module, owner.node).get(name, [])
    if given:
        value = evaluator.evaluate(given[0], Scope(owner.module, given[0])) if len(given) == 1 else UNKNOWN
        return grown(evaluator, value, name, Scope(owner.module), owner.node)
    for base in bases(evaluator, owner) if depth < _MAX_BASES else ():
        value = class_attribute(evaluator, base, name, depth + 1)
        if value is not UNKNOWN:
            return value
    return UNKNOWN


def bases(evaluator: Evaluator, owner: ClassRef) -> list[ClassRef]:
    """Give those base classes of a class that the package holds."""
    listed = owner.node.child_by_field_name("superclasses")
    found = [evaluator.evaluate(node, Scope(owner.module)) for node in (listed.named_children if listed else ())]
    return [base for base in found if isinstance(base, ClassRef) and base.node != owner.node]


def unpack(target: Node, value: Any) -> dict[str, Any]:
    """Give what a loop's target names are bound to for one item."""
    names = [text_of(child) for child in target.named_children] or [text_of(target)]
    values = value if len(names) > 1 and isinstance(value, list) else [value]
    return dict(zip(names, values, strict=False))


def _inside(node: Node, outer: Node) -> bool:
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte
