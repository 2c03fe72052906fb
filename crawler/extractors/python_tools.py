"""The ways Python servers declare tools: decorators, registration calls, tool objects, records of functions.

Finds each act of registering with its environments; what a definition says is written elsewhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from catalog.records import ToolDefinition
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_bindings import Bindings, Environment
from crawler.extractors.python_conditions import Conditions
from crawler.extractors.python_definition import Registration, define, name_of
from crawler.extractors.python_docstring import docstring_uses
from crawler.extractors.python_documented import document, is_reassigned
from crawler.extractors.python_houses import House, Houses
from crawler.extractors.python_module import Module, is_nested
from crawler.extractors.python_reach import is_never_called
from crawler.extractors.python_records import said_afterwards, said_by_class, said_by_record, said_by_store
from crawler.extractors.python_references import ClassRef, FunctionRef, Scope, ServerPlace
from crawler.extractors.python_registering import (
    function_meant,
    is_tool_decorator,
    makes_tool,
    said_in_call,
    takes_anything,
    takes_function,
    wrapped_by,
)
from crawler.extractors.python_servers import mounted_prefixes, server_place
from crawler.extractors.python_syntax import text_of
from crawler.extractors.python_values import Evaluator

_MAX_EXPRESSION = 120


@dataclass(frozen=True, slots=True)
class Found:
    """A tool found in a module, and the place of the server it was registered on, for mounted prefixes.

    `dead` says that the function which registers it is never called.
    """

    definition: ToolDefinition
    server: ServerPlace | None = None
    dead: bool = False


class ToolFinder:
    """Finds the tools of one package's modules.

    `reasons` say what could not be made out; `doubts` count only where nothing was found at all.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._bindings = Bindings(evaluator)
        self._conditions = Conditions(evaluator, self._bindings)
        self._houses = Houses(evaluator)
        self._uses = docstring_uses(evaluator.package.files)
        self.reasons: list[str] = []
        self.doubts: list[str] = []

    def find_all(self, module: Module) -> list[Found]:
        """Find every tool that a module declares, within one file's share of the budget."""
        budget = self._evaluator.budget
        budget.begin_file()
        found = list(self._find(module))
        if budget.exhausted:
            self.reasons.append(f"{module.path}: too much to work out; what is left of the file is not analysed")
        return found

    def find_classes(self, modules: Iterable[Module]) -> list[Found]:
        """Find classes that are tools by themselves, for packages that show no act of registering."""
        found: list[Found] = []
        for module in modules:
            self._evaluator.budget.begin_file()
            for node in module.classes.values():
                said = said_by_class(self._evaluator, ClassRef(module, node, made=True))
                if said is not None:
                    found += self._define(self._registration(module, node, "python-class", said, {}))
        return found

    def prefixes(self, modules: Iterable[Module]) -> dict[ServerPlace, str]:
        """Find the prefixes under which servers are mounted on others."""
        self._evaluator.budget.begin_file()
        return mounted_prefixes(self._evaluator, modules)

    def _find(self, module: Module) -> Iterator[Found]:
        for node in module.enclosing.nodes:
            if node.type == "decorated_definition":
                yield from self._decorated(module, node)
            elif node.type == "call":
                yield from self._called(module, node)
            elif node.type == "dictionary":
                yield from self._recorded(module, node)

    def _decorated(self, module: Module, node: Node) -> Iterator[Found]:
        definition = node.child_by_field_name("definition")
        if definition is None or definition.type != "function_definition":
            return
        function = FunctionRef(module, definition)
        for decorator in node.named_children:
            if decorator.type != "decorator" or not decorator.named_children:
                continue
            expression = decorator.named_children[0]
            callee = expression.child_by_field_name("function") if expression.type == "call" else expression
            if callee is None or callee.type not in ("identifier", "attribute"):
                continue
            value = self._evaluator.evaluate(callee, Scope(module, decorator))
            house = self._houses.house(value)
            if house is not None:
                yield from self._by_house(house, value, function, expression)
                return
            if is_tool_decorator(self._evaluator, module, callee):
                yield from self._by_decorator(function, expression, callee)
                return

    def _by_decorator(self, function: FunctionRef, expression: Node, callee: Node) -> Iterator[Found]:
        module = function.module
        for bound in self._bindings.around(module, expression):
            scope = Scope(module, expression, bound)
            said = said_in_call(self._evaluator, expression, scope) if expression.type == "call" else {}
            server = self._server(module, callee, bound)
            meant = wrapped_by(self._evaluator, function, scope)
            yield from self._define(
                self._registration(
                    module,
                    function.node,
                    "python-decorator",
                    said,
                    bound,
                    function=meant,
                    server=server,
                    call=expression,
                )
            )

    def _by_house(self, house: House, value: Any, function: FunctionRef, expression: Node) -> Iterator[Found]:
        module = function.module
        callee = expression.child_by_field_name("function") if expression.type == "call" else expression
        for outer in self._bindings.around(module, expression):
            given = self._given(expression, Scope(module, expression, outer))
            bound = self._houses.environment(house, value, given, function)
            inside = Scope(house.function.module, house.inner, bound)
            plain = said_by_store(self._evaluator, () if house.acts else house.stores, inside, given)
            for said in [self._houses.said_by_act(house, act, bound) for act in house.acts] or [plain]:
                if said.get("name") is UNKNOWN:
                    said["name"] = plain.get("name")  # worked out in ways that only running shows
                yield from self._define(
                    self._registration(
                        module,
                        function.node,
                        "python-decorator",
                        said,
                        outer,
                        function=function,
                        server=self._server(module, callee, outer) if callee is not None else None,
                        call=expression,
                    )
                )

    def _given(self, expression: Node, scope: Scope) -> tuple[list[Any], dict[str, Any]] | None:
        """Give the arguments of a decorator's call, None for a decorator that is not called."""
        if expression.type != "call":
            return None
        positional, keywords = self._evaluator.arguments(expression)
        named = {key: self._evaluator.evaluate(one, scope) for key, one in keywords.items()}
        named |= self._evaluator.spread_keywords(expression, scope)
        return [self._evaluator.evaluate(one, scope) for one in positional], named

    def _called(self, module: Module, node: Node) -> Iterator[Found]:
        callee = node.child_by_field_name("function")
        maker = callee if callee is not None and callee.type == "call" else None  # server.tool(...)(function)
        if maker is not None:
            callee = maker.child_by_field_name("function")
        if callee is None or callee.type not in ("identifier", "attribute"):
            return
        if maker is not None:
            registers = is_tool_decorator(self._evaluator, module, callee)
        else:
            registers = takes_function(module, callee)
        makes = maker is None and not registers and makes_tool(module, callee)
        records = maker is None and "Tool" in text_of(callee).rsplit(".", 1)[-1]
        if not (registers or makes or records) or self._houses.holds(module, node):
            return
        if registers:
            yield from self._register(module, node, callee, maker)
        elif makes:
            yield from self._constructed(module, node)
        else:
            yield from self._recorded(module, node)

    def _register(self, module: Module, call: Node, callee: Node, maker: Node | None) -> Iterator[Found]:
        positional, keywords = self._evaluator.arguments(call)
        first = (
            positional[0] if positional else next((keywords[key] for key in ("fn", "func") if key in keywords), None)
        )
        if first is None or first.type in ("string", "concatenated_string"):
            return  # a decorator's own arguments, not a registration
        is_tool_object = self._is_tool_object(module, first)
        for bound in self._bindings.around(module, call) if not is_tool_object else ():
            scope = Scope(module, call, bound)
            said = {
                **(said_in_call(self._evaluator, maker, scope) if maker is not None else {}),
                **said_in_call(self._evaluator, call, scope),
            }
            said |= said_afterwards(self._evaluator, call, scope)
            function, given = function_meant(self._evaluator, first, scope)
            if not isinstance(function, FunctionRef):
                if function is not UNKNOWN or "name" not in said:
                    if function is UNKNOWN:
                        doubtful = Registration(module, call, "", None, said, naming=first)
                        self._give_up(doubtful, self.reasons if maker is not None else self.doubts)
                    continue
                function = None
            server = self._server(module, callee, bound)
            yield from self._define(
                self._registration(
                    module, call, "python-registration", said, bound, function=function, server=server, given=given
                )
            )

    def _is_tool_object(self, module: Module, node: Node) -> bool:
        callee = node.child_by_field_name("function") if node.type == "call" else None
        return (
            callee is not None
            and callee.type in ("identifier", "attribute")
            and (takes_function(module, callee) or makes_tool(module, callee))
        )

    def _constructed(self, module: Module, call: Node) -> Iterator[Found]:
        for bound in self._bindings.around(module, call):
            said = said_in_call(self._evaluator, call, Scope(module, call, bound))
            if {"inputSchema", "input_schema", "parameters", "description"} & said.keys():
                yield from self._define(self._registration(module, call, "python-tool-object", said, bound))

    def _recorded(self, module: Module, node: Node) -> Iterator[Found]:
        for bound in self._bindings.around(module, node) if self._may_record(node) else ():
            said = said_by_record(self._evaluator, node, Scope(module, node, bound))
            if said is not None:
                pattern = "python-tool-dict" if node.type == "dictionary" else "python-tool-record"
                function = next((one for one in said.values() if isinstance(one, FunctionRef)), None)
                yield from self._define(self._registration(module, node, pattern, said, bound, function=function))

    def _may_record(self, node: Node) -> bool:
        text = text_of(node)
        return "name" in text and "description" in text

    def _server(self, module: Module, callee: Node, bound: Environment) -> ServerPlace | None:
        target = callee.child_by_field_name("object") if callee.type == "attribute" else None
        return server_place(self._evaluator, module, target, bound) if target is not None else None

    def _registration(
        self, module: Module, node: Node, pattern: str, said: dict[str, Any], bound: Environment, **more: Any
    ) -> Registration:
        naming = _naming(self._evaluator, more.pop("call", node))
        given = {"function": None, "condition": self._conditions.of(module, node, bound), **more}
        return Registration(module, node, pattern, said=said, naming=naming, **given)

    def _define(self, registration: Registration) -> Iterator[Found]:
        function = registration.function
        if function is not None and takes_anything(function.node):
            # A wrapper: no SDK takes a function of *args or **kwargs for a tool as it stands.
            if is_nested(function.module, function.node, "function_definition") and registration.node.type == "call":
                self._give_up(registration, self.reasons)
            return
        package = self._evaluator.package
        name = name_of(registration)
        if "name" not in registration.said and is_reassigned(package, registration, b"__name__"):
            name = UNKNOWN
        if not isinstance(name, str) or not name:
            self._give_up(registration, self.reasons)
            return
        definition = define(self._evaluator, registration, name, document(package, self._uses, registration))
        dead = is_never_called(package, self._bindings, registration.module, registration.node)
        yield Found(definition, registration.server, dead)

    def _give_up(self, registration: Registration, reasons: list[str]) -> None:
        node = registration.naming or registration.node
        expression = " ".join(text_of(node).split())[:_MAX_EXPRESSION]
        where = f"{registration.module.path}:{registration.node.start_point[0] + 1}"
        reasons.append(f"{where}: tool name is computed at run time: {expression}")


def _naming(evaluator: Evaluator, call: Node | None) -> Node | None:
    """Find the expression that names a tool in a call."""
    if call is None or call.type != "call":
        return None
    positional, keywords = evaluator.arguments(call)
    return keywords.get("name") or next(iter(positional), None)
