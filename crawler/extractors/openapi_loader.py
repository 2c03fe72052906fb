"""How a package's own JavaScript turns operations into tools: their names, descriptions and hints.

A name that cannot be made out for every operation asked about makes no tools, only a reason.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tree_sitter import Node

from catalog.vocabulary import HINTS
from crawler.extractors.javascript_candidates import keys_of
from crawler.extractors.javascript_module import Module, Unresolved
from crawler.extractors.javascript_package import JavascriptPackage, is_source
from crawler.extractors.javascript_text import arguments_of, excerpt, short_text, text_of
from crawler.extractors.openapi_documents import Document
from crawler.extractors.openapi_evaluator import Facts, OperationEvaluator, value_of
from crawler.extractors.openapi_operations import Operation, Reading
from crawler.extractors.paths import Place, place_of

_WALKS = (b"operationId", b".paths", b"ListToolsRequestSchema", b"tools/list")
_CALLS = (b"tool", b"registerTool", b"addTool")
_CALLED = re.compile(rb"\s{0,5}[(<]")
_LISTING = re.compile(r"ListToolsRequestSchema|tools/list")
_LETTERS = re.compile(r"[^A-Za-z0-9]")
_ENDED = re.compile(rb"(?![\w$])")
_MAX_MODULES: Final = 60
_BUNDLE: Final = 300_000  # bytes; in larger files most of it are libraries, their names worn down
_MAX_LITERALS: Final = 2_000
_MAX_CANDIDATES: Final = 60
_SAMPLES: Final = 4
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_LEAVES_HEADERS = re.compile(
    rb"""["']header["'][^\n]{0,40}\n?[^\n]{0,60}(?:continue|return|skip)|!==?\s?["']header["']"""
)


@dataclass(frozen=True, slots=True)
class Made:
    """What the code makes of one operation; None where it does not say."""

    name: str
    description: str | None
    title: str | None
    annotations: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Candidate:
    module: Module
    node: Node
    name: Node
    said: Node | None
    last: bool  # nothing renames what is registered or listed here

    @property
    def passes_on(self) -> bool:
        """Whether the name is only handed through: a property, a parameter, or what was taken out of one."""
        if self.name.type == "member_expression":
            return True
        if self.name.type not in ("identifier", "shorthand_property_identifier"):
            return False
        found = self.module.resolve(text_of(self.name), self.name)
        if isinstance(found, Unresolved):
            return found is Unresolved.PARAMETER
        return found.node.type in ("member_expression", "identifier", "shorthand_property_identifier_pattern")


