"""What the code that makes tools of an API's operations says of one operation, without running it.

Its variables stand for the document, a path, a method, an operation; which is which follows from what is iterated
and from what is asked of them.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_calls import call_value
from crawler.extractors.javascript_candidates import keys_of
from crawler.extractors.javascript_evaluator import Evaluator
from crawler.extractors.javascript_module import FUNCTIONS, Module
from crawler.extractors.javascript_package import JavascriptPackage
from crawler.extractors.javascript_text import arguments_of, pattern_names, short_text, text_of, unquoted, written
from crawler.extractors.javascript_values import FunctionValue, PartialText, Scope
from crawler.extractors.openapi_documents import Document
from crawler.extractors.openapi_operations import Operation
from crawler.extractors.paths import Place, place_of

_OPERATION = re.compile(r"op|operation|operationObject|operationObj|apiOperation", re.IGNORECASE)
_METHOD = re.compile(r"method|httpMethod|verb", re.IGNORECASE)
_PATH = re.compile(r"path|pathKey|pathName|pathStr|route|endpoint|url|urlPath|apiPath", re.IGNORECASE)
_TEXT_PROPERTIES = frozenset(
    ("toUpperCase", "toLowerCase", "replace", "replaceAll", "split", "startsWith", "slice", "length", "trim")
)
_SAID_OF_OPERATIONS = frozenset(
    ("summary", "description", "parameters", "requestBody", "tags", "responses", "deprecated")
)
_ENDED = re.compile(rb"(?![\w$])")
_MAX_SEARCHED: Final = 300_000  # bytes; larger files are bundles, and most of what is in them is libraries
_ITERATED: Final = 2_000  # characters of what is iterated
_MAX_BINDER: Final = 60_000
_MAX_NESTED: Final = 3
_KEPT_NAME: Final = 64  # what clients allow; longer names are cut in ways of their own


@dataclass(frozen=True, slots=True)
class Facts:
    """The operation that is asked about."""

    document: Document
    operation: Operation


class OperationEvaluator(Evaluator):
    """An evaluator for which the variables of the loading code stand for one operation."""

    def __init__(self, package: JavascriptPackage) -> None:
        super().__init__(package, _call)
        self._literals = Literals(package)
        self._facts: Facts | None = None
        self._nested = 0

    def evaluate_for(self, node: Node, module: Module, facts: Facts) -> Any:
        """Give an expression's value for an operation."""
        self._facts = facts
        self._constants.clear()
        self.budget.begin_file()
        return self.evaluate(node, Scope(module, {"": None}))

    @property
    def facts(self) -> Facts | None:
        """The operation asked about now."""
        return self._facts

    def named(self, name: str, scope: Scope, node: Node | None) -> Any:
        """Give what a name stands for: what the code says, else its part in the walk over the document."""
        value = super().named(name, scope, node)
        # What operations are looked up in is filled while the server starts, and empty before.
        unknown = value is UNKNOWN or (value is None and _OPERATION.fullmatch(name) is not None)
        if not unknown or node is None or self._facts is None:
            return value
        return self._part(name, scope, node, self._facts)

    def _part(self, name: str, scope: Scope, node: Node, facts: Facts) -> Any:
        binder = _binder(scope.module, node, name)
        if binder is not None and (value := self._iterated(binder, name, scope, facts)) is not UNKNOWN:
            return value
        around = text_of(binder or _outermost(scope.module, node))[:_MAX_BINDER]
        asked = set(re.findall(rf"(?<![\w$.]){re.escape(name)}[?!]?\.(\w{{1,60}})", around))
        if "operationId" in asked or (_OPERATION.fullmatch(name) and (binder is None or asked & _SAID_OF_OPERATIONS)):
            return _operation(facts)
        if asked & {"paths", "info"}:
            return dict(facts.document.content)
        if asked <= _TEXT_PROPERTIES:
            if _METHOD.fullmatch(name):
                return facts.operation.method
            return facts.operation.path if _PATH.fullmatch(name) else UNKNOWN
        return self._shaped(name, asked, binder) if binder is not None else UNKNOWN

    def _iterated(self, binder: Node, name: str, scope: Scope, facts: Facts) -> Any:
        """Give the part of `[key, value]` that a name is, in a walk over an object's entries."""
        pattern, walked = _walked(scope.module, binder)
        if pattern is None or walked is None or pattern.type != "array_pattern":
            return UNKNOWN
        index = _position(pattern, name)
        entered = _entered(walked)
        if entered is None or index not in (0, 1):
            return UNKNOWN
        if re.search(r"\bpaths\b", text_of(entered)[:_ITERATED]):
            return (facts.operation.path, UNKNOWN)[index]
        value = self.evaluate(entered, scope)
        if isinstance(value, dict) and len(value) == 1:
            return next(iter(value.items()))[index]
        return (facts.operation.method, _operation(facts))[index] if value is UNKNOWN else UNKNOWN

    def _shaped(self, name: str, asked: set[str], binder: Node) -> Any:
        """Give an object that has all that is asked of a name, where the code makes one such object."""
        if not asked or self._nested >= _MAX_NESTED:
            return UNKNOWN
        self._nested += 1
        try:
            for module, literal in self._literals.having(frozenset(asked)):
                inside = binder.start_byte <= literal.start_byte < binder.end_byte
                if inside and (literal.text or b"") in (binder.text or b""):
                    continue  # it is made of what is looked for
                shaped = {key: self._field(module, literal, key, name, binder) for key in sorted(asked)}
                # The same shape may be made elsewhere of something else: of what is not known here.
                telling = [shaped["name"]] if "name" in shaped else list(shaped.values())
                if any(value is not UNKNOWN and not isinstance(value, PartialText) for value in telling):
                    return shaped
        finally:
            self._nested -= 1
        return UNKNOWN

    def _field(self, module: Module, literal: Node, key: str, name: str, binder: Node) -> Any:
        value = self.evaluate(value_of(literal, key), Scope(module, {"": None}))
        around = text_of(binder)[:_MAX_BINDER]
        is_document = re.search(rf"\b{re.escape(name)}[?!]?\.{re.escape(key)}[?!]?\.(?:paths|info)\b", around)
        return dict(self._facts.document.content) if value is UNKNOWN and is_document and self._facts else value


