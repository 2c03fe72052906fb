"""The ways Python servers declare tools: decorators, registration calls, Tool(...) lists, functions in loops."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from catalog.records import Origin, ToolDefinition
from catalog.vocabulary import HINTS
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_docstring import (
    DocstringUse,
    Documented,
    fastmcp_docstring_use,
    read_docstring,
)
from crawler.extractors.python_module import Module, ancestors, enclosing, text_of, walk
from crawler.extractors.python_schema import model_schema, signature_schema
from crawler.extractors.python_values import CallValue, ClassRef, Evaluator, FunctionRef, Scope, docstring_of

_HINT_NAMES = {hint: hint for hint in (*HINTS, "title")} | {
    "read_only_hint": "readOnlyHint",
    "destructive_hint": "destructiveHint",
    "idempotent_hint": "idempotentHint",
    "open_world_hint": "openWorldHint",
}
_MAX_LOOP = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """A tool found in a module; `server` is the text of what it was registered on, for mounted prefixes."""

    definition: ToolDefinition
    server: str | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """One act of registering: the function, what was said about it, and where."""

    module: Module
    node: Node
    pattern: str
    function: FunctionRef | None
    said: dict[str, Any]


class ToolFinder:
    """Finds the tools of one package's modules; `reasons` say what could not be made out."""

    def __init__(self, evaluator: Evaluator, *, prefers_fastmcp: bool) -> None:
        self._evaluator = evaluator
        self._prefers_fastmcp = prefers_fastmcp
        self._fastmcp_use = fastmcp_docstring_use(evaluator.package.files)
        self._houses: dict[int, bool] = {}
        self.reasons: list[str] = []

    def find_all(self, module: Module) -> list[Found]:
        """Find every tool that a module declares, within one file's share of the budget."""
        self._evaluator.budget.begin_file()
        found = list(self._find(module))
        if self._evaluator.budget.exhausted:
            self.reasons.append(f"{module.path}: too much to work out; what is left of the file is not analysed")
        return found

    def _find(self, module: Module) -> Iterator[Found]:
        for node in walk(module.root):
            if node.type == "decorated_definition":
                yield from self._decorated(module, node)
            elif node.type == "call":
                yield from self._called(module, node)
            elif node.type == "dictionary":
                yield from self._described(module, node)

    def _decorated(self, module: Module, node: Node) -> Iterator[Found]:
        function = node.child_by_field_name("definition")
        if function is None or function.type != "function_definition":
            return
        for decorator in node.named_children:
            if decorator.type != "decorator" or not decorator.named_children:
                continue
            expression = decorator.named_children[0]
            callee = expression.child_by_field_name("function") if expression.type == "call" else expression
            if callee is None or not self._registers(module, callee):
                continue
            said = self._said(expression, Scope(module, decorator)) if expression.type == "call" else {}
            registration = Registration(module, function, "python-decorator", FunctionRef(module, function), said)
            yield from self._define(registration, _server_of(callee))
            return

    def _called(self, module: Module, node: Node) -> Iterator[Found]:
        callee = node.child_by_field_name("function")
        if callee is None:
            return
        name = text_of(callee).rsplit(".", 1)[-1] if callee.type in ("identifier", "attribute") else ""
        if callee.type == "call":  # server.tool(...)(function)
            inner = callee.child_by_field_name("function")
            if inner is not None and self._registers(module, inner):
                yield from self._register(module, node, self._said_of(module, callee), _server_of(inner))
        elif name in ("add_tool", "from_function", "tool") and callee.type == "attribute":
            yield from self._register(module, node, {}, _server_of(callee))
        elif name == "FunctionTool":
            yield from self._register(module, node, {}, None)
        elif name == "Tool" and _imports_mcp(module):
            yield from self._constructed(module, node)

    def _said_of(self, module: Module, call: Node) -> dict[str, Any]:
        return self._said(call, Scope(module, call))

    def _register(self, module: Module, call: Node, said: dict[str, Any], server: str | None) -> Iterator[Found]:
        positional, _ = self._evaluator.arguments(call)
        for bound in self._loop_bindings(module, call):
            scope = Scope(module, call, bound)
            keywords = {**said, **self._said(call, scope)}
            keywords.pop("name", None) if keywords.get("name") is UNKNOWN and "name" not in said else None
            first = positional[0] if positional else None
            function = self._evaluator.evaluate(first, scope) if first is not None else keywords.get("fn")
            if isinstance(function, FunctionRef):
                yield from self._define(Registration(module, call, "python-registration", function, keywords), server)

    def _loop_bindings(self, module: Module, node: Node) -> list[dict[str, Any]]:
        """Give what the variables of the literal loops around a node are bound to, once a turn."""
        loop = enclosing(node, "for_statement")
        if loop is None:
            return [{}]
        items = self._evaluator.evaluate(loop.child_by_field_name("right"), Scope(module, loop))
        left = loop.child_by_field_name("left")
        if not isinstance(items, list) or left is None:
            return [{}]
        names = [text_of(child) for child in left.named_children] or [text_of(left)]
        turns = []
        for item in items[:_MAX_LOOP]:
            values = item if len(names) > 1 and isinstance(item, list) else [item]
            turns.append(dict(zip(names, values, strict=False)))
        return turns or [{}]

    def _constructed(self, module: Module, call: Node) -> Iterator[Found]:
        _, keywords = self._evaluator.arguments(call)
        if not {"inputSchema", "input_schema", "parameters", "description"} & keywords.keys():
            return
        for bound in self._loop_bindings(module, call):
            said = self._said(call, Scope(module, call, bound))
            yield from self._define(Registration(module, call, "python-tool-object", None, said), None)

    def _described(self, module: Module, node: Node) -> Iterator[Found]:
        keys = {text_of(child.child_by_field_name("key")).strip("\"'") for child in node.named_children}
        if not {"name", "description", "inputSchema"} <= keys or not _imports_mcp(module):
            return
        said = self._evaluator.evaluate(node, Scope(module, node))
        if isinstance(said, dict):
            yield from self._define(Registration(module, node, "python-tool-dict", None, said), None)

    def _said(self, call: Node, scope: Scope) -> dict[str, Any]:
        positional, keywords = self._evaluator.arguments(call)
        said = self._evaluator.spread_keywords(call, scope)
        said |= {key: self._evaluator.evaluate(value, scope) for key, value in keywords.items()}
        if positional and positional[0].type in ("string", "concatenated_string"):
            said.setdefault("name", self._evaluator.evaluate(positional[0], scope))
        return said

    def _define(self, registration: Registration, server: str | None) -> Iterator[Found]:
        said, function = registration.said, registration.function
        if function is not None and _takes_anything(function.node):
            return  # a wrapper: no SDK takes a function of *args or **kwargs for a tool
        name = said.get("name")
        if name is None and function is not None:
            name = text_of(function.node.child_by_field_name("name"))
        where = f"{registration.module.path}:{registration.node.start_point[0] + 1}"
        if not isinstance(name, str) or not name:
            self.reasons.append(f"{where}: a tool's name is computed at run time")
            return
        unresolved = []
        description = said.get("description")
        documented = self._documented(registration.module, function) if function is not None else Documented()
        if description is None:
            description = documented.description
        if description is not None and not isinstance(description, str):
            unresolved.append("description")
        schema = self._schema(said, function, documented)
        if schema is UNKNOWN:
            unresolved.append("inputSchema")
        title = said.get("title")
        yield Found(
            ToolDefinition(
                name=name,
                title=title if isinstance(title, str) else None,
                description=description if isinstance(description, str) else None,
                input_schema=schema if isinstance(schema, dict) else None,
                annotations=_annotations(said),
                origin=Origin(registration.module.path, registration.node.start_point[0] + 1, registration.pattern),
                conditional=_guard(registration.node),
                unresolved=tuple(unresolved),
            ),
            server,
        )

    def _schema(self, said: dict[str, Any], function: FunctionRef | None, documented: Documented) -> Any:
        for key in ("inputSchema", "input_schema", "parameters", "args_schema", "input_model"):
            if key in said:
                value = said[key]
                return model_schema(self._evaluator, value) if isinstance(value, ClassRef) else _plain(value)
        if function is None:
            return None
        schema = signature_schema(self._evaluator, function)
        for name, text in documented.parameters.items():
            if name in schema["properties"]:
                schema["properties"][name].setdefault("description", text)
        excluded = said.get("exclude_args")
        for name in excluded if isinstance(excluded, list) else ():
            schema["properties"].pop(name, None)
        return schema

    def _registers(self, module: Module, callee: Node) -> bool:
        """Tell whether a decorator registers what it decorates as an MCP tool."""
        if callee.type == "attribute":
            return text_of(callee.child_by_field_name("attribute")) == "tool" and not _is_agent(module, callee)
        if callee.type != "identifier":
            return False
        value = self._evaluator.evaluate(callee, Scope(module, callee))
        if not isinstance(value, FunctionRef):
            return False
        key = id(value.node)
        if key not in self._houses:
            body = text_of(value.node.child_by_field_name("body"))
            self._houses[key] = any(word in body for word in (".tool(", "add_tool(", "FunctionTool", "ToolDefinition("))
        return self._houses[key]

    def _documented(self, module: Module, function: FunctionRef) -> Documented:
        sources = {source for source, _ in module.imports.values()}
        official = any(source.startswith("mcp.server") for source in sources)
        fastmcp = any(source.split(".")[0] == "fastmcp" for source in sources)
        is_fastmcp = fastmcp or (self._prefers_fastmcp and not official)
        return read_docstring(docstring_of(function.node), self._fastmcp_use if is_fastmcp else DocstringUse.RAW)


