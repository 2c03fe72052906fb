"""Tools of servers written in Python. Files that cannot hold one cost a search for a few words."""

from collections.abc import Mapping
from dataclasses import replace

from catalog.records import FileIssue, ToolDefinition
from crawler.extractors.extracted import Extracted, broken_file
from crawler.extractors.paths import Place, place_of
from crawler.extractors.python_calls import call_value
from crawler.extractors.python_package import MAX_SOURCE_BYTES, PythonPackage
from crawler.extractors.python_reach import unreached
from crawler.extractors.python_references import ServerPlace
from crawler.extractors.python_tools import Found, ToolFinder
from crawler.extractors.python_values import Evaluator

MAX_FOUND = 20_000
_SDK_WORDS = (b"fastmcp", b"FastMCP", b"from mcp", b"import mcp", b"MCPServer")
_TOOL_WORDS = (b"tool", b"Tool", b"inputSchema", b"input_schema")
_MOUNT_WORDS = (b".mount(", b".import_server(")
_RECORDS = ("python-tool-dict", "python-tool-record", "python-class")
_GENERATED = (b"from_openapi", b"from_fastapi", b"FastApiMCP", b"as_proxy(")


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's Python files declare."""
    sources = {path: data for path, data in files.items() if path.endswith(".py")}
    if not any(word in data for data in sources.values() for word in _SDK_WORDS):
        return Extracted()
    candidates = [path for path, data in sorted(sources.items()) if any(word in data for word in _TOOL_WORDS)]
    issues = tuple(
        FileIssue(path, f"larger than {MAX_SOURCE_BYTES} bytes, not parsed")
        for path in candidates
        if len(sources[path]) > MAX_SOURCE_BYTES
    )
    doubts: list[str] = []
    for wanted in (Place.PRODUCT, Place.EXAMPLE):
        package = PythonPackage(files, wanted)
        finder = ToolFinder(Evaluator(package, call_value))
        found = _find(package, finder, [path for path in candidates if place_of(path) is wanted])
        if found or finder.reasons:
            reasons = (*finder.reasons, *_generated_reasons(sources))
            return Extracted(found, tuple(dict.fromkeys(reasons)), (*issues, *_broken(package, candidates, wanted)))
        doubts += finder.doubts
    return Extracted((), tuple(dict.fromkeys((*doubts, *_generated_reasons(sources)))), issues)


def _broken(package: PythonPackage, candidates: list[str], wanted: Place) -> list[FileIssue]:
    modules = [package.module(path) for path in candidates if place_of(path) is wanted]
    return [broken_file(module.path) for module in modules if module is not None and module.root.has_error]


def _find(package: PythonPackage, finder: ToolFinder, candidates: list[str]) -> tuple[ToolDefinition, ...]:
    modules = [module for path in candidates if (module := package.module(path)) is not None]
    found: list[Found] = []
    for module in modules:
        found += finder.find_all(module)
        if len(found) >= MAX_FOUND:
            finder.reasons.append(f"more than {MAX_FOUND} tools in Python files, the rest is not analysed")
            break
    found = found or finder.find_classes(modules)
    declaring = {one.definition.origin.path for one in found if one.definition.origin is not None}
    unread = unreached(package, [module for module in modules if module.path in declaring])
    alive = [
        one for one in found if not one.dead and one.definition.origin and one.definition.origin.path not in unread
    ]
    mounting = [module for word in _MOUNT_WORDS for module in package.holding(word)]
    prefixes = finder.prefixes(mounting) if found else {}
    return tuple(_chosen([_exposed(one, prefixes) for one in alive or found]))


def _exposed(found: Found, prefixes: Mapping[ServerPlace, str]) -> ToolDefinition:
    prefix = prefixes.get(found.server) if found.server is not None else None
    return replace(found.definition, name=f"{prefix}_{found.definition.name}") if prefix else found.definition


def _chosen(definitions: list[ToolDefinition]) -> list[ToolDefinition]:
    """Leave out what another definition of the same name says better: without a condition, where it is registered."""
    ranks = {
        id(one): (one.conditional is not None, one.origin is not None and one.origin.pattern in _RECORDS)
        for one in definitions
    }
    best: dict[str, tuple[bool, bool]] = {}
    for one in definitions:
        best[one.name] = min(best.get(one.name, (True, True)), ranks[id(one)])
    return [one for one in definitions if ranks[id(one)] == best[one.name]]


def _generated_reasons(sources: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(
        f"{path}: tools are made at run time by {word.decode().rstrip('(')}"
        for path, data in sorted(sources.items())
        for word in _GENERATED
        if word in data and place_of(path) is Place.PRODUCT and (b"mcp" in data or b"MCP" in data)
    )