class Literals:
    """The object literals of a package's product code, found by their keys when they are asked for."""

    def __init__(self, package: JavascriptPackage) -> None:
        self._package = package
        self._found: dict[frozenset[str], list[tuple[Module, Node]]] = {}

    def having(self, keys: frozenset[str]) -> list[tuple[Module, Node]]:
        """Give the literals that have all these keys, and stand in files small enough to be somebody's own."""
        if keys not in self._found:
            self._found[keys] = list(self._search(keys))
        return self._found[keys]

    def _search(self, keys: frozenset[str]) -> Iterator[tuple[Module, Node]]:
        words = [key.encode() for key in keys]
        rarest = max(words, key=len)
        for path, data in sorted(self._package.sources.items()):
            if len(data) > _MAX_SEARCHED or place_of(path) is Place.TEST or any(word not in data for word in words):
                continue
            module = self._package.module(path)
            if module is None:
                continue
            for node in module.occurrences((rarest,), _ENDED):
                literal = next((one for one in (node, *module.ancestors(node)[:2]) if one.type == "object"), None)
                if literal is not None and keys <= keys_of(literal):
                    yield module, literal


def value_of(literal: Node, key: str) -> Node | None:
    """Give the expression that an object literal has under a key, written out or short."""
    for child in literal.named_children:
        if child.type == "pair" and unquoted(child.child_by_field_name("key")) == key:
            return child.child_by_field_name("value")
        if child.type == "shorthand_property_identifier" and text_of(child) == key:
            return child
    return None


