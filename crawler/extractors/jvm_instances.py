"""Objects whose class makes a tool of itself: every instance of it and of what extends it, as a program makes them."""

from collections.abc import Iterator

from tree_sitter import Node

from crawler.extractors.codebase import Codebase, Declaration, Module
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Call, Record, Scope
from crawler.extractors.jvm_dialect import JvmDialect
from crawler.extractors.objects import THIS, State

_MAX_FAMILY = 1_000
_MAX_INSTANCES = 2_000

Instance = tuple[State, Module, Node]  # what is known inside it, and where it is made


class Instances:
    """Finds the instances of the classes of one codebase."""

    def __init__(self, evaluator: Evaluator, dialect: JvmDialect) -> None:
        self._evaluator = evaluator
        self._code: Codebase = evaluator.code
        self._dialect = dialect
        self._families: dict[int, list[Declaration]] = {}
        self._made: dict[int, list[tuple[Record, Module, Node]]] = {}

    def around(self, scope: Scope, node: Node) -> Iterator[Instance]:
        """Give what is known at a node of a class: for its instances, and for those of what its variables are of."""
        finisher = self._dialect.function_name(scope.function) if scope.function is not None else ""
        holder = self._code.lookup(scope.owner, scope.module) if scope.owner else None
        if holder is not None and holder.kind == "type":
            for record, module, place in self._instances(holder, finisher):
                yield self._evaluator.objects.bound(record), module, place
        for name, type_ in self._dialect.typed_names(node).items():
            declared = self._code.lookup(type_, scope.module)
            if declared is None or declared.kind != "type":
                continue
            for record, module, place in self._instances(declared, ""):
                known = self._evaluator.objects.bound(record) if name == THIS else {name: record}
                yield known, module, place

    def _instances(self, holder: Declaration, finisher: str) -> Iterator[tuple[Record, Module, Node]]:
        alike = [one for one in holder.module.declared.get(holder.name, ()) if one.kind == "type"]
        if len(alike) > 1:
            return  # which of the types of a name is meant cannot be told
        if finisher:
            yield from self._finished(holder, finisher)
        for one in self.family(holder):
            yield from self._of(one)

    def _finished(self, holder: Declaration, finisher: str) -> Iterator[tuple[Record, Module, Node]]:
        """Give the builders on which the method that makes the tool is called."""
        word = holder.name.encode()
        for module, node in self._code.callers(finisher):
            if word not in module.data:
                continue
            expression = self._dialect.lower(node)
            if isinstance(expression, Call):
                record = self._evaluator.kept(expression, self._evaluator.scope_at(Scope(module), node))
                class_ = self._evaluator.objects.class_of(record)
                if class_ is not None and class_.node.id == holder.node.id:
                    yield record, module, node

    def _of(self, class_: Declaration) -> list[tuple[Record, Module, Node]]:
        if class_.node.id not in self._made:
            found = []
            for module, node in self._code.callers(class_.name)[:_MAX_INSTANCES]:
                outer = self._dialect.fluent_end(node)
                expression = self._dialect.lower(outer)
                if isinstance(expression, Call) and not self._dialect.is_base_call(node):
                    scope = self._evaluator.scope_at(Scope(module), outer)
                    record = self._evaluator.kept(expression, scope)
                    made = self._evaluator.objects.class_of(record)
                    if made is not None and made.node.id == class_.node.id:
                        found.append((record, module, outer))
            members = self._dialect.type_body(class_).members
            for member in members:
                constant = self._code.lookup(member, class_.module, class_.name)
                value = self._evaluator.declared_value(constant) if constant is not None else None
                if isinstance(value, Record) and constant is not None:
                    found.append((value, class_.module, constant.node))
            if not found and not self._dialect.is_abstract(class_):
                # What a framework makes is made without arguments that the source could tell.
                scope = Scope(class_.module, None, class_.name)
                found.append((Record(class_.name, None, [], {}, (), class_.node, scope), class_.module, class_.node))
            self._made[class_.node.id] = found
        return self._made[class_.node.id]

    def family(self, holder: Declaration) -> list[Declaration]:
        """Give a class and all that extends or implements it."""
        if holder.node.id not in self._families:
            family, pending = [holder], [holder]
            while pending and len(family) < _MAX_FAMILY:
                base = pending.pop()
                for module in self._code.holding(base.name.encode()):
                    for one in self._extending(module, base.name):
                        if all(one.node.id != known.node.id for known in family):
                            family.append(one)
                            pending.append(one)
            self._families[holder.node.id] = family
        return self._families[holder.node.id]

    def _extending(self, module: Module, name: str) -> Iterator[Declaration]:
        for declarations in list(module.declared.values()):
            for one in declarations:
                if one.kind == "type" and name in self._dialect.type_body(one).bases:
                    yield one
