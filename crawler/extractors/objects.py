"""Objects of classes that the snapshot defines: which class, which method a call means, what the fields hold.

Constructors and fluent setters are replayed on the fields, so that a builder of one's own gives what it would build.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tree_sitter import Node

from crawler.extractors.codebase import Declaration, Module, last_name
from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN
from crawler.extractors.expressions import (
    Assignment,
    Call,
    Function,
    FunctionValue,
    Lambda,
    Name,
    Record,
    Scope,
    Symbol,
    Value,
)

if TYPE_CHECKING:
    from crawler.extractors.evaluator import Evaluator

THIS = "this"
_MAX_BASES = 12
_MAX_REPLAY = 6
_MAX_ITEMS = 5_000

State = dict[str, Value]


class Objects:
    """The objects of one evaluator's codebase."""

    def __init__(self, evaluator: "Evaluator") -> None:
        self._evaluator = evaluator
        self._code = evaluator.code
        self._states: dict[int, tuple[Record, State]] = {}
        self._depth = 0

    def class_of(self, record: Record) -> Declaration | None:
        """Give the class that a construction, or a fluent chain that begins with one, is of."""
        made = record.chain()[0]
        if isinstance(made.owner, FunctionValue | dict | list | str) or not made.name:
            return None
        return self._type(made.name, made.scope.module)

    def _type(self, name: str, near: Module) -> Declaration | None:
        found = self._code.lookup(name, near)
        return found if found is not None and found.kind == "type" else None

    def lineage(self, declaration: Declaration) -> Iterator[Declaration]:
        """Give a class and what it extends, nearest first, each once."""
        pending: list[Declaration] = [declaration]
        seen: set[int] = set()
        while pending and len(seen) < _MAX_BASES:
            one = pending.pop(0)
            if one.node.id in seen:
                continue
            seen.add(one.node.id)
            yield one
            bases = self._code.dialect.type_body(one).bases
            pending += [base for name in bases if (base := self._type(name, one.module)) is not None]

    def method(self, declaration: Declaration, name: str, count: int) -> FunctionValue | None:
        """Give the method that a call with `count` arguments means on an object of a class."""
        for one in self.lineage(declaration):
            found = self._code.lookup(name, one.module, one.name, called=True)
            if found is not None and found.kind == "function" and found.owner == one.name:
                return self.fitting(found, count)
        return None

    def fitting(self, declaration: Declaration, count: int) -> FunctionValue:
        """Give, of the functions that share a name, the one that takes so many arguments."""
        chosen = declaration
        alike = self._code.overloads(declaration) if self._code.dialect.overloads else []
        for one in alike if len(alike) > 1 else ():
            parameters = self._code.function(one.module, one.node).parameters
            if len(parameters) == count:
                chosen = one
                break
        return FunctionValue(chosen.node, Scope(chosen.module, None, chosen.owner))

    def held(self, record: Record) -> Value:
        """Give what a method that nobody wrote out gives: the field that it is named after."""
        if record.args or record.named or not isinstance(record.owner, Record):
            return UNKNOWN
        state = self.state(record.owner)
        name = record.name.removeprefix("get")
        return state.get(record.name, state.get(name[:1].lower() + name[1:], UNKNOWN))

    def callee(self, expression: Call, record: Record, scope: Scope) -> FunctionValue | None:
        """Give the function that a call means, by what it is called on and how many arguments it passes."""
        name, owner = last_name(expression.callee), record.owner
        count = len(record.args) + len(record.named)
        if isinstance(expression.callee, Name):
            return self._own(name, count, scope)
        if isinstance(expression.callee, Lambda):
            return FunctionValue(expression.callee.node, scope)
        if isinstance(owner, dict) and isinstance(owner.get(name), FunctionValue):
            return owner[name]  # type: ignore[no-any-return]
        declaration = None
        if isinstance(owner, str) and self._code.dialect.extensions:
            declaration = self._code.lookup(name, scope.module, "", called=True)
        elif isinstance(owner, Symbol) and owner.text:
            declaration = self._code.lookup(name, scope.module, owner.last, called=True)
            holder = self._code.lookup(owner.last, scope.module) if declaration is None else None
            if holder is not None and holder.kind == "type":
                return self.method(holder, name, count)
        elif isinstance(owner, Record):
            class_ = self.class_of(owner)
            if class_ is not None:
                return self.method(class_, name, count)
            declaration = self._code.lookup(name, scope.module, owner.name, called=True)
        return self._function(declaration, count)

    def _own(self, name: str, count: int, scope: Scope) -> FunctionValue | None:
        """Give the function that a call without a receiver means: a name's value, a method of the object, any."""
        target = scope.bound.get(THIS)
        class_ = self.class_of(target) if isinstance(target, Record) else None
        if class_ is None and scope.owner and self._code.dialect.overloads:
            class_ = self._code.lookup(scope.owner, scope.module)
        if class_ is not None and class_.kind == "type":
            method = self.method(class_, name, count)
            if method is not None:
                return method
        declaration = self._code.lookup(name, scope.module, called=True) if self._code.dialect.overloads else None
        if declaration is not None and declaration.kind == "function":
            return self._function(declaration, count)
        value = self._evaluator.evaluate(Name(name), scope)
        return value if isinstance(value, FunctionValue) else None

    def _function(self, declaration: Declaration | None, count: int) -> FunctionValue | None:
        if declaration is None:
            return None
        if declaration.kind == "function":
            return self.fitting(declaration, count)
        value = self._evaluator.declared_value(declaration)
        return value if isinstance(value, FunctionValue) else None

    def state(self, record: Record) -> State:
        """Give what the fields of an object hold after its construction and the fluent calls on it."""
        known = self._states.get(id(record))
        if known is not None:
            return known[1]
        state: State = {}
        self._states[id(record)] = record, state  # the record is held, so that its id stays its own
        declaration = self.class_of(record)
        if declaration is None or self._depth > _MAX_REPLAY:
            return state
        self._depth += 1
        try:
            made, *links = record.chain()
            self._construct(declaration, made.args, made.named, state)
            for link in links:
                self._replay(declaration, link, state)
        finally:
            self._depth -= 1
        return state

    def bound(self, record: Record) -> State:
        """Give what is known inside the methods of an object: its fields, by themselves and after "this."."""
        state = self.state(record)
        return {**state, **{f"{THIS}.{name}": value for name, value in state.items()}, THIS: record}

    def is_self(self, value: Value, owner: str) -> bool:
        """Tell whether a method gave the object that it was called on, as fluent ones do."""
        if isinstance(value, Symbol):
            return value.text == THIS
        if not isinstance(value, Record) or not owner:
            return False
        made = value.chain()[0]
        if isinstance(made.owner, Symbol):
            return made.owner.text in (THIS, owner) and made.scope.owner == owner
        if made.owner is not None or made.scope.owner != owner:
            return False
        found = self._code.lookup(made.name, made.scope.module, owner, called=True)
        return found is not None and found.kind == "function"

    def _construct(self, declaration: Declaration, args: list[Value], named: Mapping[str, Any], state: State) -> None:
        constructor = self._code.dialect.construction(declaration, len(args) + len(named))
        function, node = constructor if constructor is not None else (Function(), None)
        calls_base = any(one.name == "super" for one in function.assignments)
        bases = [base for base in self.lineage(declaration) if base.node.id != declaration.node.id]
        if bases and not calls_base and self._depth <= _MAX_REPLAY:
            self._depth += 1
            self._construct(bases[0], [], {}, state)
            self._depth -= 1
        scope = Scope(declaration.module, None, declaration.name)
        for field in self._code.dialect.type_body(declaration).fields:
            if field.default is not None:
                state[field.name] = self._evaluator.evaluate(field.default, scope)
        self._apply(declaration, (function, node, None), (args, named), state)

    def _replay(self, declaration: Declaration, link: Record, state: State) -> None:
        method = self.method(declaration, link.name, len(link.args) + len(link.named))
        if method is None:
            return
        body = self._code.function(method.scope.module, method.node)
        owner = Declaration("type", method.scope.owner, "", method.node, method.scope.module)
        self._apply(declaration, (body, method.node, owner), (link.args, link.named), state)

    def _apply(
        self,
        declaration: Declaration,
        called: tuple[Function, Node | None, Declaration | None],
        given: tuple[list[Value], Mapping[str, Any]],
        state: State,
    ) -> None:
        """Run a method's assignments on the fields of an object."""
        function, node, where = called
        place = where or declaration
        if self._depth > _MAX_REPLAY:
            return
        outer = Scope(place.module, node, place.name)
        taken = self._evaluator.bind(function, given[0], given[1], outer).bound
        fields = {field.name for one in self.lineage(declaration) for field in self._fields(one)} | state.keys()
        self._depth += 1
        for one in function.assignments:
            known = {**state, **{f"{THIS}.{name}": value for name, value in state.items()}, **taken}
            scope = Scope(place.module, node, place.name, known, one.start)
            self._assign(declaration, one, scope, fields, state)
        last = function.returns[-1] if function.returns else None
        if isinstance(last, Call):
            known = {**state, **{f"{THIS}.{name}": value for name, value in state.items()}, **taken}
            self._calls(declaration, last, Scope(place.module, node, place.name, known), state)
        self._depth -= 1

    def _fields(self, declaration: Declaration) -> Any:
        return self._code.dialect.type_body(declaration).fields

    def _assign(self, declaration: Declaration, one: Assignment, scope: Scope, fields: set[str], state: State) -> None:
        if one.name == THIS:
            if isinstance(one.value, Call) and self._evaluator.evaluate(one.condition, scope) is not False:
                self._calls(declaration, one.value, scope, state)
        elif one.name == "super":
            self._construct_base(declaration, one, scope, state)
        elif one.name in fields and (
            one.condition is None or self._evaluator.evaluate(one.condition, scope) is not False
        ):
            value = self._evaluator.evaluate(one.value, scope)
            state[one.name] = grown(state.get(one.name, UNKNOWN), value) if one.grows else value

    def _construct_base(self, declaration: Declaration, one: Assignment, scope: Scope, state: State) -> None:
        if not isinstance(one.value, Call):
            return
        record = self._evaluator.kept(one.value, scope)
        place = self._type(scope.owner, scope.module) or declaration
        if record.name == THIS:
            self._construct(place, record.args, record.named, state)
            return
        bases = [base for base in self.lineage(place) if base.node.id != place.node.id]
        if bases:
            self._construct(bases[0], record.args, record.named, state)

    def _calls(self, declaration: Declaration, call: Call, scope: Scope, state: State) -> None:
        """Replay calls of the object's own methods that a method makes."""
        record = self._evaluator.kept(call, scope)
        if self.is_self(record, scope.owner):
            for link in record.chain():
                self._replay(declaration, link, state)


def grown(value: Value, more: Value) -> Value:
    """Give what a name holds after something was added to it: to a text, a list or a map."""
    if isinstance(value, str) and isinstance(more, str):
        return (value + more)[:MAX_TEXT]
    if isinstance(more, list):
        return [*(value if isinstance(value, list) else []), *more][:_MAX_ITEMS]
    if isinstance(value, dict) and isinstance(more, dict):
        return merged(value, more)
    return value


def merged(value: dict[str, Value], more: dict[str, Value], depth: int = 0) -> dict[str, Value]:
    """Give a map with entries added; maps inside maps are added to as well."""
    both = dict(value)
    for key, item in more.items():
        held = both.get(key)
        nested = isinstance(held, dict) and isinstance(item, dict) and depth < _MAX_BASES
        both[key] = merged(held, item, depth + 1) if nested else item  # type: ignore[arg-type]
    return both
