"""Whether a JVM project, by its build files, is an MCP server: for annotations that agents use as well."""

import re

from crawler.extractors.codebase import Codebase

_BUILD = ("pom.xml", "build.gradle", "build.gradle.kts")
_SERVER = re.compile(rb"mcp[\w.:-]*server|mcp-spring-web(?:mvc|flux)|io\.modelcontextprotocol", re.IGNORECASE)
_IMPORTED = (b"io.modelcontextprotocol.server", b"ai.mcp.server", b"McpServerFeatures", b"mcp.server.")


def serves_mcp(path: str, code: Codebase) -> bool:
    """Tell whether the module that a file belongs to, or one that uses this module, serves MCP."""
    folder = path.rpartition("/")[0]
    module = _module_of(folder, code)
    if module is None:
        return any(word in data for data in code.sources.values() for word in _IMPORTED)
    if _is_server(module, code):
        return True
    name = module.rpartition("/")[2].encode()
    # A project that only gathers modules names them all and uses none.
    others = [one for one in _modules(code) if one and not f"{module}/".startswith(f"{one}/")]
    return bool(name) and any(_is_server(one, code) and name in _build_text(one, code) for one in others)


def _module_of(folder: str, code: Codebase) -> str | None:
    while True:
        if any(_join(folder, name) in code.files for name in _BUILD):
            return folder
        if not folder:
            return None
        folder = folder.rpartition("/")[0]


def _modules(code: Codebase) -> list[str]:
    return sorted({path.rpartition("/")[0] for path in code.files if path.rpartition("/")[2] in _BUILD})


def _build_text(module: str, code: Codebase) -> bytes:
    return b"\n".join(code.files.get(_join(module, name), b"") for name in _BUILD)


def _is_server(module: str, code: Codebase) -> bool:
    if _SERVER.search(_build_text(module, code)):
        return True
    return any(
        any(word in data for word in _IMPORTED) and _module_of(path.rpartition("/")[0], code) == module
        for path, data in code.sources.items()
    )


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
