"""The ways JavaScript servers declare tools: registration calls, tool objects, classes, exported metadata."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tree_sitter import Node

from catalog.records import ToolDefinition
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_bindings import Bindings, call_around
from crawler.extractors.javascript_candidates import class_may_be_tool, is_of_others, may_be_tool, name_from_key
from crawler.extractors.javascript_classes import CLASS_KINDS, class_member
from crawler.extractors.javascript_definitions import SCHEMA_KEYS, define, said_positional
from crawler.extractors.javascript_evaluator import Evaluator
from crawler.extractors.javascript_listing import list_tools
from crawler.extractors.javascript_methods import NAMING_METHODS, constructions, held_back, said_by_methods
from crawler.extractors.javascript_module import FUNCTIONS, Module, Unresolved
from crawler.extractors.javascript_text import arguments_of, excerpt, short_text, unquoted
from crawler.extractors.javascript_values import ClassValue, FunctionValue, PartialText, Scope

_CALLS = (b"tool", b"registerTool", b"registerToolTask", b"addTool")
_CALLED = re.compile(rb"\s{0,20}[(<]")
_KEYS = (b"description", b"inputSchema")
_ENDED = re.compile(rb"(?![\w$])")
_FIELDS = (b"name", b"toolName", b"super", *NAMING_METHODS)
_GIVEN_VALUE = re.compile(rb"(?![\w$])\s{0,10}(?::[^=;\n]{0,80})?[=(]")
_GIVEN = FUNCTIONS | {"object"}
_ABOUT = ("name", "toolName", "title", "description", "annotations", "outputSchema", *SCHEMA_KEYS)


class ToolFinder:
    """Finds the tools of one package's modules; `reasons` say what could not be made out."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = self.evaluator = evaluator
        self._bindings = Bindings(evaluator)
        self._consumed: set[tuple[str, int]] = set()
        self.reasons: list[str] = []

    def find(self, module: Module) -> list[ToolDefinition]:
        """Find every tool that a module declares with its name, within one file's share of the budget."""
        return self._within_budget(module, self._find(module))

    def find_named_by_key(self, module: Module) -> list[ToolDefinition]:
        """Find the tools of maps by name; they look like configurations, so ask only where nothing else is found."""
        return self._within_budget(module, self._find_named_by_key(module))

    def find_listed(self, module: Module) -> list[ToolDefinition]:
        """Find the tools that a module's `tools/list` handlers answer with."""
        return self._within_budget(module, list_tools(self._evaluator, module))

    def _within_budget(self, module: Module, found: Iterator[ToolDefinition]) -> list[ToolDefinition]:
        self._evaluator.budget.begin_file()
        definitions = list(found)
        if self._evaluator.budget.exhausted:
            self.reasons.append(f"{module.path}: too much to work out; what is left of the file is not analysed")
        return definitions

    def _find(self, module: Module) -> Iterator[ToolDefinition]:
        for name in module.occurrences(_CALLS, _CALLED):
            call = call_around(module, name)
            if call is not None:
                yield from self._registered(module, call, f"javascript-{short_text(name)}")
        for node in _objects(module):
            if (module.path, node.id) not in self._consumed and may_be_tool(module, node):
                yield from self._described(module, node)
        for owner in _classes(module):
            if class_may_be_tool(module, owner):
                yield from self._class(module, owner)
        if "metadata" in module.declared and "schema" in module.declared:
            yield from self._exported(module)

    def _find_named_by_key(self, module: Module) -> Iterator[ToolDefinition]:
        for node in _objects(module):
            name = name_from_key(module, node)
            if name is not None and (module.path, node.id) not in self._consumed:
                said = self._evaluator.evaluate(node, Scope(module))
                if isinstance(said, dict):
                    yield from _given(define(module, node, {**said, "name": name}, "javascript-tool-map"))

    def _registered(self, module: Module, call: Node, pattern: str) -> Iterator[ToolDefinition]:
        nodes = arguments_of(call)
        if not nodes or (pattern == "javascript-tool" and len(nodes) < 2 and nodes[0].type != "object"):
            return
        callee = call.child_by_field_name("function")
        bare = callee is not None and callee.type == "identifier"
        is_house = bare and isinstance(self._evaluator.evaluate(callee, Scope(module)), FunctionValue)
        if is_house or (bare and pattern == "javascript-tool"):
            return  # a function of the house: what it registers inside is found there, for each of its callers
        self._consumed.update((module.path, node.id) for node in nodes)
        guard = self._bindings.guard(module, call)
        found = False
        for values in self._runs(module, call, nodes):
            said = said_positional(values) if isinstance(values[0], str) or len(values) > 1 else values[0]
            for definition in _given(define(module, call, said, pattern) if isinstance(said, dict) else None):
                found = True
                yield definition if definition.conditional else replace(definition, conditional=guard)
        if not found and not bare and (pattern != "javascript-tool" or any(node.type in _GIVEN for node in nodes[1:])):
            self.reasons.append(_computed(module, call, nodes[0]))

    def _described(self, module: Module, node: Node) -> Iterator[ToolDefinition]:
        found, told = False, False
        for values in self._runs(module, node, [node]):
            said = values[0]
            for definition in _given(define(module, node, said, "javascript-tool-object")):
                found = True
                yield definition
            told = told or (isinstance(said.get("description"), str) and "name" in said)
        if told and not found:
            name = next((child for child in node.named_children if _is_name(child)), node)
            self.reasons.append(_computed(module, node, name.child_by_field_name("value") or name))

    def _runs(self, module: Module, node: Node, nodes: list[Node]) -> Iterator[list[Any]]:
        """Evaluate nodes as they stand, or once for each environment that they are run in."""
        plain = [self._evaluator.evaluate(one, Scope(module)) for one in nodes]
        first = plain[0].get("name", UNKNOWN) if isinstance(plain[0], dict) else plain[0]
        if isinstance(first, str):
            yield plain
            return
        for bound in self._bindings.environments(module, node):
            scope = Scope(module, bound)
            yield [self._evaluator.evaluate(one, scope) for one in nodes] if bound else plain

    def _class(self, module: Module, owner: Node) -> Iterator[ToolDefinition]:
        value = ClassValue(Scope(module), owner)
        found = list(self._instance(module, owner, value))
        if not found:
            for instance in self._instances(module, owner):
                found += self._instance(module, owner, instance)
        yield from found

    def _instances(self, module: Module, owner: Node) -> Iterator[ClassValue]:
        """Give a class's instances where its methods name a tool after what the constructor is given."""
        value = ClassValue(Scope(module), owner)
        if not any(method in (owner.text or b"") for method in NAMING_METHODS):
            return
        for site, made in constructions(self._evaluator, value):
            for bound in self._bindings.environments(site, made):
                scope = Scope(site, bound)
                given = tuple(self._evaluator.evaluate(one, scope) for one in arguments_of(made))
                yield ClassValue(Scope(module), owner, given)

    def _instance(self, module: Module, owner: Node, value: ClassValue) -> Iterator[ToolDefinition]:
        said = {}
        for key in _ABOUT:
            member = class_member(self._evaluator, value, key)
            if member is not UNKNOWN and not isinstance(member, FunctionValue):
                said[key] = member
        if isinstance(said.get("toolName"), str):
            said["name"] = said["toolName"]
        if not isinstance(said.get("name"), str) or "description" not in said:
            said |= said_by_methods(self._evaluator, value, _ABOUT)
        if isinstance(said.get("description"), str | PartialText) and any(key in said for key in SCHEMA_KEYS):
            for definition in _given(define(module, owner, said, "javascript-class")):
                held = held_back(self._evaluator, value)
                yield replace(definition, conditional=held) if held else definition

    def _exported(self, module: Module) -> Iterator[ToolDefinition]:
        said = self._evaluator.exported(module, "metadata")
        declared = module.resolve("metadata", None)
        if isinstance(declared, Unresolved) or not isinstance(said, dict) or "description" not in said:
            return
        stem = module.path.rsplit("/", 1)[-1].split(".", 1)[0]
        if "tools/" in module.path or ("name" in said and not is_of_others(module)):
            schema = self._evaluator.exported(module, "schema")
            said = {"name": stem, "inputSchema": schema, **said}
            yield from _given(define(module, declared.node, said, "javascript-metadata"))


