"""Tools as calls kept as data: every way that a constructor's arguments are filled, through wrappers and loops."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tree_sitter import Node

from catalog.records import Origin, ToolDefinition
from crawler.extractors.codebase import Codebase, Module, ancestors, last_name
from crawler.extractors.dialect import text_of
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import (
    Call,
    Expression,
    Function,
    FunctionValue,
    Member,
    Record,
    Scope,
    Unbound,
    Value,
)

_MAX_WRAPPERS = 3
_MAX_PLACES = 1_000
_MAX_CONDITION = 200
_MAX_TEXT = 80

Chain = list[Record]  # a tool's own record first, then the calls of the wrappers around it, outwards
Read = Callable[[Chain], "dict[str, Any] | None"]
# What is known at a node for each object that could be around it, and where the object is made.
Around = Callable[[Scope, Node], Iterator[tuple[Mapping[str, Value], Module, Node]]]


class ToolRecords:
    """Finds tools in one codebase. `read` turns a chain into a definition's fields, with a name of any value."""

    def __init__(self, evaluator: Evaluator, read: Read, pattern: str, instances: Around | None = None) -> None:
        self._evaluator = evaluator
        self._code: Codebase = evaluator.code
        self._read = read
        self._pattern = pattern
        self._instances = instances
        self.reasons: list[str] = []
        self.doubts: list[str] = []  # reasons if nothing is found at all
        self._around: dict[tuple[str, int], list[tuple[Scope, Chain]]] = {}

    def find(self, module: Module, node: Node) -> Iterator[ToolDefinition]:
        """Give the tools that the construction at `node` makes; a name nobody knows becomes a reason."""
        base = self._evaluator.scope_at(Scope(module), node)
        for scope in self._evaluator.loop_scopes(base, node):
            fields = self._fields(node, scope, [])
            if fields is None:
                continue
            if isinstance(fields["name"], str):
                made = _made_of(fields["name"], scope)
                at = (made.scope.module, made.node) if made is not None and made.node is not None else (module, node)
                yield replace(self.definition(*at, fields), conditional=self.condition(node))
                continue
            passed = isinstance(fields["name"], Unbound)
            found = list(self._through_wrappers(module, node, base, passed=passed)) or list(
                self._through_objects(module, node, base)
            )
            yield from found
            if not found:
                # A parameter that nobody fills in only passes a tool on that is made elsewhere, or nowhere.
                self._computed(module, node, doubted=isinstance(fields["name"], Unbound))

    def definition(self, module: Module, node: Node, fields: dict[str, Any]) -> ToolDefinition:
        """Make a definition of its fields."""
        origin = Origin(module.path, _line(node), self._pattern)
        given = {key: value for key, value in fields.items() if key != "name"}
        return replace(ToolDefinition(fields["name"], origin=origin, **given), conditional=self.condition(node))

    def condition(self, node: Node, depth: int = 0) -> str | None:
        """Give the condition that a node, or every call of the function around it, stands under."""
        inner = node
        for parent in ancestors(node):
            text = self._code.dialect.condition_text(parent, inner)
            if text:
                return " ".join(text.split())[:_MAX_CONDITION]
            if parent.type in self._code.dialect.functions and depth < _MAX_WRAPPERS:
                name = self._code.dialect.function_name(parent)
                calls = self._code.callers(name) if name else []
                texts = [self.condition(call, depth + 1) for _, call in calls[:_MAX_PLACES]]
                return texts[0] if texts and None not in texts else None
            inner = parent
        return None

    def _fields(self, node: Node, scope: Scope, chain: Chain) -> dict[str, Any] | None:
        record = self.record(node, scope)
        return self._read([record, *chain]) if record is not None else None

    def record(self, node: Node, scope: Scope) -> Record | None:
        """Give a call as data, whatever it would give."""
        expression = self._code.dialect.lower(node)
        if not isinstance(expression, Call):
            return None
        evaluator = self._evaluator
        return evaluator.kept(expression, scope)

    def _through_wrappers(self, module: Module, node: Node, base: Scope, *, passed: bool) -> Iterator[ToolDefinition]:
        """Give the tools that the callers of the function around a place make; `passed` when they pass the name."""
        function = self._named(base.function)
        if function is None:
            return
        for around, chain in self.around(module, function):
            inside = Scope(module, base.function, base.owner, around.bound, node.start_byte)
            for scope in self._evaluator.loop_scopes(inside, node):
                fields = self._fields(node, scope, chain)
                outer = chain[-1]
                if fields is None or outer.node is None:
                    continue
                if isinstance(fields["name"], str):
                    yield self.definition(outer.scope.module, outer.node, fields)
                elif fields["name"] is UNKNOWN and passed:
                    # Without overloads callers are known by name alone, and may call something else of that name.
                    self._computed(outer.scope.module, outer.node, doubted=not self._code.dialect.overloads)

    def _through_objects(self, module: Module, node: Node, base: Scope) -> Iterator[ToolDefinition]:
        unknown = []
        found = False
        for bound, where, place in self._instances(base, node) if self._instances is not None else ():
            inside = Scope(module, base.function, base.owner, bound, node.start_byte)
            for scope in self._evaluator.loop_scopes(inside, node):
                fields = self._fields(node, scope, [])
                if fields is not None and isinstance(fields["name"], str):
                    found = True
                    yield self.definition(where, place, fields)
                elif fields is not None and fields["name"] is UNKNOWN and self._passes_something(place):
                    unknown.append((where, place))
        for where, place in unknown if found else ():
            # What a class makes of itself is its factory, not one more tool.
            if self._code.dialect.owner_of(place) != _made(self._code.dialect.lower(place)):
                self._computed(where, place)

    def _passes_something(self, place: Node) -> bool:
        """Tell whether a construction passes anything that a name could be made of."""
        made = self._code.dialect.lower(place) if place.type in self._code.dialect.calls else None
        return isinstance(made, Call) and bool(made.args or made.named)

    def _computed(self, module: Module, node: Node, *, doubted: bool = False) -> None:
        said = self.doubts if doubted else self.reasons
        said.append(f"{module.path}:{_line(node)}: tool name is computed at run time: {source_text(node)}")

    def around(self, module: Module, function: Node, depth: int = 0) -> list[tuple[Scope, Chain]]:
        """Give each way a function is called: the scope with its parameters bound, and the calls from inside out."""
        key = (module.path, function.start_byte)
        if key not in self._around:
            self._around[key] = []  # a function that calls itself is not followed
            self._around[key] = list(self._calls_of(module, function, depth))[:_MAX_PLACES]
        return self._around[key]

    def _calls_of(self, module: Module, function: Node, depth: int) -> Iterator[tuple[Scope, Chain]]:
        name = self._code.dialect.function_name(function)
        if not name:
            return
        body = self._code.function(module, function)
        for caller, call in self._code.callers(name)[:_MAX_PLACES]:
            base = self._evaluator.scope_at(Scope(caller), call)
            for scope in self._evaluator.loop_scopes(base, call):
                for record, chain in self._bound_records(caller, call, scope, depth):
                    inside = Scope(module, function, base.owner)
                    if self._code.dialect.overloads and not _takes(body, record):
                        continue
                    bound = self._evaluator.bind(body, record.args, dict(record.named), inside, record.types)
                    yield bound, [record, *chain]

    def _bound_records(self, module: Module, call: Node, scope: Scope, depth: int) -> Iterator[tuple[Record, Chain]]:
        record = self.record(call, scope)
        if record is None:
            return
        function = self._named(scope.function)
        if function is None or depth >= _MAX_WRAPPERS or not _is_open(record):
            yield record, []
            return
        around = self.around(module, function, depth + 1)
        for outer, chain in around or [(scope, [])]:
            inside = Scope(module, scope.function, scope.owner, outer.bound, call.start_byte)
            inner = self.record(call, inside)
            if inner is not None:
                yield inner, chain

    def _named(self, function: Node | None) -> Node | None:
        """Give the function that callers know around a place: a block that is handed on has no name."""
        while function is not None and not self._code.dialect.function_name(function):
            function = next((one for one in ancestors(function) if one.type in self._code.dialect.functions), None)
        return function


