"""The files of one language in a snapshot: parsed when needed, searched by text first, names found by nearness.

Imports are not resolved: of several declarations of a name the nearest one counts, as a reader would guess.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tree_sitter import Node, Parser

from catalog.records import FileIssue
from crawler.extractors.dialect import Dialect
from crawler.extractors.evaluation import Budget
from crawler.extractors.expressions import Function
from crawler.extractors.extracted import broken_file
from crawler.extractors.paths import Place, place_of

MAX_SOURCE_BYTES = 4_000_000
_MAX_LOOKED_AT = 40  # files parsed to find one name
_MAX_CLIMB = 8
_MAX_ANCESTORS = 300
_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_WORD_BYTES = frozenset(bytes([byte]) for byte in range(256) if bytes([byte]).isalnum() or byte >= 0x80 or byte == 0x5F)


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """A name's declaration. `kind` is "value", "function" or "type"; `owner` the type it is a member of."""

    kind: str
    name: str
    owner: str
    node: Node
    module: "Module"


@dataclass(slots=True, eq=False)
class Module:
    """A parsed file and what it declares."""

    path: str
    data: bytes
    root: Node
    declared: dict[str, list[Declaration]] = field(default_factory=dict)

    def declare(self, kind: str, name: str, owner: str, node: Node) -> None:
        """Take a declaration in."""
        self.declared.setdefault(name, []).append(Declaration(kind, name, owner, node, self))


