"""Tools of servers written in Java: the official SDK's builders, annotated methods, and builders of a program's own."""

from collections.abc import Mapping

from catalog.records import ToolDefinition
from crawler.extractors.codebase import Codebase
from crawler.extractors.extracted import Extracted
from crawler.extractors.java_syntax import JavaDialect
from crawler.extractors.jvm_tools import JvmTools
from crawler.extractors.source_tools import extract_source


def extract(files: Mapping[str, bytes]) -> Extracted:
    """Recover the tools that a snapshot's Java files declare."""
    dialect = JavaDialect(files)

    def find(code: Codebase) -> tuple[list[ToolDefinition], list[str]]:
        return JvmTools(code, dialect, "java").find()

    return extract_source(files, dialect, (b"mcp", b"Mcp", b"springframework.ai"), find)