def _operation(facts: Facts) -> dict[str, Any]:
    # Lists of operations are often made with both beside what the document says.
    return {**facts.operation.said, "method": facts.operation.method, "path": facts.operation.path}


def _call(evaluator: Evaluator, node: Node, scope: Scope) -> Any:
    callee = node.child_by_field_name("function")
    method = short_text(callee.child_by_field_name("property")) if callee is not None else ""
    facts = evaluator.facts if isinstance(evaluator, OperationEvaluator) else None
    if facts is not None and method == "basename":
        whole = len(arguments_of(node)) < 2
        return posixpath.basename(facts.document.path) if whole else facts.document.stem
    value = call_value(evaluator, node, scope)
    nodes = arguments_of(node)
    if value is UNKNOWN and len(nodes) == 1 and (function := evaluator.evaluate(callee, scope)) is not UNKNOWN:
        given = evaluator.evaluate(nodes[0], scope)
        return given if isinstance(given, str) and _only_limits(function, given) else UNKNOWN
    return value


def _only_limits(function: Any, given: str) -> bool:
    """Tell a function that gives its argument back unless it is too long."""
    if not isinstance(function, FunctionValue) or len(given) > _KEPT_NAME:
        return False
    parameters = function.node.child_by_field_name("parameters")
    names = [name for name, _ in pattern_names(parameters)] if parameters is not None else []
    body = text_of(function.node.child_by_field_name("body"))[:4_000]
    return len(names) == 1 and all(
        re.search(rf"\b{form.format(re.escape(names[0]))}", body) is not None
        for form in (r"return\s+{}\s*[;\n}}]", r"{}\.length")
    )


def _binder(module: Module, node: Node, name: str) -> Node | None:
    """Find the function or the loop that gives a name its value for each call or turn."""
    for parent in module.ancestors(node):
        if parent.type in FUNCTIONS or parent.type == "for_in_statement":
            for key in ("parameters", "parameter", "left"):
                pattern = parent.child_by_field_name(key)
                if pattern is not None and any(found == name for found, _ in pattern_names(pattern)):
                    return parent
    return None


def _position(pattern: Node, name: str) -> int:
    """Give the position of a name in `[key, value]`, where one may be left out; -1 when it is not there."""
    position = 0
    for child in pattern.children:
        if child.type == ",":
            position += 1
        elif any(found == name for found, _ in pattern_names(child)):
            return position
    return -1


def _outermost(module: Module, node: Node) -> Node:
    functions = [parent for parent in module.ancestors(node) if parent.type in FUNCTIONS]
    return functions[-1] if functions else node


def _walked(module: Module, binder: Node) -> tuple[Node | None, Node | None]:
    """Give the pattern of a loop's or a callback's variable and the expression that is walked over."""
    if binder.type == "for_in_statement":
        return binder.child_by_field_name("left"), binder.child_by_field_name("right")
    parameters = binder.child_by_field_name("parameters")
    given = written(parameters.named_children) if parameters is not None else []
    first = given[0] if given else None
    if first is not None and first.type == "required_parameter":
        first = first.child_by_field_name("pattern")
    call = next((parent for parent in module.ancestors(binder)[:2] if parent.type == "call_expression"), None)
    callee = call.child_by_field_name("function") if call is not None else None
    return first, callee.child_by_field_name("object") if callee is not None else None


def _entered(walked: Node) -> Node | None:
    """Give what `Object.entries` is called with, under filters and the like."""
    node: Node | None = walked
    for _ in range(10):
        if node is None or node.type != "call_expression":
            return None
        callee = node.child_by_field_name("function")
        target = callee.child_by_field_name("object") if callee is not None else None
        if target is not None and short_text(target) == "Object":
            given = arguments_of(node)
            return given[0] if given and short_text(callee) == "Object.entries" else None
        node = target
    return None
