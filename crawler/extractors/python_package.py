"""The Python files of a snapshot, parsed when first asked for, and which file an import means.

Nothing is imported or run.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from tree_sitter import Node

from crawler.extractors.paths import Place, place_of
from crawler.extractors.python_module import Module, read_module

MAX_SOURCE_BYTES = 4 * 1024 * 1024
_DECORATOR = re.compile(rb"(?m)^[ \t]{0,80}@([\w.]{1,200})")


class PythonPackage:
    """All Python files of a snapshot, parsed when first asked for; those of one kind of place call each other."""

    def __init__(self, files: Mapping[str, bytes], wanted: Place = Place.PRODUCT) -> None:
        self.files = files
        self._sources = sorted(path for path in files if path.endswith(".py") and place_of(path) is wanted)
        self._modules: dict[str, Module | None] = {}
        self._by_tail: dict[str, list[str]] = {}
        for path in files:
            if path.endswith(".py"):
                self._by_tail.setdefault(_dotted(path).rsplit("/", 1)[-1], []).append(path)

    def module(self, path: str) -> Module | None:
        """Parse a file, once; None when it is absent or too large."""
        if path not in self._modules:
            data = self.files.get(path)
            whole = data is not None and len(data) <= MAX_SOURCE_BYTES
            self._modules[path] = read_module(path, data) if whole and data is not None else None
        return self._modules[path]

    def holding(self, word: bytes) -> Iterator[Module]:
        """Visit the modules whose text holds a word."""
        for path in self._sources:
            if word in self.files[path] and (module := self.module(path)) is not None:
                yield module

    def counts(self, word: bytes) -> int:
        """Count how often a word stands in the sources."""
        return sum(self.files[path].count(word) for path in self._sources)

    @cached_property
    def decorators(self) -> frozenset[str]:
        """The last names of everything that is used as a decorator."""
        found = {name for path in self._sources for name in _DECORATOR.findall(self.files[path])}
        return frozenset(name.decode("utf-8", "replace").rsplit(".", 1)[-1] for name in found)

    def importers(self, path: str) -> list[tuple[Module, Node]]:
        """Find the import statements that bring a module in."""
        found = []
        for module in self.holding(_dotted(path).rsplit("/", 1)[-1].encode()):
            for node, source, symbol in module.import_nodes:
                meant = (self.find(source, module.path), self.find(_joined(source, symbol), module.path))
                if module.path != path and any(one is not None and one.path == path for one in meant):
                    found.append((module, node))
        return found

    def imported(self, module: Module) -> Iterator[Module]:
        """Visit the modules of the package that a module imports."""
        for _, source, symbol in module.import_nodes:
            for dotted in (source, _joined(source, symbol)):
                found = self.find(dotted, module.path)
                if found is not None:
                    yield found

    def find(self, dotted: str, importer: str) -> Module | None:
        """Find the module that `dotted` means to a file; a leading dot is relative, as in Python."""
        if dotted.startswith("."):
            rest = dotted.lstrip(".")
            folders = importer.split("/")[: -(len(dotted) - len(rest))]
            wanted = "/".join([*folders, *filter(None, rest.split("."))])
            for path in (f"{wanted}.py", f"{wanted}/__init__.py".lstrip("/")):
                if path in self.files:
                    return self.module(path)
            return None
        wanted = dotted.replace(".", "/")
        tails = (f"{wanted}.py", f"{wanted}/__init__.py")
        found = [
            path
            for path in self._by_tail.get(wanted.rsplit("/", 1)[-1], ())
            if path in tails or path.endswith(tuple(f"/{tail}" for tail in tails))
        ]
        # A script's neighbour comes before a namesake elsewhere in the snapshot.
        found.sort(key=lambda path: (path.rsplit("/", 1)[0] != importer.rsplit("/", 1)[0], path.count("/"), path))
        return self.module(found[0]) if found else None


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__")


def _joined(source: str, symbol: str | None) -> str:
    if symbol is None:
        return source
    return f"{source}.{symbol}" if source.strip(".") else source + symbol