def _takes_anything(function: Node) -> bool:
    parameters = function.child_by_field_name("parameters")
    return parameters is not None and any(
        child.type in ("list_splat_pattern", "dictionary_splat_pattern")
        or (child.type == "typed_parameter" and text_of(child).startswith("*"))
        for child in parameters.named_children
    )


def _annotations(said: dict[str, Any]) -> dict[str, Any]:
    value = said.get("annotations")
    if isinstance(value, CallValue):
        value = dict(value.keywords)
    hints = dict(value) if isinstance(value, dict) else {}
    hints |= {key: said[key] for key in _HINT_NAMES if key in said and key.endswith("hint")}
    return {
        _HINT_NAMES[key]: hint
        for key, hint in hints.items()
        if key in _HINT_NAMES and isinstance(hint, bool if "title" not in key else str)
    }


def _plain(value: Any) -> Any:
    """Give a literal schema without its unknown parts."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if item is not UNKNOWN}
    if isinstance(value, list):
        return [_plain(item) for item in value if item is not UNKNOWN]
    return value if value is None or isinstance(value, str | int | float) else UNKNOWN


def _guard(node: Node) -> str | None:
    inner = node
    for parent in ancestors(node):
        if parent.type == "if_statement" and parent.child_by_field_name("condition") != inner:
            text = " ".join(text_of(parent.child_by_field_name("condition")).split())
            if "__name__" not in text and "TYPE_CHECKING" not in text:
                return text[:200]
        inner = parent
    return None


def _server_of(callee: Node) -> str | None:
    target = callee.child_by_field_name("object") if callee.type == "attribute" else None
    return text_of(target) if target is not None else None


def _imports_mcp(module: Module) -> bool:
    return any(source.split(".")[0] in ("mcp", "fastmcp") for source, _ in module.imports.values())


def _is_agent(module: Module, callee: Node) -> bool:
    """Tell an agent's own tool (`agent.tool`) from a server's."""
    others = ("pydantic_ai", "agents", "langchain", "crewai", "smolagents", "autogen")
    return "agent" in text_of(callee.child_by_field_name("object")).lower() and any(
        source.split(".")[0] in others for source, _ in module.imports.values()
    )
