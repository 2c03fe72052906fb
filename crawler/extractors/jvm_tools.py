"""Tools of servers on the JVM, for Java and Kotlin alike: annotated methods, builders, constructors and classes."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from catalog.records import ToolDefinition
from crawler.extractors.codebase import Codebase, Module, ancestors
from crawler.extractors.dialect import text_of
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.jvm_annotations import AnnotatedTools
from crawler.extractors.jvm_builders import BuiltTools
from crawler.extractors.jvm_classes import ClassTools
from crawler.extractors.jvm_dialect import JvmDialect
from crawler.extractors.jvm_instances import Instances
from crawler.extractors.jvm_schema import JvmSchemas
from crawler.extractors.tool_records import ToolRecords

_COPIED = re.compile(r"\bname(?:\(|\s*=)\s*(\w+)\.(?:name|getName)\b")
_MAX_SEARCHED = 2_000


class JvmTools:
    """Finds the tools of one codebase of one language."""

    def __init__(self, code: Codebase, dialect: JvmDialect, language: str) -> None:
        self._code = code
        self._dialect = dialect
        self._evaluator = Evaluator(code, frozenset(("Tool",)))
        self._schemas = JvmSchemas(self._evaluator, dialect)
        self._built = BuiltTools(self._schemas)
        instances = Instances(self._evaluator, dialect)
        self._records = ToolRecords(self._evaluator, self._built.read, f"{language}-tool", instances.around)
        self._classes = ClassTools(self._evaluator, dialect, self._schemas, instances, self._records)
        self._annotated = AnnotatedTools(
            self._evaluator, dialect, self._schemas, self._records, f"{language}-tool-annotation"
        )

    def find(self) -> tuple[list[ToolDefinition], list[str]]:
        """Give the tools, and why some may be missing."""
        found = list(self._annotated.find())
        for module, node in self._sites():
            found += list(self._records.find(module, node))
        # A class that makes a tool of itself by the SDK was found with what the SDK is given.
        known = {one.name for one in found if one.input_schema is not None}
        found += [one for one in self._classes.find() if one.name not in known]
        return found, self._records.reasons

    def _sites(self) -> Iterator[tuple[Module, Node]]:
        for word in ("Tool", "newTool", *self._dialect.tool_calls):
            for module, node in self._code.occurrences(word, self._dialect.calls, 4):
                if word == "newTool" or self._is_sdk(module):
                    site = self._dialect.tool_site(node)
                    if site is not None and not self._is_copy(site) and not self._is_own(site):
                        yield module, site

    def _is_copy(self, site: Node) -> bool:
        """Tell whether a tool is made of another one that the SDK gave: of another server, or found already."""
        match = _COPIED.search(text_of(site)[:_MAX_SEARCHED])
        return match is not None and self._dialect.typed_names(site).get(match[1]) == "Tool"

    def _is_own(self, site: Node) -> bool:
        """Tell whether a tool is made inside the type of tools itself, as in an SDK that is part of a snapshot."""
        holders = (one for one in ancestors(site) if one.type in self._dialect.type_nodes)
        return any(self._dialect.function_name(one) in ("Tool", "McpSchema") for one in holders)

    def _is_sdk(self, module: Module) -> bool:
        """Tell whether a file uses the SDK's own type of tools."""
        return b"modelcontextprotocol" in module.data or b"McpSchema" in module.data
