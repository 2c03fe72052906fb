"""Tools of the JVM that are methods under an annotation: name, description, hints and parameters as it declares them.

The annotation must be one of MCP's: by its import, or, where agents use the same one, by what the project is.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tree_sitter import Node

from catalog.records import ToolDefinition
from crawler.extractors.codebase import Module
from crawler.extractors.dialect import text_of
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Call, Parameter, Scope, Symbol, Value
from crawler.extractors.jvm_builders import annotations_of
from crawler.extractors.jvm_dialect import JvmDialect, imports_of
from crawler.extractors.jvm_project import serves_mcp
from crawler.extractors.jvm_schema import JvmSchemas, name_of
from crawler.extractors.literals import margin_cut
from crawler.extractors.tool_records import ToolRecords

_WORDS = ("Tool", "McpTool", "MCPTool", "ToolMapping")
_AGENTS = "org.springframework.ai.tool.annotation"
_INJECTED = re.compile(
    r"^(?:Mcp\w*(?:Exchange|Context|Connection|Log|Meta|Request|Session|Client|Server|Features)|ToolContext|RequestId"
    r"|RequestUri|Progress|ProgressToken|Roots|Sampling|Cancellation|Elicitation|RawMessage|Meta|CallToolRequest"
    r"|ToolRequest|Continuation|HttpServletRequest|HttpHeaders|SecurityContext|Principal|Authentication|RoutingContext"
    r"|ServerWebExchange|InvocationParameters)$"
)
_INJECTING = re.compile(
    r"^(?:Inject|Context|Header|HeaderParam|McpProgressToken|ToolMemoryId|RequestHeader|Autowired)$"
)
_CONDITIONS = re.compile(
    r"^(?:Conditional\w*|Profile|IfBuildProfile|UnlessBuildProfile|IfBuildProperty|UnlessBuildProperty|Requires"
    r"|LookupIfProperty|LookupUnlessProperty)$"
)
_DESCRIBING = ("McpDescription", "Description", "LLMDescription", "ToolDescription")
_HINTING = re.compile(r"(?:Annotations|Hints)$")


class AnnotatedTools:
    """Finds the annotated methods of one codebase."""

    def __init__(
        self, evaluator: Evaluator, dialect: JvmDialect, schemas: JvmSchemas, records: ToolRecords, pattern: str
    ) -> None:
        self._evaluator = evaluator
        self._code = evaluator.code
        self._dialect = dialect
        self._schemas = schemas
        self._records = records
        self._pattern = pattern

    def find(self) -> Iterator[ToolDefinition]:
        """Give the tools, and reasons for those whose name is computed."""
        for module, method, annotation in self._sites():
            if not self._is_mcp(module, method, annotation):
                continue
            fields = self._read(module, method, annotation)
            if fields is None:
                text = " ".join(text_of(annotation.node).split())[:120]
                line = method.start_point[0] + 1
                self._records.reasons.append(f"{module.path}:{line}: tool name is computed at run time: {text}")
                continue
            found = self._records.definition(module, method, fields)
            origin = replace(found.origin, pattern=self._pattern) if found.origin is not None else None
            yield replace(found, origin=origin, conditional=self._condition(method) or found.conditional)

    def _sites(self) -> Iterator[tuple[Module, Node, Call]]:
        for word in _WORDS:
            for module, node in self._code.occurrences(word, self._dialect.annotation_nodes, 5):
                method = self._dialect.annotated(node)
                if method is None or method.type not in self._dialect.functions:
                    continue
                for annotation in self._dialect.annotations(method):
                    if annotation.node == node and name_of(annotation) == word:
                        yield module, method, annotation

    def _is_mcp(self, module: Module, method: Node, annotation: Call) -> bool:
        """Tell whether the annotation is one that makes an MCP tool of its method."""
        written = text_of(annotation.node).lstrip("@").partition("(")[0].strip()
        first = written.partition(".")[0]
        imports = imports_of(module.data)
        exact = [one for one in imports if one.rpartition(".")[2] == first]
        paths = exact or [one for one in imports if one.endswith(".*")]
        if "." in written and first.islower():
            paths = [written]
        if any("mcp" in path.rpartition(".")[0].lower() for path in paths):
            return True
        if any("Mcp" in name_of(one) for one in self._dialect.annotations(self._holder(method))):
            return True
        if any(path.startswith(_AGENTS) for path in paths):
            return serves_mcp(module.path, self._code)
        declared = self._code.lookup(first, module) if not exact else None
        return declared is not None and "annotation" in declared.node.type + text_of(declared.node)[:80]

    def _holder(self, method: Node) -> Node | None:
        parent = method.parent
        while parent is not None and parent.type not in self._dialect.type_nodes:
            parent = parent.parent
        return parent

    def _read(self, module: Module, method: Node, annotation: Call) -> dict[str, Any] | None:
        scope = Scope(module, None, self._dialect.owner_of(method))
        own = self._dialect.function_name(method)
        values = {key: self._evaluator.evaluate(value, scope) for key, value in annotation.named}
        name = values.get("name", own)
        described = values.get("description", UNKNOWN)
        value = values.get("value")
        if isinstance(value, list):
            value = "\n".join(value) if all(isinstance(one, str) for one in value) else None
        if isinstance(value, str) and described is UNKNOWN:
            if " " in value.strip() or "name" in values:
                described = value
            else:
                name = value
        if isinstance(name, Symbol) or name == "":
            name = own  # the SDK's own constant for "as the method is called"
        if not isinstance(name, str):
            return None
        hints = self._hints(method, values, scope)
        description = described if isinstance(described, str) else self._described(method, scope)
        if not description and self._is_agents(module, annotation):
            description = own
        unresolved = ("description",) if not description and "description" in values else ()
        title = values.get("title") or hints.get("title")
        return {
            "name": name,
            "title": title if isinstance(title, str) and title else None,
            "description": description or None,
            "input_schema": self._schemas.parameters(
                self._parameters(module, method), module, scope, strict=b"org.springframework" in module.data
            ),
            "annotations": hints,
            "unresolved": unresolved,
        }

    def _is_agents(self, module: Module, annotation: Call) -> bool:
        return name_of(annotation) == "Tool" and _AGENTS.encode() in module.data

    def _described(self, method: Node, scope: Scope) -> str | None:
        for one in self._dialect.annotations(method):
            if name_of(one) in _DESCRIBING:
                for key, value in one.named:
                    text = self._evaluator.evaluate(value, scope)
                    if key in ("value", "description") and isinstance(text, str):
                        return margin_cut(text) if text.lstrip().startswith("|") else text
        return None

    def _hints(self, method: Node, values: dict[str, Value], scope: Scope) -> dict[str, Any]:
        hints = annotations_of(values.get("annotations"))
        for one in self._dialect.annotations(method):
            if _HINTING.search(name_of(one)):
                hints |= annotations_of(self._evaluator.kept(one, scope))
        return hints

    def _parameters(self, module: Module, method: Node) -> list[Parameter]:
        given = []
        for one in self._code.function(module, method).parameters:
            type_ = one.type.rstrip("?").partition("<")[0].rpartition(".")[2]
            names = [name_of(annotation) for annotation in self._dialect.annotations(one.node)]
            if not _INJECTED.match(type_) and not any(_INJECTING.match(name) for name in names):
                given.append(one)
        return given

    def _condition(self, method: Node) -> str | None:
        for holder in (method, self._holder(method)):
            for one in self._dialect.annotations(holder):
                if _CONDITIONS.match(name_of(one)):
                    return " ".join(text_of(one.node).split())[:200]
        return None
