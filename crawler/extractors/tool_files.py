"""Tools declared in YAML or JSON files that the package's own code reads: one a file, or a list or map of them.

Snapshots of answers, other programs' settings and files that no code reads declare nothing.
"""

import re
from collections.abc import Mapping
from typing import Final

from catalog.records import Origin, ToolDefinition
from crawler.extractors.extracted import Extracted
from crawler.extractors.openapi_documents import code_of
from crawler.extractors.paths import Place, place_of
from crawler.extractors.tool_files_entries import Entry, entries_of
from crawler.extractors.tool_files_reading import ReadingCode
from crawler.extractors.tool_files_schemas import ModuleSchemas
from crawler.extractors.yaml_text import DocumentReader

MAX_TOOLS: Final = 5_000
_SUFFIXES = (".yaml", ".yml", ".json")
_SDK_WORDS = (b"modelcontextprotocol", b"fastmcp", b"FastMCP", b"mcp.server", b"tools/list")
_SAYS = re.compile(rb"""["']?description["']?\s{0,5}:""")
# What package managers, compilers and editors read.
_OF_OTHERS = re.compile(
    r"(?:^|/)(?:package(?:-lock)?|npm-shrinkwrap|tsconfig[^/]*|manifest|server|composer|jsconfig|smithery|glama)\.\w+$"
    r"|(?:^|/)\.|\.snap\.json$"
)
_MAX_FILES: Final = 3_000


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that the files of a snapshot declare which its code reads."""
    paths = [path for path in sorted(files) if _may_declare(path, files[path])][:_MAX_FILES]
    if not paths:
        return Extracted()
    code = code_of(files)
    traces = (files.get("package.json", b""), *code.values())
    reading = ReadingCode(code)
    if not any(word in data for data in traces for word in _SDK_WORDS) or not reading.registers:
        return Extracted()
    reader = DocumentReader(files)
    schemas = ModuleSchemas(files)
    found = [
        _definition(path, entry, schemas)
        for path in paths
        if reading.names(path)
        for entry in entries_of(reader.read(path), reading.asks)
    ]
    return Extracted(tuple(found[:MAX_TOOLS]))


def _may_declare(path: str, data: bytes) -> bool:
    return (
        path.endswith(_SUFFIXES)
        and place_of(path) is not Place.TEST
        and not _OF_OTHERS.search(path)
        and _SAYS.search(data) is not None
    )


def _definition(path: str, entry: Entry, schemas: ModuleSchemas) -> ToolDefinition:
    schema, chosen = entry.input_schema, False
    if schema is None:
        made = next((made for text in entry.modules if (made := schemas.of(text)) is not None), None)
        schema, chosen = made if made is not None else (None, bool(entry.modules))
    return ToolDefinition(
        name=entry.name,
        title=entry.title,
        description=entry.description,
        input_schema=schema,
        annotations=entry.annotations,
        origin=Origin(path, 1, "tool-file"),
        conditional=entry.conditional,
        unresolved=("inputSchema",) if chosen else (),
    )
