"""All JavaScript and TypeScript files of a snapshot: parsed when first asked for, and found by how others import them.

Parsing is bounded in bytes, and for damaged text in work, because a parser's recovery can be made slow on purpose.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Parser, Tree

from catalog.records import FileIssue
from crawler.extractors.extracted import broken_file
from crawler.extractors.javascript_index import index
from crawler.extractors.javascript_module import Module

MAX_SOURCE_BYTES: Final = 8 * 1024 * 1024
MAX_PARSED_BYTES: Final = 96 * 1024 * 1024
# The parser reports about every 90 bytes; random bytes cost it 20 seconds a megabyte, sound text 0.1.
MAX_DAMAGED_REPORTS: Final = 4_000
SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_TYPES = (".d.ts", ".d.mts", ".d.cts")
_CHUNK: Final = 1024  # small, because a node asks for its text through the same reader
_LANGUAGES = {
    "javascript": Language(tree_sitter_javascript.language()),
    "typescript": Language(tree_sitter_typescript.language_typescript()),
    "tsx": Language(tree_sitter_typescript.language_tsx()),
}
_COMPILED_SUFFIX = re.compile(r"\.[cm]?jsx?$")
_ALIAS = re.compile(r"(?:[@~#]/|#|src/)")
_IMPORT = re.compile(rb"""(?:from|import|require)\s{0,5}\(?\s{0,20}["'`]([^"'`\s]{1,300})["'`]""")
_DYNAMIC = re.compile(rb"""(?<![\w$.])(?:import|require)\s{0,5}\(\s{0,20}[^"'\s)]|readdir|glob\(""")
_MAX_MANIFESTS: Final = 500


class JavascriptPackage:
    """The files of one snapshot by path. `issues` name those that could not be parsed."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.sources = {path: data for path, data in files.items() if is_source(path)}
        self.issues: list[FileIssue] = []
        self._modules: dict[str, Module | None] = {}
        self._documents: dict[str, Any] = {}
        self._parsed_bytes = 0
        self._damaged_reports = 0
        self._members: dict[str, str] | None = None

    def module(self, path: str) -> Module | None:
        """Parse a file, once; None when it is absent or cannot be parsed within bounds."""
        if path not in self._modules:
            data = self.sources.get(path)
            self._modules[path] = self._parse(path, data) if data is not None else None
        return self._modules[path]

    def find(self, source: str, importer: str) -> Module | None:
        """Find the file of the package that an import means."""
        path = self.find_path(source, importer)
        return self.module(path) if path is not None else None

    def find_path(self, source: str, importer: str) -> str | None:
        """Find the path that an import means: relative, by a usual alias of the source folder, or of a workspace."""
        if source.startswith("."):
            return self._file(posixpath.normpath(posixpath.join(posixpath.dirname(importer), source)))
        if alias := _ALIAS.match(source):
            rest = source[alias.end() :]
            above = importer.split("/")[:-1]
            for depth in range(len(above), -1, -1):
                folder = "/".join(above[:depth])
                for base in (posixpath.join(folder, "src", rest), posixpath.join(folder, rest)):
                    if (path := self._file(base)) is not None:
                        return path
            return None
        return self._workspace_file(source)

    def find_json(self, source: str, importer: str) -> Any:
        """Give the contents of a JSON file that is imported; None when there is none."""
        if not (source.startswith(".") and source.endswith(".json")):
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(importer), source))
        if path not in self._documents:
            self._documents[path] = read_json(self.files.get(path, b""))
        return self._documents[path]

    def entries(self) -> list[str]:
        """Give the files that the package's manifest names to be run or imported, as far as they are there."""
        manifest = read_json(self.files.get("package.json", b""))
        if not isinstance(manifest, dict):
            return []
        named = [text for key in ("main", "module", "bin", "exports") for text in _texts(manifest.get(key))]
        paths = [self._file(posixpath.normpath(text)) for text in named if not text.endswith(_TYPES)]
        return sorted({path for path in paths if path is not None})

    def reached(self, entries: Iterable[str]) -> frozenset[str] | None:
        """Give the files that these files import, directly or not; None when some import only says so at run time."""
        reached: set[str] = set()
        waiting = list(entries)
        while waiting:
            path = waiting.pop()
            if path in reached:
                continue
            reached.add(path)
            data = self.sources[path]
            if _DYNAMIC.search(data) is not None:
                return None
            for match in _IMPORT.finditer(data):
                found = self.find_path(match.group(1).decode("utf-8", "replace"), path)
                waiting += [found] if found is not None else []
        return frozenset(reached)

    def _file(self, base: str) -> str | None:
        bare = _COMPILED_SUFFIX.sub("", base)
        tries = (base, *(bare + suffix for suffix in SUFFIXES), *(base + suffix for suffix in SUFFIXES))
        return next((p for p in (*tries, *(f"{base}/index{suffix}" for suffix in SUFFIXES)) if p in self.sources), None)

    def _workspace_file(self, source: str) -> str | None:
        if self._members is None:
            self._members = {}
            manifests = sorted(path for path in self.files if posixpath.basename(path) == "package.json")
            for path in manifests[:_MAX_MANIFESTS]:
                manifest = read_json(self.files[path])
                if isinstance(manifest, dict) and isinstance(manifest.get("name"), str):
                    self._members.setdefault(manifest["name"], posixpath.dirname(path))
        parts = source.split("/")
        size = 2 if source.startswith("@") else 1
        folder = self._members.get("/".join(parts[:size]))
        if folder is None:
            return None
        rest = "/".join(parts[size:])
        bases = [posixpath.join(folder, part, rest or "index") for part in ("src", "")]
        # A workspace's sources stand in src/; what was built and published is only where its manifest says.
        bases += [posixpath.join(folder, text) for text in self._exported_paths(folder, rest)]
        return next((found for base in bases if (found := self._file(base)) is not None), None)

    def _exported_paths(self, folder: str, rest: str) -> list[str]:
        manifest = read_json(self.files.get(posixpath.join(folder, "package.json"), b""))
        exports = manifest.get("exports") if isinstance(manifest, dict) else None
        if not rest:
            root = exports.get(".", exports) if isinstance(exports, dict) else exports
            texts = [*_texts(root), *_texts([manifest.get("module"), manifest.get("main")])]
        else:
            texts = _texts(exports.get(f"./{rest}")) if isinstance(exports, dict) else []
        return [posixpath.normpath(text) for text in texts if not text.endswith(_TYPES)]

    def _parse(self, path: str, data: bytes) -> Module | None:
        reason = None
        if len(data) > MAX_SOURCE_BYTES:
            reason = f"larger than {MAX_SOURCE_BYTES} bytes"
        elif self._parsed_bytes + len(data) > MAX_PARSED_BYTES:
            reason = f"the snapshot's sources are larger than {MAX_PARSED_BYTES} bytes together"
        elif b"\0" in data:
            reason = "holds zero bytes"
        language = "javascript"
        if path.endswith((".ts", ".mts", ".cts")):
            language = "typescript"
        elif path.endswith(".tsx"):
            language = "tsx"
        tree = self._tree(data, language) if reason is None else None
        if tree is None:
            self.issues.append(FileIssue(path, f"not parsed: {reason or 'too much of it is no JavaScript'}"))
            return None
        if tree.root_node.has_error:
            self.issues.append(broken_file(path))
        self._parsed_bytes += len(data)
        module = Module(path, data, tree.root_node, language)
        index(module, _LANGUAGES[language])
        return module

    def _tree(self, data: bytes, language: str) -> Tree | None:
        damaged = 0

        def stop(_offset: int, has_error: bool) -> bool:  # noqa: FBT001 - the parser's protocol
            nonlocal damaged
            damaged += has_error
            return damaged + self._damaged_reports > MAX_DAMAGED_REPORTS

        try:
            return Parser(_LANGUAGES[language]).parse(
                lambda offset, _point: data[offset : offset + _CHUNK], progress_callback=stop
            )
        except ValueError:
            return None
        finally:
            self._damaged_reports += damaged // 4


def is_source(path: str) -> bool:
    """Tell whether a path is JavaScript or TypeScript that can hold values: type declarations cannot."""
    return path.endswith(SUFFIXES) and not path.endswith(_TYPES)


def read_json(data: bytes) -> Any:
    """Give what JSON says; None when it is none."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None


def _texts(value: Any) -> list[str]:
    """Give the texts in a manifest's field, whatever way they are nested."""
    stack: list[Any] = [value]
    texts: list[str] = []
    while stack and len(texts) < 1_000:
        one = stack.pop()
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, dict):
            stack += one.values()
        elif isinstance(one, list):
            stack += one
    return texts