def _made_of(name: str, scope: Scope) -> Record | None:
    """Give the item of a loop that brought a tool's name: there the tool is written, the loop only hands it over."""
    items = (value for value in scope.bound.values() if isinstance(value, Record))
    return next((item for item in items if name in (*item.args[:1], *item.named.values())), None)


def hint(value: Value) -> bool | None:
    """Give a truth value, also inside a call that makes a pointer or an option of it."""
    for _ in range(3):
        if isinstance(value, bool):
            return value
        if not isinstance(value, Record) or len(value.args) != 1:
            return None
        value = value.args[0]
    return None


def prose(value: Value) -> str | None:
    """Give a text; of a translation that is looked up by a key, the default beside the key."""
    if isinstance(value, str):
        return value
    if isinstance(value, Record):
        texts = [arg for arg in value.args if isinstance(arg, str)]
        if len(texts) == len(value.args) == 2 and " " not in texts[0]:
            return texts[1]
        if len(texts) == len(value.args) == 1 and " " in texts[0]:
            return texts[0]
    return None


def functions_in(values: list[Value], depth: int = 0) -> Iterator[FunctionValue]:
    """Give the functions among values, also inside the calls that wrap them."""
    for value in values:
        if isinstance(value, FunctionValue):
            yield value
        elif isinstance(value, Record) and depth < _MAX_WRAPPERS:
            yield from functions_in([*value.args, *value.named.values(), value.owner], depth + 1)


def _made(expression: Expression) -> str:
    """Name what a chain of calls begins with, which is what it constructs."""
    while isinstance(expression, Call) and isinstance(expression.callee, Member):
        if not isinstance(expression.callee.of, Call):
            break
        expression = expression.callee.of
    return last_name(expression.callee) if isinstance(expression, Call) else ""


def _takes(function: Function, record: Record) -> bool:
    """Tell whether a function takes what a call passes; its overloads take something else."""
    if any(parameter.variadic for parameter in function.parameters):
        return True
    names = {parameter.name for parameter in function.parameters}
    needed = sum(parameter.default is None for parameter in function.parameters)
    count = len(record.args) + len(record.named)
    typed = not function.types or len(record.types) in (0, len(function.types))
    return needed <= count <= len(function.parameters) and record.named.keys() <= names and typed


def _is_open(record: Record) -> bool:
    """Tell whether what a call passes is for the callers of the function around it to say."""
    return _has_unbound(record) or "" in record.types


def _has_unbound(record: Record) -> bool:
    values = [*record.args, *record.named.values()]
    for value in values:
        if isinstance(value, Unbound):
            return True
        if isinstance(value, list) and any(isinstance(item, Unbound) for item in value):
            return True
    return False


def _line(node: Node) -> int:
    return node.start_point[0] + 1


def source_text(node: Node) -> str:
    """Give a node's text on one line, cut to what a reason can show."""
    return " ".join(text_of(node).split())[:_MAX_TEXT]
