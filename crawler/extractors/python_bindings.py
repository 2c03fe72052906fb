"""What the variables around a piece of code are bound to: loops over literals, arguments of callers, subclasses.

A function that registers a tool for its caller is no tool itself; its callers say which tools there are.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from tree_sitter import Node

from crawler.extractors.python_functions import bind_arguments
from crawler.extractors.python_module import Module, ancestors, locals_of
from crawler.extractors.python_names import bases, class_attribute, unpack
from crawler.extractors.python_references import ClassRef, FunctionRef, Scope
from crawler.extractors.python_servers import PLACE, server_place
from crawler.extractors.python_syntax import parameter_name, text_of, walk
from crawler.extractors.python_values import Evaluator

MAX_ENVIRONMENTS = 3_000
MAX_CALLS_FOLLOWED = 30_000
_MAX_CALLERS = 300
_MAX_CALL_DEPTH = 3
_MAX_NAMES = 200
_MAX_NODES = 3_000
_LOOPS = frozenset(("for_statement", "list_comprehension", "generator_expression"))

Environment = dict[str, Any]


class Bindings:
    """Finds environments in one package; what it looked up once it remembers."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._callers: dict[tuple[str, int], list[tuple[Module, Node]]] = {}
        self._subclasses: dict[int, list[ClassRef]] | None = None
        self._left = MAX_CALLS_FOLLOWED

    def around(self, module: Module, place: Node, expression: Node | None = None, depth: int = 0) -> list[Environment]:
        """Give every environment that `expression` (what stands at `place`, if not that itself) is evaluated in."""
        enclosing = [one for one in ancestors(module, place) if one.type == "function_definition" or one.type in _LOOPS]
        names = _names_behind(module, expression or place, enclosing)
        environments: list[Environment] = [{}]
        for step in reversed(enclosing):
            grown = []
            for known in environments:
                if step.type == "function_definition":
                    grown += self._of_function(module, step, names, known, depth)
                else:
                    grown += self._of_loop(module, step, names, known)
                if len(grown) > MAX_ENVIRONMENTS:
                    break
            environments = grown[:MAX_ENVIRONMENTS]
        return environments

    def _of_loop(self, module: Module, loop: Node, names: set[str], known: Environment) -> list[Environment]:
        clause = (
            loop if loop.type == "for_statement" else loop.named_children[1] if len(loop.named_children) > 1 else loop
        )
        left = clause.child_by_field_name("left")
        if left is None or not names & {text_of(one) for one in walk(left)}:
            return [known]
        items = self._evaluator.evaluate(clause.child_by_field_name("right"), Scope(module, loop, known))
        if isinstance(items, dict):
            items = list(items)
        return [{**known, **unpack(left, item)} for item in items] if isinstance(items, list) else [known]

    def _of_function(
        self, module: Module, function: Node, names: set[str], known: Environment, depth: int
    ) -> list[Environment]:
        parameters = {text_of(parameter_name(one)) for one in _parameters(function)}
        if not parameters & names or depth >= _MAX_CALL_DEPTH:
            return [known]
        found: list[Environment] = []
        for caller, call in self.callers(module, function):
            self._left -= 1
            if self._left < 0 or len(found) > MAX_ENVIRONMENTS:
                break
            found += [
                {**known, **self._arguments(FunctionRef(module, function), caller, call, bound)}
                for bound in self.around(caller, call, depth=depth + 1)
            ]
        if "self" in parameters & names:
            found = [
                {**one, "self": owner} for one in found or [known] for owner in self._owners(module, function, one)
            ]
        distinct: list[Environment] = []
        for one in found:
            if one not in distinct[-50:]:
                distinct.append(one)
        return distinct or [known]

    def _arguments(self, called: FunctionRef, caller: Module, call: Node, bound: Environment) -> Environment:
        scope = Scope(caller, call, bound)
        positional, keywords = self._evaluator.arguments(call)
        values = [self._evaluator.evaluate(node, scope) for node in positional]
        named = {key: self._evaluator.evaluate(node, scope) for key, node in keywords.items()}
        named |= self._evaluator.spread_keywords(call, scope)
        given = bind_arguments(self._evaluator, called, values, named)
        given |= {key: value for key, value in named.items() if key not in given}
        for name, node in zip(_plain_names(called.node), positional, strict=False):
            given[name + PLACE] = server_place(self._evaluator, caller, node, bound)
        for name, node in keywords.items():
            given[name + PLACE] = server_place(self._evaluator, caller, node, bound)
        callee = call.child_by_field_name("function")
        if callee is not None and callee.type == "attribute":
            target = self._evaluator.evaluate(callee.child_by_field_name("object"), scope)
            if isinstance(target, ClassRef):
                given["self"] = target
        return {key: value for key, value in given.items() if value is not None or not key.endswith(PLACE)}

    def _owners(self, module: Module, method: Node, known: Environment) -> list[ClassRef]:
        """Give the classes whose instance `self` can be: the caller's, else those that inherit the method."""
        if isinstance(known.get("self"), ClassRef):
            return [known["self"]]
        owner = next((one for one in ancestors(module, method) if one.type == "class_definition"), None)
        if owner is None:
            return []
        return [ClassRef(module, owner, made=True), *self.subclasses(ClassRef(module, owner))][:MAX_ENVIRONMENTS]

    def subclasses(self, owner: ClassRef) -> list[ClassRef]:
        """Give the classes of the package that inherit from a class, near or far."""
        if self._subclasses is None:
            self._subclasses = {}
            for module in self._evaluator.package.holding(b"class "):
                for node in module.classes.values():
                    for base in bases(self._evaluator, ClassRef(module, node)):
                        self._subclasses.setdefault(base.node.id, []).append(ClassRef(module, node, made=True))
        found: list[ClassRef] = []
        queue = [owner]
        while queue and len(found) < MAX_ENVIRONMENTS:
            for one in self._subclasses.get(queue.pop().node.id, []):
                if all(one.node != other.node for other in found):
                    found.append(one)
                    queue.append(one)
        return found

    def callers(self, module: Module, function: Node) -> list[tuple[Module, Node]]:
        """Give the calls of a function in the package."""
        key = (module.path, function.start_byte)
        if key not in self._callers:
            self._callers[key] = []
            self._callers[key] = list(self._calls_of(module, function))
        return self._callers[key]

    def may_be_called(self, name: str) -> bool:
        """Tell whether some call of that name in the package cannot be followed to the function it means."""
        for caller in self._evaluator.package.holding(name.encode() + b"("):
            for call in caller.calls.get(name, ()):
                value = self._evaluator.evaluate(call.child_by_field_name("function"), Scope(caller, call))
                if not isinstance(value, FunctionRef | ClassRef):
                    return True
        return False

    def _calls_of(self, module: Module, function: Node) -> Iterator[tuple[Module, Node]]:
        owner = next(
            (one for one in ancestors(module, function) if one.type in ("class_definition", "function_definition")),
            None,
        )
        name = text_of(function.child_by_field_name("name"))
        if name == "__init__" and owner is not None:
            name = text_of(owner.child_by_field_name("name"))
        count = 0
        for caller in self._evaluator.package.holding(name.encode()):
            for call in caller.calls.get(name, ()):
                if self._calls(caller, call, function, owner):
                    yield caller, call
                    count += 1
                    if count >= _MAX_CALLERS:
                        return

    def _calls(self, caller: Module, call: Node, function: Node, owner: Node | None) -> bool:
        callee = call.child_by_field_name("function")
        if callee is None or any(one == function for one in ancestors(caller, call)):
            return False
        value = self._evaluator.evaluate(callee, Scope(caller, call))
        if isinstance(value, FunctionRef | ClassRef):
            return value.node in (function, owner)
        if callee.type != "attribute" or owner is None or owner.type != "class_definition":
            return False
        # An object nobody can follow: a method's name that the package defines once says enough.
        method = text_of(function.child_by_field_name("name"))
        target = self._evaluator.evaluate(callee.child_by_field_name("object"), Scope(caller, call))
        if isinstance(target, ClassRef):
            found = class_attribute(self._evaluator, target, method)
            return isinstance(found, FunctionRef) and found.node == function
        return self._evaluator.package.counts(f"def {method}(".encode()) == 1


