"""What the variables around a piece of code are bound to: loops over literals, callbacks, parameters of wrappers.

A house wrapper is a function that registers a tool for its caller; its callers say which.
"""

import re
from collections.abc import Iterator
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_module import JavascriptPackage, Module, ancestors, text_of
from crawler.extractors.javascript_values import Evaluator, FunctionValue, NamespaceValue, Scope

MAX_ENVIRONMENTS = 3_000
SDK_METHODS = frozenset(("tool", "registerTool", "addTool", "registerToolTask"))
_ITERATING = frozenset(("forEach", "map", "flatMap", "filter"))
_FUNCTIONS = frozenset(("function_declaration", "function_expression", "arrow_function", "method_definition"))
_NAME = re.compile(r"[A-Za-z_$][\w$]*")


class Bindings:
    """Finds, for a node, every environment that it is run in."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._package: JavascriptPackage = evaluator.package
        self._sites: dict[str, list[tuple[Module, Node]]] = {}

    def environments(self, module: Module, node: Node, depth: int = 0) -> list[dict[str, Any]]:
        """Give the bindings of all turns and callers around a node; one empty one when there are none."""
        environments: list[dict[str, Any]] = [{}]
        for binder in reversed([parent for parent in ancestors(node) if _binds(parent)]):
            widened = []
            for environment in environments[:MAX_ENVIRONMENTS]:
                turns = list(self._turns(module, binder, environment, depth))
                widened += [{**environment, **turn} for turn in turns] if turns else [environment]
            environments = widened[:MAX_ENVIRONMENTS]
        return environments

    def _turns(self, module: Module, binder: Node, bound: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
        scope = Scope(module, bound)
        if binder.type == "for_in_statement":
            items = self._evaluator.evaluate(binder.child_by_field_name("right"), scope)
            left = binder.child_by_field_name("left")
            if isinstance(items, list) and left is not None:
                for item in items[:MAX_ENVIRONMENTS]:
                    turn: dict[str, Any] = {}
                    self._evaluator.bind_pattern(left, item, scope, turn)
                    yield turn
            return
        iterated = _iterated(binder)
        if iterated is not None:
            items = self._evaluator.evaluate(iterated, scope)
            for item in items[:MAX_ENVIRONMENTS] if isinstance(items, list) else ():
                yield self._evaluator.bind(FunctionValue(scope, binder), [item])
            return
        name = _name_of(binder)
        if name and depth < 3:
            yield from self._callers(module, binder, name, depth)

    def _callers(self, module: Module, function: Node, name: str, depth: int) -> Iterator[dict[str, Any]]:
        is_method = function.type == "method_definition" or (
            function.parent is not None and function.parent.type == "pair"
        )
        for site_module, call in self._call_sites(name):
            if _inside(call, function) and site_module is module:
                continue
            # An SDK's own method names are called on servers everywhere; a house name means the house's function.
            if name in SDK_METHODS and not is_method and not self._calls_plainly(site_module, call):
                continue
            arguments = call.child_by_field_name("arguments")
            nodes = [child for child in arguments.named_children if child.type != "comment"] if arguments else []
            if not nodes:
                continue
            for values in self._arguments(site_module, call, nodes, depth):
                turn = self._evaluator.bind(FunctionValue(Scope(module), function), values)
                if any(value is not UNKNOWN for value in turn.values()):
                    yield turn

    def _arguments(self, module: Module, call: Node, nodes: list[Node], depth: int) -> Iterator[list[Any]]:
        """Evaluate a call's arguments as they stand; once for each environment only when the first is not known."""
        plain = [self._evaluator.evaluate(node, Scope(module)) for node in nodes]
        if plain[0] is not UNKNOWN:
            yield plain
            return
        for bound in self.environments(module, call, depth + 1):
            yield [self._evaluator.evaluate(node, Scope(module, bound)) for node in nodes]

    def _calls_plainly(self, module: Module, call: Node) -> bool:
        """Tell a call of a function from a call of somebody's method that has the same name."""
        callee = call.child_by_field_name("function")
        if callee is None or callee.type != "member_expression":
            return True
        return isinstance(self._evaluator.evaluate(callee.child_by_field_name("object"), Scope(module)), NamespaceValue)

    def _call_sites(self, name: str) -> list[tuple[Module, Node]]:
        if name not in self._sites:
            self._sites[name] = list(self._find_call_sites(name))
        return self._sites[name]

    def _find_call_sites(self, name: str) -> Iterator[tuple[Module, Node]]:
        if not _NAME.fullmatch(name) or len(name) < 2:
            return
        word = name.encode()
        query = (
            f'(call_expression function: (identifier) @f (#eq? @f "{name}")) @call\n'
            "(call_expression function: (member_expression property: (property_identifier) @f)"
            f' (#eq? @f "{name}")) @call\n'
            "(call_expression function: (parenthesized_expression (sequence_expression"
            f' (member_expression property: (property_identifier) @f))) (#eq? @f "{name}")) @call'
        )
        for path, data in sorted(self._package.files.items()):
            if word in data and _is_source(path) and (module := self._package.module(path)) is not None:
                for call in module.query(query).get("call", [])[:MAX_ENVIRONMENTS]:
                    yield module, call


def _binds(node: Node) -> bool:
    return node.type in _FUNCTIONS or node.type == "for_in_statement"


def _iterated(function: Node) -> Node | None:
    """Give the list whose `forEach` or `map` calls a function."""
    arguments = function.parent
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    callee = call.child_by_field_name("function") if call is not None else None
    if callee is None or callee.type != "member_expression":
        return None
    if text_of(callee.child_by_field_name("property")) not in _ITERATING:
        return None
    return callee.child_by_field_name("object")


def _name_of(function: Node) -> str:
    named = function.child_by_field_name("name")
    if named is not None:
        return text_of(named)
    parent = function.parent
    if parent is not None and parent.type == "variable_declarator":
        return text_of(parent.child_by_field_name("name"))
    if parent is not None and parent.type == "pair":
        return text_of(parent.child_by_field_name("key"))
    if parent is not None and parent.type == "assignment_expression":
        return text_of(parent.child_by_field_name("left")).rsplit(".", 1)[-1]
    return ""


def _is_source(path: str) -> bool:
    return path.endswith((".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx")) and not path.endswith(".d.ts")


def _inside(node: Node, outer: Node) -> bool:
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte
