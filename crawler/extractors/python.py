"""Tools of servers written in Python. Files that cannot hold one cost a search for a few words."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tree_sitter import Node

from catalog.records import FileIssue, ToolDefinition
from crawler.extractors.extracted import Extracted, broken_file
from crawler.extractors.paths import Place, place_of
from crawler.extractors.python_calls import call_value
from crawler.extractors.python_module import MAX_SOURCE_BYTES, Module, PythonPackage, text_of, walk
from crawler.extractors.python_tools import Found, ToolFinder
from crawler.extractors.python_values import Evaluator, Scope

_SDK_WORDS = (b"fastmcp", b"FastMCP", b"from mcp", b"import mcp", b"MCPServer")
_TOOL_WORDS = (b"tool", b"Tool")
_GENERATED = (b"from_openapi", b"from_fastapi", b"FastApiMCP", b"as_proxy(")


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's Python files declare."""
    sources = {path: data for path, data in files.items() if path.endswith(".py")}
    if not any(word in data for data in sources.values() for word in _SDK_WORDS):
        return Extracted()
    evaluator = Evaluator(PythonPackage(files), call_value)
    candidates = [path for path, data in sorted(sources.items()) if any(word in data for word in _TOOL_WORDS)]
    issues = tuple(
        FileIssue(path, f"larger than {MAX_SOURCE_BYTES} bytes, not parsed")
        for path in candidates
        if len(sources[path]) > MAX_SOURCE_BYTES
    )
    for wanted in (Place.PRODUCT, Place.EXAMPLE):
        modules = [evaluator.package.module(path) for path in candidates if place_of(path) is wanted]
        finder = ToolFinder(evaluator, prefers_fastmcp=_prefers_fastmcp(sources))
        present = [module for module in modules if module is not None]
        found = [(module, one) for module in present for one in finder.find_all(module)]
        if found or finder.reasons:
            evaluator.budget.begin_file()
            prefixes = _mounted_prefixes(evaluator, present)
            definitions = tuple(_exposed(one, module, prefixes, evaluator) for module, one in found)
            reasons = (*finder.reasons, *_generated_reasons(sources))
            broken = tuple(broken_file(module.path) for module in present if module.root.has_error)
            return Extracted(definitions, tuple(dict.fromkeys(reasons)), (*issues, *broken))
    return Extracted((), _generated_reasons(sources), issues)


def _prefers_fastmcp(sources: Mapping[str, bytes]) -> bool:
    official = sum(b"mcp.server.fastmcp" in data for data in sources.values())
    return sum(b"from fastmcp" in data or b"import fastmcp" in data for data in sources.values()) > official


def _generated_reasons(sources: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(
        f"{path}: tools are made at run time by {word.decode().rstrip('(')}"
        for path, data in sorted(sources.items())
        for word in _GENERATED
        if word in data and place_of(path) is Place.PRODUCT and (b"mcp" in data or b"MCP" in data)
    )


_Place = tuple[str, str]  # the path of the module that makes a server, and the server's name there


def _mounted_prefixes(evaluator: Evaluator, modules: Iterable[Module]) -> dict[_Place, str]:
    """Find the prefixes under which servers are mounted on others."""
    prefixes: dict[_Place, str] = {}
    for module in modules:
        for node in walk(module.root):
            callee = node.child_by_field_name("function") if node.type == "call" else None
            if callee is None or text_of(callee.child_by_field_name("attribute")) not in ("mount", "import_server"):
                continue
            mounted = _mount(evaluator, module, node)
            if mounted is not None:
                prefixes[mounted[0]] = mounted[1]
    return prefixes


def _mount(evaluator: Evaluator, module: Module, call: Node) -> tuple[_Place, str] | None:
    scope = Scope(module, call)
    positional, keywords = evaluator.arguments(call)
    prefix = next((keywords[key] for key in ("prefix", "namespace") if key in keywords), None)
    server = keywords.get("server")
    for node in positional:
        value = evaluator.evaluate(node, scope)
        if isinstance(value, str) and prefix is None:
            prefix = node
        elif server is None and node.type in ("identifier", "attribute"):
            server = node
    text = evaluator.evaluate(prefix, scope) if prefix is not None else None
    if server is None or not isinstance(text, str) or not text:
        return None
    return _place(evaluator, module, text_of(server)), text


def _place(evaluator: Evaluator, module: Module, name: str) -> _Place:
    """Find where a server that a module calls `name` is made."""
    for _ in range(5):
        if name in module.values or name not in module.imports:
            break
        source, symbol = module.imports[name]
        found = evaluator.package.find(source, module.path)
        if found is None or symbol is None:
            break
        module, name = found, symbol
    return module.path, name


def _exposed(found: Found, module: Module, prefixes: Mapping[_Place, str], evaluator: Evaluator) -> ToolDefinition:
    prefix = prefixes.get(_place(evaluator, module, found.server)) if found.server else None
    if prefix is None:
        return found.definition
    return replace(found.definition, name=f"{prefix}_{found.definition.name}")