class Codebase:
    """One language's files of a snapshot. What was parsed or looked up it remembers."""

    def __init__(self, files: Mapping[str, bytes], dialect: Dialect, place: Place = Place.PRODUCT) -> None:
        self.files = files
        self.dialect = dialect
        self.budget = Budget()
        self.issues: list[FileIssue] = []
        self.sources = {
            path: data
            for path, data in sorted(files.items())
            if dialect.is_source(path, data) and place_of(path) <= place
        }
        self._parser = Parser(dialect.language)
        self._words: dict[bytes, list[str]] | None = None
        self._modules: dict[str, Module | None] = {}
        self._functions: dict[tuple[str, int, int], Function] = {}
        self._found: dict[tuple[str, str, str, bool], Declaration | None] = {}
        self._callers: dict[str, list[tuple[Module, Node]]] = {}

    def module(self, path: str) -> Module | None:
        """Parse a file; None when it is too large. Syntax errors are an issue, what stands around them is read."""
        if path not in self._modules:
            self._modules[path] = self._parse(path, self.sources[path])
        return self._modules[path]

    def _parse(self, path: str, data: bytes) -> Module | None:
        if len(data) > MAX_SOURCE_BYTES:
            self.issues.append(FileIssue(path, f"larger than {MAX_SOURCE_BYTES} bytes, not parsed"))
            return None
        self.budget.begin_file()
        data = self.dialect.prepared(data)
        module = Module(path, data, self._parser.parse(data).root_node)
        if module.root.has_error:
            self.issues.append(broken_file(path))
        self.dialect.index(module)
        return module

    def holding(self, *texts: bytes) -> Iterator[Module]:
        """Give the files that hold one of `texts`."""
        for path, data in self.sources.items():
            if any(text in data for text in texts) and (module := self.module(path)) is not None:
                yield module

    def _paths_with(self, word: bytes) -> list[str]:
        """Give the files that hold a whole word, in order. The first question reads all words of all files."""
        if self._words is None:
            self._words = {}
            for path, data in self.sources.items():
                for one in set(_WORD.findall(data)):
                    self._words.setdefault(one, []).append(path)
        return self._words.get(word, [])

    def occurrences(self, word: str, types: frozenset[str], climb: int = _MAX_CLIMB) -> list[tuple[Module, Node]]:
        """Find nodes of `types` around each whole-word occurrence of `word`, each once, in order."""
        found: dict[tuple[str, int, int], tuple[Module, Node]] = {}
        for path in self._paths_with(word.encode()):
            module = self.module(path)
            if module is None:
                continue
            for start, end in _spans(word.encode(), module.data):
                node = self.dialect.around(module.root.descendant_for_byte_range(start, end), types, climb)
                if node is not None:
                    found[path, node.start_byte, node.end_byte] = module, node
        return list(found.values())

    def callers(self, name: str) -> list[tuple[Module, Node]]:
        """Find the calls of a function by its last name."""
        if name not in self._callers:
            calls = [
                (module, self.dialect.whole_call(node))
                for module, node in self.occurrences(name, self.dialect.calls, climb=5)
            ]
            self._callers[name] = [
                (module, node)
                for module, node in calls
                if last_name(getattr(self.dialect.lower(node), "callee", None)) == name
            ]
        return self._callers[name]

    def function(self, module: Module, node: Node) -> Function:
        """Give what a function does with names."""
        key = (module.path, node.start_byte, node.end_byte)
        if key not in self._functions:
            self._functions[key] = self.dialect.function(node)
        return self._functions[key]

    def lookup(self, name: str, near: Module, owner: str | None = None, *, called: bool = False) -> Declaration | None:
        """Find the nearest declaration of a name; `owner` asks for a member of that type or package, "" for none.

        Where a type's field and method share a name, `called` asks for the method.
        """
        key = (name, near.path, "*" if owner is None else owner, called)
        if key not in self._found:
            self._found[key] = self._look_up(name, near, owner, called=called)
        return self._found[key]

    def overloads(self, declaration: Declaration) -> list[Declaration]:
        """Give the functions that share a function's name in its type."""
        alike = declaration.module.declared.get(declaration.name, ())
        return [one for one in alike if one.kind == declaration.kind and one.owner == declaration.owner]

    def _look_up(self, name: str, near: Module, owner: str | None, *, called: bool) -> Declaration | None:
        holding = sorted(self._paths_with(name.encode()), key=lambda path: _distance(path, near.path))
        # What everybody uses stands in more files than can be parsed; a file named after it is the one to parse.
        named = [path for path in holding[_MAX_LOOKED_AT:] if path.rpartition("/")[2].split(".")[0] in (name, owner)]
        for path in (*holding[:_MAX_LOOKED_AT], *named[:_MAX_LOOKED_AT]):
            module = near if path == near.path else self.module(path)
            declared = module.declared.get(name, []) if module is not None else []
            if len(declared) > 1:
                declared = sorted(declared, key=lambda one: (one.kind == "function") != called)
            for declaration in declared:
                if owner is None or declaration.owner == owner or (owner and self._is_package(module, owner)):
                    return declaration
        return None

    def _is_package(self, module: Module | None, name: str) -> bool:
        """Tell whether what a file declares is reached by a name: its folder's, or its own where files are modules."""
        *folders, file = module.path.split("/") if module is not None else [""]
        named = folders[-1:] + ([file.partition(".")[0]] if self.dialect.files_are_modules else [])
        return any(part.replace("-", "").replace("_", "") == name.replace("_", "") for part in named)


def _spans(word: bytes, data: bytes) -> Iterator[tuple[int, int]]:
    """Find a whole word."""
    start = data.find(word)
    while start >= 0:
        end = start + len(word)
        if data[start - 1 : start] not in _WORD_BYTES and data[end : end + 1] not in _WORD_BYTES:
            yield start, end
        start = data.find(word, end)


def enclosing(node: Node | None, types: frozenset[str], climb: int = _MAX_ANCESTORS) -> Node | None:
    """Climb from a node to the nearest one of `types`, itself included."""
    for _ in range(climb):
        if node is None or node.type in types:
            return node
        node = node.parent
    return None


def ancestors(node: Node) -> Iterable[Node]:
    """Give the nodes around a node, from the inside out."""
    parent = node.parent
    for _ in range(_MAX_ANCESTORS):
        if parent is None:
            return
        yield parent
        parent = parent.parent


def last_name(expression: object) -> str:
    """Give the last name of a callee: `c` of a.b.c."""
    return str(getattr(expression, "name", getattr(expression, "text", "")))


def _distance(path: str, near: str) -> tuple[int, int, str]:
    if path == near:
        return (-1, 0, "")
    ours, theirs = path.split("/")[:-1], near.split("/")[:-1]
    shared = 0
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            break
        shared += 1
    return (len(theirs) - shared + len(ours) - shared, len(ours), path)