def _names_behind(module: Module, expression: Node, enclosing: list[Node]) -> set[str]:
    """Give the names an expression uses, and those that the locals and loops behind them use."""
    names: set[str] = set()
    queue = [text_of(one) for one in islice(walk(expression), _MAX_NODES) if one.type == "identifier"]
    assigned: dict[str, list[Node]] = {}
    for step in enclosing:
        if step.type == "function_definition":
            for name, values in locals_of(module, step).values.items():
                assigned.setdefault(name, []).extend(values)
            continue
        parts = [child for child in step.named_children if child.type != "block"]
        for one in (one for part in parts for one in islice(walk(part), _MAX_NODES) if one.type == "identifier"):
            assigned.setdefault(text_of(one), []).extend(parts)
    while queue and len(names) < _MAX_NAMES:
        name = queue.pop()
        if name not in names:
            names.add(name)
            behind = (one for node in assigned.get(name, ()) for one in walk(node))
            queue += [text_of(one) for one in islice(behind, _MAX_NODES) if one.type == "identifier"]
    return names


def _parameters(function: Node) -> list[Node]:
    listed = function.child_by_field_name("parameters")
    return listed.named_children if listed is not None else []


def _plain_names(function: Node) -> list[str]:
    return [name for one in _parameters(function) if (name := text_of(parameter_name(one))) not in ("self", "cls")]
