"""Tools of servers written in Kotlin: the official SDK's calls, annotated functions, and classes that are tools."""

from collections.abc import Mapping

from catalog.records import ToolDefinition
from crawler.extractors.codebase import Codebase
from crawler.extractors.extracted import Extracted
from crawler.extractors.jvm_tools import JvmTools
from crawler.extractors.kotlin_syntax import KotlinDialect
from crawler.extractors.source_tools import extract_source


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's Kotlin files declare."""
    dialect = KotlinDialect(files)

    def find(code: Codebase) -> tuple[list[ToolDefinition], list[str]]:
        return JvmTools(code, dialect, "kotlin").find()

    return extract_source(files, dialect, (b"mcp", b"Mcp", b"modelcontextprotocol", b"springframework.ai"), find)
