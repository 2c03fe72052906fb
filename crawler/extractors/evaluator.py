"""Evaluates expressions of any dialect as far as the snapshot's text decides them; the rest is a Record or UNKNOWN.

Nothing is run: functions of the snapshot are followed only to the expression that they return.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from tree_sitter import Node

from crawler.extractors.codebase import Codebase, Declaration, ancestors, last_name
from crawler.extractors.evaluation import MAX_TEXT, UNKNOWN
from crawler.extractors.expressions import (
    Assignment,
    Call,
    Choice,
    Expression,
    Function,
    FunctionValue,
    Item,
    Joined,
    Lambda,
    Literal,
    Loop,
    Member,
    Name,
    Opaque,
    Parameter,
    Record,
    Scope,
    Sequence,
    Spread,
    Symbol,
    Table,
    Unbound,
    Value,
)
from crawler.extractors.objects import THIS, Objects, grown

_MAX_ITEMS = 5_000
_MAX_LOOPS = 300
_MISFITS = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


class Evaluator:
    """Evaluates within one codebase. `kept` are constructors that stay records though the snapshot defines them."""

    def __init__(self, code: Codebase, kept: frozenset[str] = frozenset()) -> None:
        self.code = code
        self._kept = kept
        self.objects = Objects(self)
        self._constants: dict[tuple[str, int], Value] = {}
        self._locals: dict[tuple[str, int, str, int], Value] = {}
        self._evaluate: dict[type, Callable[[Any, Scope], Value]] = {
            Literal: lambda expression, _: expression.value,
            Name: self._name,
            Member: self._member,
            Item: self._item,
            Sequence: self._sequence,
            Table: self._table,
            Spread: lambda expression, scope: self.evaluate(expression.of, scope),
            Joined: self._joined,
            Choice: self._choice,
            Call: self._call,
            Lambda: lambda expression, scope: FunctionValue(expression.node, scope),
            Opaque: lambda _, __: UNKNOWN,
        }

    def evaluate(self, expression: Expression | None, scope: Scope) -> Value:
        """Give an expression's value; UNKNOWN when the text does not decide it or the budget is spent."""
        if expression is None or not self.code.budget.spend():
            return UNKNOWN
        return self.code.budget.nested(self._evaluate[type(expression)], expression, scope)

    def node(self, node: Node | None, scope: Scope) -> Value:
        """Give the value of a node that holds an expression."""
        return self.evaluate(self.code.dialect.lower(node), scope) if node is not None else UNKNOWN

    def scope_at(self, scope: Scope, node: Node) -> Scope:
        """Give the scope of a node of the same file, with what is bound kept."""
        function = next((one for one in ancestors(node) if one.type in self.code.dialect.functions), None)
        owner = self.code.dialect.owner_of(node)
        return Scope(scope.module, function, owner, scope.bound, node.start_byte)

    def loop_scopes(self, scope: Scope, node: Node) -> list[Scope]:
        """Give a scope for each round of the loops around a node whose items are known; itself when there is none."""
        scopes = [scope]
        if scope.function is None:
            return scopes
        for loop in self.code.function(scope.module, scope.function).loops:
            if loop.start <= node.start_byte < loop.end:
                scopes = [inner for outer in scopes for inner in self._rounds(loop, outer)][:_MAX_LOOPS]
        return scopes

    def bind(
        self,
        function: Function,
        args: list[Value],
        named: Mapping[str, Value],
        scope: Scope,
        types: tuple[str, ...] = (),
    ) -> Scope:
        """Give the scope inside a function that is called with these arguments."""
        bound: dict[str, Value] = {name: Symbol(type_) for name, type_ in zip(function.types, types, strict=False)}
        position = 0
        for parameter in function.parameters:
            if parameter.name in named:
                bound[parameter.name] = named[parameter.name]
            elif parameter.variadic:
                bound[parameter.name] = args[position:]
                position = len(args)
            elif position < len(args):
                bound[parameter.name] = args[position]
                position += 1
            else:
                bound[parameter.name] = self._default(parameter, scope)
        return Scope(scope.module, scope.function, scope.owner, bound)

    def _default(self, parameter: Parameter, scope: Scope) -> Value:
        return self.evaluate(parameter.default, scope) if parameter.default is not None else UNKNOWN

    def _rounds(self, loop: Loop, scope: Scope) -> Iterable[Scope]:
        items = self.evaluate(loop.over, scope)
        pairs: list[tuple[Value, Value]] = []
        if isinstance(items, dict):
            pairs = list(items.items())
        elif isinstance(items, list):
            pairs = list(enumerate(items))
        if not pairs:
            return [scope]
        rounds = []
        for key, item in pairs[:_MAX_LOOPS]:
            values: tuple[Value, ...] = (key, item)
            if len(loop.names) == 1:
                values = (item if isinstance(items, list) else key,)
            if loop.unpacks and isinstance(items, list):
                values = tuple(item) if isinstance(item, list) else (UNKNOWN,) * len(loop.names)
            bound = {**scope.bound, **dict(zip(loop.names, values, strict=False))}
            rounds.append(Scope(scope.module, scope.function, scope.owner, bound, scope.before))
        return rounds

    def _name(self, expression: Name, scope: Scope) -> Value:
        name = expression.text
        if name in scope.bound:
            return self._changed(name, scope)
        function = scope.function
        while function is not None:
            found = self._local(name, function, scope)
            if found is not None:
                return found[0]
            function = next((one for one in ancestors(function) if one.type in self.code.dialect.functions), None)
        return self._declared(name, scope)

    def _local(self, name: str, function: Node, scope: Scope) -> tuple[Value] | None:
        body = self.code.function(scope.module, function)
        given = [one for one in body.assignments if one.name == name and one.start < scope.before]
        if given:
            key = (scope.module.path, function.start_byte, name, given[-1].start)
            if scope.bound or key not in self._locals:
                value = self._accumulated(given, function, scope)
                if scope.bound:
                    return (value,)
                self._locals[key] = value
            return (self._locals[key],)
        if name in body.types or any(one.name == name for one in body.parameters):
            return (Unbound(name),)
        looping = (loop for loop in body.loops if loop.start <= scope.before < loop.end and name in loop.names)
        return (UNKNOWN,) if any(looping) else None

    def _changed(self, name: str, scope: Scope) -> Value:
        """Give what a bound parameter holds after what the function did to it."""
        value = scope.bound[name]
        if scope.function is None:
            return value
        body = self.code.function(scope.module, scope.function)
        given = [one for one in body.assignments if one.name == name and one.start < scope.before]
        return self._accumulated(given, scope.function, scope, value) if given else value

    def _accumulated(self, given: list[Assignment], function: Node, scope: Scope, value: Value = UNKNOWN) -> Value:
        for one in given:
            before = scope.before if one.late else one.start
            inner = Scope(scope.module, function, scope.owner, scope.bound, before)
            if one.condition is not None and self.evaluate(one.condition, inner) is False:
                continue
            if one.mutates:
                value = self._mutated(one.value, value, inner)
            elif one.path:
                path = [self.evaluate(key, inner) for key in one.path]
                value = _with_part(value, path, self.evaluate(one.value, inner))
            elif one.grows:
                value = grown(value, self.evaluate(one.value, inner))
            # What is only sometimes assigned later changes nothing of what holds by default.
            elif not one.conditional or value is UNKNOWN:
                value = self.evaluate(one.value, inner)
        return value

    def applied(self, function: FunctionValue, value: Value) -> Value:
        """Give what a value becomes by a function that changes its only argument."""
        body = self.code.function(function.scope.module, function.node)
        first = next((one.name for one in body.parameters), "")
        bound = {**function.scope.bound, first: value}
        return self._changed(first, Scope(function.scope.module, function.node, function.scope.owner, bound))

    def _mutated(self, call: Expression, value: Value, scope: Scope) -> Value:
        """Give what a value becomes by a call of a function of the snapshot that it is the first argument of."""
        if not isinstance(call, Call) or not isinstance(value, Record | dict | list):
            return value
        record = self.kept(call, scope)
        function = self.objects.callee(call, record, scope)
        if function is None:
            return value
        body = self.code.function(function.scope.module, function.node)
        inside = self.bind(body, [value, *record.args[1:]], record.named, Scope(function.scope.module, function.node))
        first = next((one.name for one in body.parameters), "")
        return self._changed(first, inside) if first in inside.bound else value

    def _declared(self, name: str, scope: Scope, owner: str | None = None) -> Value:
        code = self.code
        if owner is not None:
            declaration = code.lookup(name, scope.module, owner)
        else:
            declaration = code.lookup(name, scope.module, scope.owner) if scope.owner else None
            declaration = declaration or code.lookup(name, scope.module, "") or code.lookup(name, scope.module)
        if declaration is None:
            return Symbol(f"{owner}.{name}" if owner else name)
        return self.declared_value(declaration)

    def declared_value(self, declaration: Declaration) -> Value:
        """Give what a declaration stands for: a constant's value, a function, a type's symbol."""
        scope = Scope(declaration.module, None, declaration.owner)
        if declaration.kind == "function":
            return FunctionValue(declaration.node, scope)
        if declaration.kind == "type":
            return Symbol(declaration.name)
        key = (declaration.module.path, declaration.node.start_byte)
        if key not in self._constants:
            self._constants[key] = UNKNOWN  # while it is looked at, itself is unknown: constants may go in circles
            self._constants[key] = self.evaluate(self.code.dialect.value_of(declaration), scope)
        return self._constants[key]

    def _member(self, expression: Member, scope: Scope) -> Value:
        if isinstance(expression.of, Name) and expression.of.text in self.code.dialect.self_names:
            held = scope.bound.get(f"{THIS}.{expression.name}", UNKNOWN)
            return held if held is not UNKNOWN else self._declared(expression.name, scope, scope.owner)
        of = self.evaluate(expression.of, scope)
        if isinstance(of, dict):
            return of.get(expression.name, UNKNOWN)
        if isinstance(of, Record):
            if expression.name in of.named:
                return of.named[expression.name]
            return self.objects.state(of).get(expression.name, UNKNOWN)
        if isinstance(of, Unbound):
            return of
        if isinstance(of, Symbol):
            found = self._declared(expression.name, scope, of.last)
            return Symbol(f"{of.text}.{expression.name}") if isinstance(found, Symbol) else found
        return UNKNOWN

    def _item(self, expression: Item, scope: Scope) -> Value:
        of, key = self.evaluate(expression.of, scope), self.evaluate(expression.key, scope)
        if isinstance(of, dict):
            return of.get(key, UNKNOWN) if isinstance(key, str) else UNKNOWN
        if isinstance(of, list) and isinstance(key, int) and -len(of) <= key < len(of):
            return of[key]
        return UNKNOWN

    def _sequence(self, expression: Sequence, scope: Scope) -> list[Value]:
        return self._values(expression.items, scope)

    def _values(self, expressions: Iterable[Expression], scope: Scope) -> list[Value]:
        values: list[Value] = []
        for one in expressions:
            value = self.evaluate(one, scope)
            if isinstance(one, Spread) and isinstance(value, list):
                values += value
            else:
                values.append(value)
        return values[:_MAX_ITEMS]

    def _table(self, expression: Table, scope: Scope) -> Value:
        table: dict[str, Value] = {}
        for key, value in expression.entries:
            name = self.evaluate(key, scope)
            if isinstance(key, Spread):
                table |= name if isinstance(name, dict) else {}
            elif isinstance(name, str | int):
                table[str(name)] = self.evaluate(value, scope)
            elif isinstance(name, Symbol) and ("." in name.text or name.text[:1].isupper()):
                table[name.last] = self.evaluate(value, scope)
        return table

    def _joined(self, expression: Joined, scope: Scope) -> Value:
        values = [self.evaluate(part, scope) for part in expression.parts]
        if values and all(isinstance(value, list) for value in values):
            return [item for value in values for item in value][:_MAX_ITEMS]
        if values and all(type(value) in (int, float) for value in values):
            return sum(values)
        texts = [as_text(value) for value in values]
        if any(text is None for text in texts):
            return next((value for value in values if isinstance(value, Unbound)), UNKNOWN)
        return "".join(text for text in texts if text is not None)[:MAX_TEXT]

    def _choice(self, expression: Choice, scope: Scope) -> Value:
        condition = self.evaluate(expression.condition, scope)
        if isinstance(condition, bool):
            return self.evaluate(expression.then if condition else expression.otherwise, scope)
        then, otherwise = self.evaluate(expression.then, scope), self.evaluate(expression.otherwise, scope)
        return then if type(then) is type(otherwise) and then == otherwise else UNKNOWN

    def kept(self, expression: Call, scope: Scope) -> Record:
        """Give a call as data, whatever it would give."""
        owner = self._receiver(expression, scope)
        args = self._values(expression.args, scope)
        named = {key: self.evaluate(value, scope) for key, value in expression.named}
        types = tuple(self._type(one, scope) for one in expression.types)
        return Record(last_name(expression.callee), owner, args, named, types, expression.node, scope)

    def _type(self, name: str, scope: Scope) -> str:
        """Give a type argument; what a type parameter stands for, and nothing when only a caller knows."""
        known = scope.bound.get(name)
        if isinstance(known, Symbol):
            return known.text
        function = scope.function
        while function is not None:
            if name in self.code.function(scope.module, function).types:
                return ""
            function = next((one for one in ancestors(function) if one.type in self.code.dialect.functions), None)
        return name

    def _call(self, expression: Call, scope: Scope) -> Value:
        record = self.kept(expression, scope)
        try:
            known = self.code.dialect.builtin(record.name, record.owner, record.args, record.named)
        except _MISFITS:  # arguments of another number or kind than the library's function takes
            return UNKNOWN
        if known is not NotImplemented:
            return known[:MAX_TEXT] if isinstance(known, str) else known
        value = UNKNOWN if record.name in self._kept else self._inlined(expression, record, scope)
        return record if value is UNKNOWN else value

    def _receiver(self, expression: Call, scope: Scope) -> Value:
        callee = expression.callee
        if not isinstance(callee, Member):
            return None
        if isinstance(callee.of, Name) and callee.of.text in self.code.dialect.self_names:
            return scope.bound.get(THIS, Symbol(scope.owner))
        return self.evaluate(callee.of, scope)

    def _inlined(self, expression: Call, record: Record, scope: Scope) -> Value:
        function = self.objects.callee(expression, record, scope)
        if function is None:
            return self.objects.held(record)
        body = self.code.function(function.scope.module, function.node)
        if not body.returns:
            return UNKNOWN
        inside = Scope(function.scope.module, function.node, function.scope.owner)
        inside = self.bind(body, record.args, record.named, inside, record.types)
        if isinstance(record.owner, str | Unbound):
            # A function that the program adds to texts: what it is called on is its object.
            inside = replace(inside, bound={**inside.bound, THIS: record.owner})
        target = record.owner if isinstance(record.owner, Record) else scope.bound.get(THIS)
        if isinstance(target, Record) and self.objects.class_of(target) is not None:
            inside = replace(inside, bound={**self.objects.bound(target), **inside.bound})
        values = [self.evaluate(one, inside) for one in body.returns]
        known = [value for value in values if value is not UNKNOWN and not isinstance(value, Unbound)]
        known = [one for one in known if one is not target and not self.objects.is_self(one, function.scope.owner)]
        # Early returns of a function that makes something are its refusals; the last is what it makes.
        return known[-1] if known else UNKNOWN


def as_text(value: Value) -> str | None:
    """Give a value as it reads inside a text; None when it has no text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _with_part(value: Value, path: list[Value], part: Value) -> Value:
    """Give a copy of a value with one part of it set."""
    if not path:
        return part
    key, *rest = path
    if isinstance(value, dict) and isinstance(key, str):
        return value | {key: _with_part(value.get(key, {}), rest, part)}
    if isinstance(value, Record) and isinstance(key, str):
        return replace(value, named={**value.named, key: _with_part(value.named.get(key, {}), rest, part)})
    return value
