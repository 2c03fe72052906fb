"""Which server object a name means, and under which prefix that server is mounted on another.

A server is known by the place that makes it; what it is made of does not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.extractors.python_module import Module, ancestors, locals_of
from crawler.extractors.python_references import FunctionRef, Scope, ServerPlace
from crawler.extractors.python_syntax import statements, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tree_sitter import Node

    from crawler.extractors.python_values import Evaluator

PLACE = "@place"  # an environment holds, beside a variable's value, the place of the object it names
_MAX_STEPS = 8
_MOUNTS = ("mount", "import_server")


def server_place(evaluator: Evaluator, module: Module, node: Node, bound: Mapping[str, Any]) -> ServerPlace | None:
    """Find the place that makes the object an expression names; None for what is not a name or a call."""
    for _ in range(_MAX_STEPS):
        if node.type == "await" and node.named_children:
            node = node.named_children[0]
        if node.type == "call":
            made = _returned_name(evaluator, module, node, bound)
            if made is None:
                return None
            module, node, bound = made
            continue
        text = text_of(node)
        if node.type not in ("identifier", "attribute") or len(text) > 200:
            return None
        if (given := bound.get(text + PLACE)) is not None:
            return given if isinstance(given, ServerPlace) else None
        owner, value = _assignment(module, node, text)
        if owner is not None:
            if value is None or value.type not in ("call", "identifier", "await"):
                return ServerPlace(module.path, owner.start_byte, text)
            made = (
                _returned_name(evaluator, module, value, bound)
                if value.type != "identifier"
                else (module, value, bound)
            )
            if made is None:
                return ServerPlace(module.path, owner.start_byte, text)
            module, node, bound = made
            continue
        return _module_place(evaluator, module, text)
    return None


def _assignment(module: Module, node: Node, name: str) -> tuple[Node | None, Node | None]:
    """Find the innermost function that gives a name, and the value it gives."""
    for function in (one for one in ancestors(module, node) if one.type == "function_definition"):
        known = locals_of(module, function)
        if name in known.values:
            return function, known.values[name][0]
        if name in known.parameters:
            return function, None
    return None, None


def _module_place(evaluator: Evaluator, module: Module, name: str) -> ServerPlace:
    for _ in range(_MAX_STEPS):
        first, _, rest = name.partition(".")
        if name in module.values or first not in module.imports:
            break
        source, symbol = module.imports[first]
        dotted = f"{source}.{symbol}" if symbol and rest else source
        found = evaluator.package.find(dotted, module.path)
        if found is None or not (symbol or rest):
            break
        module, name = found, rest or symbol or ""
    value = module.values.get(name)
    made = _returned_name(evaluator, module, value, {}) if value is not None and value.type == "call" else None
    if made is not None:
        return server_place(evaluator, *made) or ServerPlace(module.path, -1, name)
    return ServerPlace(module.path, -1, name)


def _returned_name(
    evaluator: Evaluator, module: Module, call: Node, bound: Mapping[str, Any]
) -> tuple[Module, Node, Mapping[str, Any]] | None:
    """Find the name that a called function of the package returns."""
    node = call.named_children[0] if call.type == "await" and call.named_children else call
    called = evaluator.evaluate(node.child_by_field_name("function"), Scope(module, node, bound))
    body = called.node.child_by_field_name("body") if isinstance(called, FunctionRef) else None
    for statement in statements(body) if body is not None else ():
        value = next(iter(statement.named_children), None) if statement.type == "return_statement" else None
        if value is not None and value.type == "identifier":
            return called.module, value, {}
    return None


def mounted_prefixes(evaluator: Evaluator, modules: Iterable[Module]) -> dict[ServerPlace, str]:
    """Find the prefixes under which servers are mounted on others."""
    prefixes: dict[ServerPlace, str] = {}
    for module in modules:
        for name in _MOUNTS:
            for call in module.calls.get(name, ()):
                found = _mount(evaluator, module, call)
                if found is not None:
                    prefixes[found[0]] = found[1]
    return prefixes


def _mount(evaluator: Evaluator, module: Module, call: Node) -> tuple[ServerPlace, str] | None:
    callee = call.child_by_field_name("function")
    if callee is None or callee.type != "attribute":
        return None
    scope = Scope(module, call)
    positional, keywords = evaluator.arguments(call)
    prefix = next((keywords[key] for key in ("prefix", "namespace") if key in keywords), None)
    server = keywords.get("server")
    for node in positional:
        value = evaluator.evaluate(node, scope)
        if isinstance(value, str) and prefix is None:
            prefix = node
        elif server is None and node.type in ("identifier", "attribute", "call"):
            server = node
    text = evaluator.evaluate(prefix, scope) if prefix is not None else None
    if server is None or not isinstance(text, str) or not text:
        return None
    place = server_place(evaluator, module, server, {})
    return (place, text) if place is not None else None
