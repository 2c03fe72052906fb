"""Tools of servers written in JavaScript or TypeScript. Files that cannot hold one cost a search for a few words."""

from collections.abc import Iterable, Mapping

from catalog.records import ToolDefinition
from crawler.extractors.extracted import Extracted
from crawler.extractors.javascript_calls import call_value
from crawler.extractors.javascript_evaluator import Evaluator
from crawler.extractors.javascript_listing import handlers_of, without_renamed
from crawler.extractors.javascript_module import Module
from crawler.extractors.javascript_package import JavascriptPackage
from crawler.extractors.javascript_selection import left_out_names
from crawler.extractors.javascript_tools import ToolFinder
from crawler.extractors.paths import Place, place_of

_SDK_WORDS = (b"modelcontextprotocol", b"fastmcp", b"mcp-framework", b"xmcp", b"mcp-handler", b"tools/list", b"mcp-use")
_CALL_WORDS = (b"inputSchema", b".tool(", b".tool<", b"registerTool", b"addTool", b"ListToolsRequestSchema")
_REGISTERED = ("javascript-tool", "javascript-registerTool", "javascript-addTool")
_OBJECT_WORDS = (b"arameters", b"chema", b"args", b"input", b"params", b"super(")


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's JavaScript and TypeScript files declare, each name once."""
    package = JavascriptPackage(files)
    if not any(
        word in data for data in (files.get("package.json", b""), *package.sources.values()) for word in _SDK_WORDS
    ):
        return Extracted()
    candidates = [path for path, data in sorted(package.sources.items()) if _may_hold_tools(data)]
    product = [path for path in candidates if place_of(path) is Place.PRODUCT]
    examples = [path for path in candidates if place_of(path) is Place.EXAMPLE]
    reached = package.reached(package.entries() or _own_beside_others(package)) or frozenset()
    found: list[ToolDefinition] = []
    reasons: list[str] = []
    # What the package's entries never reach counts only where nothing else is there, and examples after that.
    for paths in ([path for path in product if path in reached], product, examples):
        found, reasons = _found_in(package, paths)
        if found or (reasons and paths == product):
            break
    return Extracted(_chosen(found), tuple(dict.fromkeys(reasons)), tuple(package.issues))


def _own_beside_others(package: JavascriptPackage) -> list[str]:
    """Give the package's own files when others were laid beside it: of those only what it imports is its own too."""
    own = [path for path in package.sources if not path.startswith("+npm/")]
    return own if len(own) < len(package.sources) else []


def _found_in(package: JavascriptPackage, paths: Iterable[str]) -> tuple[list[ToolDefinition], list[str]]:
    finder = ToolFinder(Evaluator(package, call_value))
    modules = [module for path in paths if (module := package.module(path)) is not None]
    found = [definition for module in modules for definition in finder.find(module)]
    listed = [definition for module in modules for definition in finder.find_listed(module)]
    found = [*without_renamed(found, listed), *listed]
    registered = [one for one in found if one.origin is not None and one.origin.pattern in _REGISTERED]
    renamed = {id(one) for one in found} - {id(one) for one in without_renamed(found, registered)}
    left_out = left_out_names(finder.evaluator, modules)
    registering = {id(one) for one in registered}
    found = [one for one in found if id(one) in registering or id(one) not in renamed]
    found = [one for one in found if one.name not in left_out]
    if not found:
        found = [definition for module in modules for definition in finder.find_named_by_key(module)]
    return found, finder.reasons if found or finder.reasons else _unlisted(modules)


def _unlisted(modules: Iterable[Module]) -> list[str]:
    return [
        f"{module.path}:{module.line_of(registering)}: the list of tools is computed at run time"
        for module in modules
        for registering, _ in handlers_of(module)
    ]


def _chosen(found: Iterable[ToolDefinition]) -> tuple[ToolDefinition, ...]:
    """Give each name once, the richest definition of it."""
    best: dict[str, ToolDefinition] = {}
    for one in found:
        if one.name not in best or _wealth(one) > _wealth(best[one.name]):
            best[one.name] = one
    return tuple(best.values())


def _wealth(definition: ToolDefinition) -> tuple[bool, bool, int, int]:
    properties = (definition.input_schema or {}).get("properties")
    size = len(properties) if isinstance(properties, dict) else 0
    return (
        definition.description is not None,
        definition.input_schema is not None,
        size - len(definition.unresolved),
        len(definition.annotations),
    )


def _may_hold_tools(data: bytes) -> bool:
    if any(word in data for word in _CALL_WORDS):
        return True
    return b"description" in data and any(word in data for word in _OBJECT_WORDS)
