"""Tools that a server makes of an OpenAPI document it ships: one an operation, named as its own code names them.

A document given at start is nobody's here; nor is one that the package ships and never reads.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from catalog.records import Origin, ToolDefinition
from crawler.extractors.extracted import Extracted
from crawler.extractors.javascript_package import JavascriptPackage
from crawler.extractors.openapi_documents import Document, code_of, find_documents
from crawler.extractors.openapi_loader import Loader, Naming
from crawler.extractors.openapi_operations import Operation, Reading, input_schema, operations_of
from crawler.extractors.yaml_text import DocumentReader

MAX_TOOLS: Final = 20_000
_SDK_WORDS = (b"modelcontextprotocol", b"fastmcp", b"FastMCP", b"mcp.server", b"tools/list")
_LIBRARY = re.compile(rb"\.from_openapi\(")
_LIBRARY_NAME: Final = 56  # characters that the library keeps of a name
_CHOOSES = re.compile(rb"route_maps|route_map_fn|mcp_names|mcp_component_fn")


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that the package's code makes of the OpenAPI documents it loads."""
    code = code_of(files)
    traces = (files.get("package.json", b""), *code.values())
    if not any(word in data for data in traces for word in _SDK_WORDS):
        return Extracted()
    documents = find_documents(files, DocumentReader(files))
    if not documents:
        return Extracted()
    if any(_LIBRARY.search(data) for data in code.values()):
        return _made_by_library(documents, code)
    return _made_by_code(documents, Loader(JavascriptPackage(files)))


def _made_by_code(documents: list[Document], loader: Loader) -> Extracted:
    found: list[ToolDefinition] = []
    reasons: list[str] = []
    explained: list[str] = []
    for document in documents:
        operations = list(operations_of(document.content))
        naming = loader.choose(document, operations) if operations else None
        if naming is not None:
            found += _tools(document, operations, naming, loader.reading())
            explained.append(naming.path)
        elif operations and (where := loader.unnamed()) is not None:
            reasons.append(f"{where}, for each operation of {document.path}")
        if len(found) > MAX_TOOLS:
            break
    # A document that could not be made out leaves in doubt what the code says of all of them.
    return Extracted(tuple(found[:MAX_TOOLS]), tuple(reasons), explained=() if reasons else tuple(explained))


def _tools(
    document: Document, operations: list[Operation], naming: Naming, reading: Reading
) -> Iterator[ToolDefinition]:
    for operation in operations:
        made = naming.make(operation)
        if made is not None:
            yield ToolDefinition(
                name=made.name,
                title=made.title,
                description=made.description or operation.description,
                input_schema=input_schema(document.content, operation, reading),
                annotations=made.annotations,
                origin=_origin(document, operation, f"{naming.path}:{naming.line}"),
                conditional=document.by_default,
                unresolved=() if made.description is not None else ("description",),
            )


def _made_by_library(documents: list[Document], code: Mapping[str, bytes]) -> Extracted:
    """Name tools as the library does that makes a server of a document."""
    if any(_CHOOSES.search(data) for data in code.values()):
        reasons = [
            f"{one.path}: which operations become tools, and their names, is decided at run time" for one in documents
        ]
        return Extracted((), tuple(reasons))
    found = [
        ToolDefinition(
            name=name,
            description=operation.description,
            input_schema=input_schema(document.content, operation, Reading()),
            origin=_origin(document, operation, "from_openapi"),
            conditional=document.by_default,
            unresolved=("description",),
        )
        for document in documents
        for operation in operations_of(document.content)
        if (name := _library_name(operation))
    ]
    using = [path for path, data in code.items() if _LIBRARY.search(data)]
    # Which of several uses reads which document is not known, nor then what the others make.
    return Extracted(tuple(found[:MAX_TOOLS]), explained=tuple(using) if len(using) == len(documents) == 1 else ())


def _library_name(operation: Operation) -> str:
    summary: Any = operation.said.get("summary")
    told = (operation.identity or "").split("__")[0] or (summary if isinstance(summary, str) else "")
    text = told or f"{operation.method}_{operation.path}"
    slug = re.sub(r"[^A-Za-z0-9_]", "", re.sub(r"[\s\-./:{}]+", "_", text[:1_000]))
    return re.sub(r"_+", "_", slug).strip("_")[:_LIBRARY_NAME]


def _origin(document: Document, operation: Operation, loader: str) -> Origin:
    # A parsed document has no lines; the operation is found by what it is.
    return Origin(document.path, 1, f"openapi {operation.method.upper()} {operation.path[:200]} by {loader}")