class Loader:
    """The code of one package that makes tools of operations."""

    def __init__(self, package: JavascriptPackage) -> None:
        self._package = package
        self.modules = list(_modules(package))
        self._literals = list(_literals(self.modules))
        self._evaluator = OperationEvaluator(package)
        self._candidates = [*_objects(self._literals), *_calls(self.modules)][:_MAX_CANDIDATES]

    def choose(self, document: Document, operations: list[Operation]) -> "Naming | None":
        """Find the place that names tools after operations; of several the last step, which adds to the others."""
        samples = operations[:: max(1, len(operations) // _SAMPLES)][:_SAMPLES]
        own = [one for one in self._candidates if len(one.module.data) < _BUNDLE]
        return self._best(own, document, samples) or self._best(self._candidates, document, samples)

    def _best(self, candidates: list[_Candidate], document: Document, samples: list[Operation]) -> "Naming | None":
        best: tuple[tuple[bool, int], _Candidate] | None = None
        for candidate in candidates:
            names = [self._name(candidate, document, operation) for operation in samples]
            known = [name for name in names if name is not None]
            if len(known) == len(names) == len(set(known)) and _tells(known[0], samples[0]):
                rank = (candidate.last, len(known[0]))
                best = (rank, candidate) if best is None or rank > best[0] else best
            elif candidate.last and not candidate.passes_on and not known:
                return None  # what it adds to a name before that name is seen is not known
        return Naming(self._evaluator, best[1], document) if best is not None else None

    def unnamed(self) -> str | None:
        """Say where tools are named in a way that cannot be made out; None when nowhere."""
        for one in self._candidates:
            where = f"{one.module.path}:{one.module.line_of(one.node)}"
            return f"{where}: a tool's name is computed at run time: {excerpt(one.name, 80)}"
        return None

    def reading(self) -> Reading:
        """Tell what of an operation the code makes arguments of."""
        data = [module.data for module in self.modules if len(module.data) < _BUNDLE] or [
            module.data for module in self.modules
        ]
        forms = tuple(form for form in _FORMS if any(form.encode() in one for one in data))
        return Reading(headers=not any(_LEAVES_HEADERS.search(one) for one in data), contents=forms)

    def _name(self, candidate: _Candidate, document: Document, operation: Operation) -> str | None:
        name = self._evaluator.evaluate_for(candidate.name, candidate.module, Facts(document, operation))
        return name if isinstance(name, str) and 0 < len(name) <= 200 else None


class Naming:
    """The place where a document's operations become tools."""

    def __init__(self, evaluator: OperationEvaluator, candidate: _Candidate, document: Document) -> None:
        self._evaluator = evaluator
        self._candidate = candidate
        self._document = document
        self.path = candidate.module.path
        self.line = candidate.module.line_of(candidate.node)

    def make(self, operation: Operation) -> Made | None:
        """Give the tool made of an operation; None when its name cannot be made out."""
        facts = Facts(self._document, operation)
        name = self._value(self._candidate.name, facts)
        if not isinstance(name, str) or not 0 < len(name) <= 200:
            return None
        said = {key: self._said(key, facts) for key in ("description", "title", "annotations")}
        annotations = said["annotations"] if isinstance(said["annotations"], dict) else {}
        hints = {key: value for key, value in annotations.items() if key in HINTS and isinstance(value, bool)}
        title = annotations.get("title", said["title"])
        description = said["description"]
        return Made(
            name,
            description if isinstance(description, str) else None,
            title if isinstance(title, str) else None,
            hints,
        )

    def _said(self, key: str, facts: Facts) -> Any:
        said = self._candidate.said
        node = (
            value_of(said, key)
            if said is not None and said.type == "object"
            else said
            if key == "description"
            else None
        )
        return self._value(node, facts) if node is not None else None

    def _value(self, node: Node, facts: Facts) -> Any:
        return self._evaluator.evaluate_for(node, self._candidate.module, facts)


def _modules(package: JavascriptPackage) -> Iterator[Module]:
    """Give the modules that walk over a document's operations or list what was made of them, small ones first."""
    paths = [path for path in package.sources if is_source(path) and place_of(path) is not Place.TEST]
    walking = [path for path in paths if any(word in package.sources[path] for word in _WALKS)]
    for path in sorted(walking, key=lambda path: (len(package.sources[path]) > _BUNDLE, path))[:_MAX_MODULES]:
        module = package.module(path)
        if module is not None:
            yield module


def _literals(modules: list[Module]) -> Iterator[tuple[Module, Node, frozenset[str]]]:
    """Give the object literals of modules that say a name, with their keys."""
    count = 0
    for module in modules:
        for node in module.occurrences((b"name",), _ENDED):
            parents = module.ancestors(node)[:2]
            literal = next((parent for parent in (node, *parents) if parent.type == "object"), None)
            if literal is not None and count < _MAX_LITERALS:
                count += 1
                yield module, literal, frozenset(keys_of(literal))


def _objects(literals: list[tuple[Module, Node, frozenset[str]]]) -> Iterator[_Candidate]:
    for module, literal, keys in literals:
        name = value_of(literal, "name")
        if name is not None and "inputSchema" in keys:
            yield _Candidate(module, literal, name, literal, last=_is_listed(module, literal))


def _calls(modules: list[Module]) -> Iterator[_Candidate]:
    for module in modules:
        for node in module.occurrences(_CALLS, _CALLED):
            call = next((parent for parent in module.ancestors(node)[:3] if parent.type == "call_expression"), None)
            given = arguments_of(call) if call is not None else []
            callee = short_text(call.child_by_field_name("function")) if call is not None else ""
            if call is not None and len(given) > 1 and "." in callee and given[0].type not in ("object", "string"):
                yield _Candidate(module, call, given[0], given[1], last=True)


def _is_listed(module: Module, node: Node) -> bool:
    """Tell whether an object stands inside of what answers `tools/list`."""
    return any(
        parent.type == "call_expression" and _LISTING.search(text_of(next(iter(arguments_of(parent)), None))[:200])
        for parent in module.ancestors(node)
    )


def _tells(name: str, operation: Operation) -> bool:
    """Tell a name that is made of an operation from one that any tool has: it keeps the operation's letters."""
    own = _LETTERS.sub("", operation.identity or operation.path.rsplit("/", 1)[-1]).lower()
    return own[:12] in _LETTERS.sub("", name).lower()
