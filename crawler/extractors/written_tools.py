"""Tools written out as maps, as servers do that speak the protocol without a library: a name and an `inputSchema`."""

from collections.abc import Iterator

from catalog.records import Origin, ToolDefinition
from catalog.vocabulary import HINTS
from crawler.extractors.codebase import Codebase
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Scope, Value
from crawler.extractors.json_schema import as_input_schema
from crawler.extractors.tool_records import prose

_MAX_DEPTH = 6
_PROTOCOL = (b"mcp", b"MCP", b"Mcp", b"tools/list")


def written_tools(code: Codebase, evaluator: Evaluator, maps: frozenset[str], pattern: str) -> Iterator[ToolDefinition]:
    """Give the tools in map literals of the node types `maps`; the files must speak of the protocol."""
    for module, node in code.occurrences("inputSchema", maps, 30):
        if not any(word in module.data for word in _PROTOCOL):
            continue
        value = evaluator.node(node, evaluator.scope_at(Scope(module), node))
        for found in _tools_in(value, 0):
            annotations = found.get("annotations")
            hints = annotations if isinstance(annotations, dict) else {}
            yield ToolDefinition(
                found["name"],
                title=prose(found.get("title")),
                description=prose(found.get("description")),
                input_schema=as_input_schema(found["inputSchema"]),
                annotations={key: item for key, item in hints.items() if key in HINTS and isinstance(item, bool)},
                origin=Origin(module.path, node.start_point[0] + 1, pattern),
            )


def _tools_in(value: Value, depth: int) -> Iterator[dict[str, Value]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        if isinstance(value.get("name"), str) and isinstance(value.get("inputSchema"), dict):
            yield value
            return
        value = list(value.values())
    for item in value if isinstance(value, list) else ():
        yield from _tools_in(item, depth + 1)
