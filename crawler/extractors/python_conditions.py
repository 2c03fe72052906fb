"""Under which condition a tool is offered: ifs around it, early returns before it, guarded callers and imports.

A condition that holds by the defaults of its settings is none.
"""

import re
from dataclasses import dataclass

from tree_sitter import Node

from crawler.extractors.python_bindings import Bindings, Environment
from crawler.extractors.python_module import Module, ancestors
from crawler.extractors.python_references import Scope
from crawler.extractors.python_syntax import text_of
from crawler.extractors.python_values import Evaluator

_MAX_CALL_DEPTH = 4
_MAX_TEXT = 200
_MAX_PLACES = 50
_NO_CONDITION = ("__name__", "TYPE_CHECKING")
# A function as one of several things said of a name: {"name": {"override": function}}.
_SETTING = rb"""["'][\w.-]{1,80}["']\s{0,5}:\s{0,5}\{[^{}]{0,200}["']\w{1,60}["']\s{0,5}:\s{0,5}"""
_LEAVES = frozenset(("return_statement", "continue_statement"))


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition's text and the path of the module that states it."""

    text: str
    path: str


class Conditions:
    """Answers for one package; what it found for a function or a file it remembers."""

    def __init__(self, evaluator: Evaluator, bindings: Bindings) -> None:
        self._evaluator = evaluator
        self._bindings = bindings
        self._functions: dict[tuple[str, int], Condition | None] = {}
        self._imports: dict[str, Condition | None] = {}

    def of(self, module: Module, node: Node, bound: Environment) -> str | None:
        """Give the text of the condition that a registration stands under, None for none."""
        found = self._find(module, node, bound, 0)
        return found.text if found is not None else None

    def _find(self, module: Module, node: Node, bound: Environment, depth: int) -> Condition | None:
        scope = Scope(module, node, bound)
        inner = node
        for parent in ancestors(module, node):
            # Further out, what leaves early is a program that prints its version or a list and ends.
            text = self._early_return(parent, inner, scope) if parent.type == "block" and depth == 0 else None
            if parent.type in ("if_statement", "elif_clause", "else_clause"):
                text = self._branch(parent, inner, scope)
            if text is not None:
                return Condition(text, module.path)
            if parent.type == "function_definition" and depth < _MAX_CALL_DEPTH:
                called = self._of_callers(module, parent, depth)
                if called is not None:
                    return called
            inner = parent
        return self._of_imports(module, depth)

    def _branch(self, parent: Node, inner: Node, scope: Scope) -> str | None:
        """Give the condition of the branch of an if that `inner` is; None when it is known to be taken."""
        if parent.type == "else_clause":
            statement = next(ancestors(scope.module, parent), None)
            if statement is None or statement.type != "if_statement":
                return None
            return self._unless_true(statement.child_by_field_name("condition"), scope, negated=True)
        if parent.child_by_field_name("consequence") != inner:
            return None
        return self._unless_true(parent.child_by_field_name("condition"), scope, negated=False)

    def _unless_true(self, condition: Node | None, scope: Scope, *, negated: bool) -> str | None:
        text = " ".join(text_of(condition).split())
        if condition is None or any(word in text for word in _NO_CONDITION):
            return None
        if self._evaluator.truth(condition, scope) is (not negated):
            return None
        if negated and condition.type == "not_operator":
            return text.removeprefix("not ")[:_MAX_TEXT]
        return (f"not ({text})" if negated else text)[:_MAX_TEXT]

    def _early_return(self, block: Node, inner: Node, scope: Scope) -> str | None:
        """Give the condition under which the statements before `inner` leave its block."""
        for statement in block.named_children:
            if statement.start_byte >= inner.start_byte:
                return None
            if statement.type != "if_statement" or statement.child_by_field_name("alternative") is not None:
                continue
            body = statement.child_by_field_name("consequence")
            if body is not None and body.named_children and body.named_children[-1].type in _LEAVES:
                text = self._unless_true(statement.child_by_field_name("condition"), scope, negated=True)
                if text is not None:
                    return text
        return None

    def _of_callers(self, module: Module, function: Node, depth: int) -> Condition | None:
        """Give the condition that every call of a function stands under."""
        key = (module.path, function.start_byte)
        if key not in self._functions:
            self._functions[key] = None
            callers = self._bindings.callers(module, function)[:_MAX_PLACES]
            found = [self._find(caller, call, {}, depth + 1) for caller, call in callers]
            always = found[0] if found and None not in found else None
            self._functions[key] = always if found else self._of_settings(function)
        return self._functions[key]

    def _of_settings(self, function: Node) -> Condition | None:
        """Give the setting by which a function that nobody calls is handed to other code: that decides what it does."""
        name = function.child_by_field_name("name")
        word = name.text if name is not None else None
        if word is None:
            return None
        setting = re.compile(_SETTING + re.escape(word) + rb"\b")
        for module in self._evaluator.package.holding(word):
            match = setting.search(self._evaluator.package.files[module.path])
            if match is not None:
                text = " ".join(match.group().decode("utf-8", "replace").split())
                return Condition(f"handed over in a setting: {text}"[:_MAX_TEXT], module.path)
        return None

    def _of_imports(self, module: Module, depth: int) -> Condition | None:
        """Give the condition that every import of a file stands under."""
        if depth >= _MAX_CALL_DEPTH or module.path.endswith("__init__.py"):
            return None
        if module.path not in self._imports:
            self._imports[module.path] = None
            importers = self._evaluator.package.importers(module.path)[:_MAX_PLACES]
            found = [self._find(importer, node, {}, depth + 1) for importer, node in importers]
            # A module that is only there because of this one says nothing of when this one is.
            outer = [one for one in found if one is None or one.path != module.path]
            self._imports[module.path] = outer[0] if outer and None not in outer else None
        return self._imports[module.path]
