"""Packages that are shims: which declared dependencies may bring their tools, and their files laid beside the shim's.

Pure; fetching is crawler/run.py's. One level only: what a dependency itself depends on is never followed.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from catalog.records import Extraction, FileIssue, ToolDefinition
from catalog.vocabulary import Outcome
from crawler.extractors.javascript_package import JavascriptPackage, is_source
from crawler.extractors.paths import Place, place_of
from crawler.recovery.dependencies_declared import Dependency, declared_dependencies
from crawler.recovery.extract import SILENCES
from crawler.target import TargetKind

MAX_DEPENDENCIES = 12
FEW_TOOLS = 5  # what a package that only puts others' tools together may have of its own
_FOLDERS = {TargetKind.NPM: ("+npm", "node_modules"), TargetKind.PYPI: ("+pypi", "site-packages")}
_IMPORT = re.compile(
    rb"""(?:\bfrom|\bimport|\brequire(?:\.resolve)?)\s{0,5}\(?\s{0,20}["'`]((?:@[\w.~-]{1,100}/)?[\w~][\w.~-]{0,100})"""
)
_PYTHON_IMPORT = re.compile(rb"(?m)^[ \t]{0,80}(?:from|import)[ \t]+([A-Za-z_][\w.]{0,200})")
_ENTRY_POINT = re.compile(rb"(?m)^[\w.\-]{1,100}[ \t]*=[ \t]*([A-Za-z_][\w.]{0,200})")
_SDK = re.compile(r"^(?:@modelcontextprotocol/.+|mcp|fastmcp)$")
_BRINGS_TOOLS = re.compile(r"mcp|model-?context-?protocol")
_MAX_IMPORTS = 100_000
_MAX_TEXTS = 2_000


@dataclass(frozen=True, slots=True)
class DependencyFiles:
    """A dependency as fetched: its files, or in `problem` why there are none."""

    dependency: Dependency
    version: str | None
    files: Mapping[str, bytes]
    problem: str | None = None


def wanted_dependencies(files: Mapping[str, bytes], extraction: Extraction) -> tuple[Dependency, ...]:
    """Name the dependencies that a package with no or few tools hands over to, in the order of their promise."""
    if len(extraction.definitions) > FEW_TOOLS:
        return ()
    declared = declared_dependencies(files)
    used = [declared[name] for name in _imported(files, declared) if not _SDK.match(name)]
    telling = [one for one in used if _BRINGS_TOOLS.search(one.name.lower())]
    # Who declares tools, or says why not, gets only what others offer for the protocol; who is silent is a shim.
    silent = not extraction.definitions and all(reason.startswith(SILENCES) for reason in extraction.reasons)
    chosen = [*telling, *(one for one in used if one not in telling)] if silent else telling
    return tuple(chosen[:MAX_DEPENDENCIES])


def with_dependencies(files: Mapping[str, bytes], fetched: Sequence[DependencyFiles]) -> dict[str, bytes]:
    """Lay dependencies beside a package's files, where imports by name find them."""
    merged = dict(files)
    for one in fetched:
        folder = _FOLDERS[one.dependency.registry][0]
        # Wheels share one folder, because their modules are imported by their own names.
        inside = f"{folder}/{one.dependency.name}" if one.dependency.registry is TargetKind.NPM else folder
        merged.update({f"{inside}/{path}": data for path, data in one.files.items()})
    return merged


def as_installed(extraction: Extraction, fetched: Sequence[DependencyFiles]) -> Extraction:
    """Write origins as an installation has them, and say which dependency each tool comes from."""
    definitions = tuple(_located(one) for one in extraction.definitions)
    lines = [line for one in fetched if (line := _line_about(one, definitions)) is not None]
    reasons = (*map(_installed_text, extraction.reasons), *lines)
    failed = any(one.problem for one in fetched)
    outcome = Outcome.PARTIAL if failed and definitions else extraction.outcome
    issues = tuple(FileIssue(_installed_text(issue.path), issue.reason) for issue in extraction.issues)
    return Extraction(definitions, outcome, reasons, issues)


def _line_about(one: DependencyFiles, definitions: Sequence[ToolDefinition]) -> str | None:
    named = f"{one.dependency.name} {one.version or one.dependency.requirement}".strip()
    if one.problem:
        return f"the dependency {named} could not be read: {one.problem}"
    inside = tuple(_folder_of(one))
    count = sum(
        definition.origin is not None and definition.origin.path.startswith(inside) for definition in definitions
    )
    return f"declared in the dependency {named}: {count} of the tools" if count else None


def _folder_of(one: DependencyFiles) -> Iterator[str]:
    shown = _FOLDERS[one.dependency.registry][1]
    if one.dependency.registry is TargetKind.NPM:
        yield f"{shown}/{one.dependency.name}/"
        return
    yield from sorted({f"{shown}/{path.split('/', 1)[0]}" for path in one.files})


def _located(definition: ToolDefinition) -> ToolDefinition:
    origin = definition.origin
    return replace(definition, origin=replace(origin, path=_installed_text(origin.path))) if origin else definition


def _installed_text(text: str) -> str:
    for laid, shown in _FOLDERS.values():
        text = text.replace(f"{laid}/", f"{shown}/")
    return text


def _imported(files: Mapping[str, bytes], declared: Mapping[str, Dependency]) -> list[str]:
    """Give the declared names that the files reached from the entry points import, each once, in order."""
    if "package.json" in files:
        package = JavascriptPackage(files)
        entries = _entries(package)
        reached = package.reached(entries)
        paths = sorted(reached) if reached else sorted(_product(files, is_source))
        found = [match.group(1).decode() for path in paths for match in _matches(_IMPORT, files[path])]
        return [name for name in dict.fromkeys(found) if name in declared]
    modules = {name.lower().replace("-", "_").replace(".", "_"): name for name in declared}
    named: list[str] = []
    for path in sorted(_product(files, lambda path: path.endswith((".py", "entry_points.txt")))):
        pattern = _PYTHON_IMPORT if path.endswith(".py") else _ENTRY_POINT
        named += [match.group(1).decode() for match in _matches(pattern, files[path])]
    found = [key for module in dict.fromkeys(named) for key in _distributions(module)]
    return list(dict.fromkeys(modules[key] for key in found if key in modules))


def _distributions(module: str) -> Iterator[str]:
    """Give what the distribution of a module may be called: by its first part, or by two in a shared namespace."""
    parts = module.lower().split(".")
    yield parts[0]
    if len(parts) > 1:
        yield "_".join(parts[:2])


def _product(files: Mapping[str, bytes], is_wanted: Callable[[str], bool]) -> Iterator[str]:
    yield from (path for path in files if is_wanted(path) and place_of(path) is Place.PRODUCT)


def _matches(pattern: re.Pattern[bytes], data: bytes) -> list[re.Match[bytes]]:
    return [match for _, match in zip(range(_MAX_IMPORTS), pattern.finditer(data), strict=False)]


def _entries(package: JavascriptPackage) -> list[str]:
    """Give the files that the manifest names to be run, in whatever field: frameworks have fields of their own."""
    found = set(package.entries())
    stack = [_manifest(package.files.get("package.json", b""))]
    for _ in range(_MAX_TEXTS):
        if not stack:
            break
        one = stack.pop()
        if isinstance(one, dict):
            stack += [value for key, value in one.items() if key not in ("files", "scripts")]
        elif isinstance(one, list):
            stack += one
        elif isinstance(one, str) and one.startswith("./"):
            path = posixpath.normpath(one)
            found |= {path} if path in package.sources else set()
    if not found and "index.js" in package.sources:
        found.add("index.js")
    return sorted(found)


def _manifest(data: bytes) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
