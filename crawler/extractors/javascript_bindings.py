"""What the variables around a piece of code are bound to: loops over literals, callbacks, parameters of wrappers.

A house wrapper is a function that registers a tool for its caller; its callers say which.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_definitions import guard_of
from crawler.extractors.javascript_evaluator import Evaluator
from crawler.extractors.javascript_functions import bind, bind_pattern
from crawler.extractors.javascript_module import FUNCTIONS, Module, find_word, name_of_function
from crawler.extractors.javascript_text import arguments_of, short_text
from crawler.extractors.javascript_values import ClassValue, FunctionValue, NamespaceValue, Scope, fingerprint, is_known

MAX_ENVIRONMENTS: Final = 3_000
_MAX_CALLERS: Final = 3
_MAX_GUARDED: Final = 20
_ITERATING = frozenset(("forEach", "map", "flatMap", "filter"))
_CALLED = re.compile(rb"\s{0,20}\)?\s{0,20}[(<]")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")


class Bindings:
    """Finds, for a node, every environment that it is run in."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._called_with: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
        self._guards: dict[tuple[str, int], str | None] = {}
        self._sites: dict[str, list[tuple[Module, Node]]] = {}

    def environments(self, module: Module, node: Node, depth: int = 0) -> list[dict[str, Any]]:
        """Give the bindings of all turns and callers around a node; one empty one when there are none."""
        environments: list[dict[str, Any]] = [{}]
        for binder in reversed([parent for parent in module.ancestors(node) if _binds(parent)]):
            widened = []
            for environment in environments:
                turns = list(self._turns(module, binder, environment, depth))
                widened += [{**environment, **turn} for turn in turns] if turns else [environment]
                if len(widened) > MAX_ENVIRONMENTS:
                    break
            environments = widened[:MAX_ENVIRONMENTS]
        return environments

    def guard(self, module: Module, node: Node) -> str | None:
        """Give the condition under which the function around a node is called; None when some call has none."""
        for function in module.ancestors(node):
            if function.type not in FUNCTIONS:
                continue
            key = (module.path, function.id)
            if key not in self._guards:
                self._guards[key] = self._guard_of_calls(module, function)
            if self._guards[key] is not None:
                return self._guards[key]
        return None

    def _guard_of_calls(self, module: Module, function: Node) -> str | None:
        name = name_of_function(module, function)
        guards = [
            guard_of(site, call)
            for site, call in (self._call_sites(name)[:_MAX_GUARDED] if name else ())
            if not (site is module and _inside(call, function)) and self._calls(site, call, module, function)
        ]
        return guards[0] if guards and None not in guards else None

    def _turns(self, module: Module, binder: Node, bound: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
        scope = Scope(module, bound)
        if binder.type == "for_in_statement":
            items = self._evaluator.evaluate(binder.child_by_field_name("right"), scope)
            left = binder.child_by_field_name("left")
            if isinstance(items, list) and left is not None and any(child.type == "of" for child in binder.children):
                for item in items:
                    turn: dict[str, Any] = {}
                    bind_pattern(self._evaluator, left, item, scope, turn)
                    yield turn
            return
        iterated = _iterated(module, binder)
        if iterated is not None:
            items = self._evaluator.evaluate(iterated, scope)
            for item in items if isinstance(items, list) else ():
                yield bind(self._evaluator, FunctionValue(scope, binder), [item, UNKNOWN, UNKNOWN])
            return
        if depth < _MAX_CALLERS:
            yield from self._turns_by_callers(module, binder, depth)

    def _turns_by_callers(self, module: Module, function: Node, depth: int) -> list[dict[str, Any]]:
        """Give what a function's parameters are bound to by its callers, alike ones once."""
        key = (module.path, function.id, depth)
        if key not in self._called_with:
            self._called_with[key] = []  # a function that calls itself adds nothing to its own callers
            turns = (
                turn
                for name in self._names_of(module, function)
                for turn in self._callers(module, function, name, depth)
            )
            alike = {tuple((name, fingerprint(one)) for name, one in turn.items()): turn for turn in turns}
            self._called_with[key] = list(alike.values())[:MAX_ENVIRONMENTS]
        return self._called_with[key]

    def _names_of(self, module: Module, function: Node) -> list[str]:
        """Name a function as its callers do; one that another function returns has the names its results are given."""
        name = name_of_function(module, function)
        parents = module.ancestors(function)
        if name or not parents or parents[0].type not in ("return_statement", "arrow_function"):
            return [name] if name else []
        maker = next((parent for parent in parents if parent.type in FUNCTIONS), None)
        names = set()
        for site, call in self._call_sites(name_of_function(module, maker)) if maker is not None else ():
            holder = next(iter(site.ancestors(call)), None)
            if holder is not None and holder.type == "variable_declarator":
                names.add(short_text(holder.child_by_field_name("name")))
        return sorted(names - {""})

    def _callers(self, module: Module, function: Node, name: str, depth: int) -> Iterator[dict[str, Any]]:
        for site_module, call in self._call_sites(name):
            if site_module is module and _inside(call, function):
                continue
            if not self._calls(site_module, call, module, function):
                continue
            nodes = arguments_of(call)
            for environment in self.environments(site_module, call, depth + 1) if nodes else ():
                scope = Scope(site_module, environment)
                values = [self._evaluator.evaluate(node, scope) for node in nodes]
                turn = bind(self._evaluator, FunctionValue(Scope(module), function), values)
                if any(is_known(value) for value in turn.values()):
                    yield turn

    def _calls(self, site: Module, call: Node, module: Module, function: Node) -> bool:
        """Tell a call of this very function from a call of another one that has the same name."""
        callee = call.child_by_field_name("function")
        if callee is None:
            return False
        value = self._evaluator.evaluate(callee, Scope(site))
        if isinstance(value, FunctionValue):
            return value.scope.module is module and value.node.id == function.id
        target = callee.child_by_field_name("object") if callee.type == "member_expression" else None
        if target is None:
            return False
        # Nothing is known of what a method is called on; its name has to do, and only for methods.
        known = self._evaluator.evaluate(target, Scope(site))
        is_method = function.type == "method_definition" or _is_property(module, function)
        return is_method and not isinstance(known, NamespaceValue | ClassValue | str | list)

    def _call_sites(self, name: str) -> list[tuple[Module, Node]]:
        if name not in self._sites:
            self._sites[name] = list(self._find_call_sites(name)) if _NAME.fullmatch(name) else []
        return self._sites[name]

    def _find_call_sites(self, name: str) -> Iterator[tuple[Module, Node]]:
        word = name.encode()
        package = self._evaluator.package
        found = 0
        for path, data in sorted(package.sources.items()):
            if next(find_word(data, word, _CALLED), None) is None or (module := package.module(path)) is None:
                continue
            for node in module.occurrences((word,), _CALLED):
                call = call_around(module, node)
                if call is not None and found < MAX_ENVIRONMENTS:
                    found += 1
                    yield module, call


def call_around(module: Module, name: Node) -> Node | None:
    """Give the call whose callee ends in a name: `name()`, `x.name()` or `(0, x.name)()`; None when there is none."""
    inner = name
    for parent in module.ancestors(name)[:4]:
        if parent.type == "call_expression":
            callee = parent.child_by_field_name("function")
            return parent if callee is not None and callee.id == inner.id else None
        if parent.type == "member_expression":
            member = parent.child_by_field_name("property")
            if member is None or member.id != inner.id:
                return None
        elif parent.type not in ("sequence_expression", "parenthesized_expression"):
            return None
        inner = parent
    return None


def _binds(node: Node) -> bool:
    return node.type in FUNCTIONS or node.type == "for_in_statement"


def _is_property(module: Module, function: Node) -> bool:
    parent = next(iter(module.ancestors(function)), None)
    return parent is not None and parent.type in ("pair", "field_definition", "public_field_definition")


def _iterated(module: Module, function: Node) -> Node | None:
    """Give the list whose `forEach` or `map` calls a function."""
    parents = module.ancestors(function)[:2]
    if len(parents) < 2 or parents[0].type != "arguments" or parents[1].type != "call_expression":
        return None
    callee = parents[1].child_by_field_name("function")
    if callee is None or callee.type != "member_expression":
        return None
    iterates = short_text(callee.child_by_field_name("property")) in _ITERATING
    return callee.child_by_field_name("object") if iterates else None


def _inside(node: Node, outer: Node) -> bool:
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte
