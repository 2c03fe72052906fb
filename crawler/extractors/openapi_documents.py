"""Which OpenAPI documents of a snapshot its own code loads: a document that nobody names is nobody's tools.

Not for what the operations become: see openapi_operations and openapi_loader.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crawler.extractors.paths import Place, place_of
from crawler.extractors.yaml_text import DocumentReader

SUFFIXES = (".json", ".yaml", ".yml")
CODE_SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
_MAX_DOCUMENTS: Final = 120
_MAX_CODE: Final = 3_000
_IS_OPENAPI = re.compile(rb"""(?m)(?:^|["'{,\s])(?:openapi|swagger)["']?\s{0,5}:\s{0,5}["']?[23]\.""")
# What reads a file or a folder; a name beside none of these is only mentioned.
_READS = re.compile(
    rb"readFile|readdir|createReadStream|\brequire\b|\bimport\b|\bopen\(|read_text|read_bytes|json\.load|safe_load"
    rb"|files\(|listdir|iterdir|glob|scandir|SwaggerParser|swagger"
)
_READS_FOLDER = re.compile(rb"readdir|listdir|iterdir|glob|scandir|os\.walk|files\(")


@dataclass(frozen=True, slots=True)
class Document:
    """An OpenAPI document that the package loads. `by_default` is the code that chooses others in its place."""

    path: str
    content: Mapping[str, Any]
    loader: str
    by_default: str | None = None

    @property
    def stem(self) -> str:
        """The file's name without its suffix."""
        return posixpath.basename(self.path).rsplit(".", 1)[0]


def find_documents(files: Mapping[str, bytes], reader: DocumentReader) -> list[Document]:
    """Find the documents that the package's own code names, by file or by folder, sorted by path."""
    code = code_of(files)
    reads = {path: data for path, data in code.items() if _READS.search(data)}
    folders = any(_READS_FOLDER.search(data) for data in code.values())
    named: list[tuple[str, str, bool]] = []
    for path in sorted(files):
        if path.endswith(SUFFIXES) and _may_be_openapi(path, files[path]):
            loader = _naming_file(path, reads)
            by_folder = _naming_folder(path, code) if loader is None and folders else None
            if loader is not None or by_folder is not None:
                named.append((path, loader or by_folder or "", loader is None))
    return list(_read(named[:_MAX_DOCUMENTS], reader, code))


def code_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the files of code that may load something: everything but tests and types."""
    code = {
        path: data
        for path, data in sorted(files.items())
        if path.endswith(CODE_SUFFIXES) and place_of(path) is not Place.TEST
    }
    return dict(list(code.items())[:_MAX_CODE])


def _read(named: list[tuple[str, str, bool]], reader: DocumentReader, code: Mapping[str, bytes]) -> Iterator[Document]:
    defaults = _defaults([path for path, _, by_folder in named if by_folder], code)
    for path, loader, by_folder in named:
        content = reader.read(path)
        if not isinstance(content, dict) or not isinstance(content.get("paths"), dict):
            continue
        chosen = defaults.get(posixpath.dirname(path)) if by_folder else None
        stem = posixpath.basename(path).rsplit(".", 1)[0]
        yield Document(path, content, loader, None if chosen is None or chosen[0] == stem else chosen[1])


def _may_be_openapi(path: str, data: bytes) -> bool:
    # Sorted keys put what a document is behind all its components; hence a look at the whole of it.
    return place_of(path) is not Place.TEST and b"paths" in data and _IS_OPENAPI.search(data) is not None


def _naming_file(path: str, code: Mapping[str, bytes]) -> str | None:
    """Find the code that names a document by its file name in a string; an address or a route is no file."""
    name = re.escape(posixpath.basename(path).encode())
    pattern = re.compile(rb"""["'`]((?:[^"'`\s:]{0,200}[^"'`\s:/]/|\.{1,2}/)?)""" + name + rb"""["'`]""")
    return next((where for where, data in code.items() if pattern.search(data)), None)


def _naming_folder(path: str, code: Mapping[str, bytes]) -> str | None:
    """Find the code that names a document's folder, whole or as the last of the parts that are joined."""
    parts = [part for part in posixpath.dirname(path).split("/") if part]
    if not parts:
        return None
    joint = rb"""["'`]?[/,\s\\]{1,6}["'`]?"""
    pattern = re.compile(rb"""["'`/]""" + joint.join(re.escape(part.encode()) for part in parts[-3:]) + rb"""/?["'`]""")
    return next((where for where, data in code.items() if pattern.search(data)), None)


def _defaults(paths: list[str], code: Mapping[str, bytes]) -> dict[str, tuple[str, str]]:
    """Find, by folder, the one document that a constant or a default names, and the code that says so."""
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        by_folder.setdefault(posixpath.dirname(path), []).append(posixpath.basename(path).rsplit(".", 1)[0])
    defaults = {}
    for folder, stems in by_folder.items():
        found = {stem: line for stem in stems if (line := _default_line(stem, code)) is not None}
        if len(found) == 1 and len(stems) > 1:
            defaults[folder] = next(iter(found.items()))
    return defaults


def _default_line(stem: str, code: Mapping[str, bytes]) -> str | None:
    pattern = re.compile(
        rb"""[^\n;]{0,120}(?:[=:]|\|\||\?\?|\bor)\s{0,3}\[?["'`]""" + re.escape(stem.encode()) + rb"""["'`]\]?"""
    )
    for data in code.values():
        for match in pattern.finditer(data):
            line = match.group().decode("utf-8", "replace").strip()
            if re.search(r"default", line, re.IGNORECASE):
                return line[-200:]
    return None