def _objects(module: Module) -> list[Node]:
    """Find the object literals that have a description or an input schema, each once."""
    found: dict[int, Node] = {}
    for node in module.occurrences(_KEYS, _ENDED):
        parents = module.ancestors(node)[:3]
        for parent in parents:
            if parent.type == "object":
                found.setdefault(parent.id, parent)
                break
            if parent.type not in ("pair", "string", "method_definition"):
                break
    return list(found.values())


def _classes(module: Module) -> list[Node]:
    """Find the classes that have a field, getter or assignment by which tools are named, each once."""
    found: dict[int, Node] = {}
    for node in module.occurrences(_FIELDS, _GIVEN_VALUE):
        parents = module.ancestors(node)
        is_member = any(parent.type == "class_body" for parent in parents[:6])
        owner = next((parent for parent in parents if parent.type in CLASS_KINDS), None) if is_member else None
        if owner is not None:
            found.setdefault(owner.id, owner)
    return list(found.values())


def _given(definition: ToolDefinition | None) -> Iterator[ToolDefinition]:
    if definition is not None:
        yield definition


def _is_name(child: Node) -> bool:
    return child.type == "pair" and unquoted(child.child_by_field_name("key")) == "name"


def _computed(module: Module, node: Node, name: Node) -> str:
    return f"{module.path}:{module.line_of(node)}: a tool's name is computed at run time: {excerpt(name, 80)}"
