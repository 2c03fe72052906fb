"""Tools of servers written in JavaScript or TypeScript. Files that cannot hold one cost a search for a few words."""

from collections.abc import Mapping

from catalog.records import FileIssue, ToolDefinition
from crawler.extractors.extracted import Extracted, broken_file
from crawler.extractors.javascript_calls import call_value
from crawler.extractors.javascript_module import MAX_SOURCE_BYTES, SUFFIXES, JavascriptPackage
from crawler.extractors.javascript_tools import ToolFinder
from crawler.extractors.javascript_values import Evaluator
from crawler.extractors.paths import Place, place_of

_SDK_WORDS = (b"modelcontextprotocol", b"fastmcp", b"mcp-framework", b"xmcp", b"mcp-handler", b"tools/list", b"mcp-use")
_TOOL_WORDS = (b"inputSchema", b".tool(", b"registerTool", b"addTool", b"description")


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's JavaScript and TypeScript files declare."""
    sources = {path: data for path, data in files.items() if path.endswith(SUFFIXES) and not path.endswith(".d.ts")}
    manifest = files.get("package.json", b"")
    if not any(word in data for data in (manifest, *sources.values()) for word in _SDK_WORDS):
        return Extracted()
    candidates = [path for path, data in sorted(sources.items()) if any(word in data for word in _TOOL_WORDS)]
    issues = tuple(
        FileIssue(path, f"larger than {MAX_SOURCE_BYTES} bytes, not parsed")
        for path in candidates
        if len(sources[path]) > MAX_SOURCE_BYTES
    )
    package = JavascriptPackage(sources)
    for wanted in (Place.PRODUCT, Place.EXAMPLE):
        finder = ToolFinder(Evaluator(package, call_value))
        found: list[ToolDefinition] = []
        broken: list[FileIssue] = []
        for path in candidates:
            if place_of(path) is wanted and (module := package.module(path)) is not None:
                found += finder.find_all(module)
                broken += [broken_file(path)] if module.root.has_error else []
        if found or finder.reasons:
            return Extracted(tuple(found), tuple(dict.fromkeys(finder.reasons)), (*issues, *broken))
    return Extracted((), (), issues)
