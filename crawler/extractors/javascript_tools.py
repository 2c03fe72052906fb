"""The ways JavaScript servers declare tools: registration calls, tool objects, classes, exported metadata."""

import re
from collections.abc import Iterator
from typing import Any

from tree_sitter import Node

from catalog.records import Origin, ToolDefinition
from catalog.vocabulary import HINTS
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_bindings import Bindings
from crawler.extractors.javascript_module import Module, ancestors, text_of, unquoted
from crawler.extractors.javascript_values import ClassValue, Evaluator, FunctionValue, Scope
from crawler.extractors.javascript_zod import ZodValue, schema_of

_CALLS = """
(call_expression
  function: (member_expression property: (property_identifier) @method)
  (#any-of? @method "tool" "registerTool" "addTool" "registerToolTask")) @call
(call_expression
  function: (identifier) @method (#any-of? @method "registerTool" "addTool" "registerToolTask")) @call
"""
_OBJECTS = """
(object (pair key: (_) @key)
  (#any-of? @key "description" "inputSchema" "\\"description\\"" "\\"inputSchema\\"")) @object
(object (shorthand_property_identifier) @key (#any-of? @key "description" "inputSchema")) @object
"""
_CLASSES = """
(class_body (_ property: (_) @key (#any-of? @key "name" "toolName"))) @body
(class_body (method_definition name: (_) @key (#any-of? @key "name" "constructor" "toolName"))) @body
"""
_TYPED_CLASSES = '(class_body (public_field_definition name: (_) @key (#any-of? @key "name" "toolName"))) @body'
_SCHEMA_KEYS = (
    *("inputSchema", "input_schema", "parameters", "paramsSchema", "paramsShape", "schema", "zodSchema"),
    *("argsSchema", "argsShape", "args", "input", "inputShape", "params"),
)
_RUN_KEYS = frozenset(
    ("execute", "handler", "run", "callback", "cb", "func", "fn", "tool", "call", "invoke", "handle", "action")
)
_TOOLISH = re.compile(r"tool", re.IGNORECASE)
_NAME_SHAPE = re.compile(r"[^\s]{1,200}")
_PROMPT_KEYS = frozenset(("uri", "uriTemplate", "mimeType", "messages"))


class ToolFinder:
    """Finds the tools of one package's modules; `reasons` say what could not be made out."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._bindings = Bindings(evaluator)
        self.reasons: list[str] = []

    def find_all(self, module: Module) -> list[ToolDefinition]:
        """Find every tool that a module declares, within one file's share of the budget."""
        self._evaluator.budget.begin_file()
        found = list(self._find(module))
        if self._evaluator.budget.exhausted:
            self.reasons.append(f"{module.path}: too much to work out; what is left of the file is not analysed")
        return found

    def _find(self, module: Module) -> Iterator[ToolDefinition]:
        consumed: set[int] = set()
        for call in module.query(_CALLS).get("call", []):
            yield from self._registered(module, call, consumed)
        for node in _distinct(module.query(_OBJECTS).get("object", [])):
            if node.id not in consumed and _may_be_tool(module, node):
                yield from self._described(module, node)
        classes = module.query(_CLASSES if module.language == "javascript" else _TYPED_CLASSES).get("body", [])
        for body in _distinct(classes):
            yield from self._class(module, body)
        if "metadata" in module.declared and "schema" in module.declared:
            yield from self._exported(module)

    def _registered(self, module: Module, call: Node, consumed: set[int]) -> Iterator[ToolDefinition]:
        arguments = call.child_by_field_name("arguments")
        nodes = [child for child in arguments.named_children if child.type != "comment"] if arguments else []
        callee = call.child_by_field_name("function")
        method = text_of(callee).rsplit(".", 1)[-1]
        if not nodes or (method == "tool" and len(nodes) < 2 and nodes[0].type != "object"):
            return
        consumed.update(node.id for node in nodes)
        found, unknown = False, False
        for scope, values in self._runs(module, call, nodes):
            said = _said_positional(values) if isinstance(values[0], str) or len(values) > 1 else values[0]
            if not isinstance(said, dict) or not isinstance(said.get("name"), str):
                unknown = True
                continue
            found = True
            yield self._definition(scope.module, call, said, f"javascript-{method}")
        if unknown and not found:
            where = f"{module.path}:{call.start_point[0] + 1}"
            self.reasons.append(f"{where}: a tool's name is computed at run time: {text_of(nodes[0])[:80]}")

    def _runs(self, module: Module, node: Node, nodes: list[Node]) -> Iterator[tuple[Scope, list[Any]]]:
        """Evaluate a call's arguments as they stand, or once for each environment that it is run in."""
        plain = [self._evaluator.evaluate(child, Scope(module)) for child in nodes]
        name = plain[0].get("name", UNKNOWN) if isinstance(plain[0], dict) else plain[0]
        if isinstance(name, str):
            yield Scope(module), plain
            return
        for bound in self._bindings.environments(module, node):
            scope = Scope(module, bound)
            yield scope, [self._evaluator.evaluate(child, scope) for child in nodes]

    def _described(self, module: Module, node: Node) -> Iterator[ToolDefinition]:
        for scope, values in self._runs(module, node, [node]):
            said = values[0]
            if not isinstance(said, dict) or not isinstance(said.get("name"), str) or _PROMPT_KEYS & said.keys():
                continue
            if _NAME_SHAPE.fullmatch(said["name"]):
                yield self._definition(scope.module, node, said, "javascript-tool-object")

    def _class(self, module: Module, body: Node) -> Iterator[ToolDefinition]:
        owner = body.parent
        if owner is None:
            return
        value = ClassValue(Scope(module), owner)
        said = {}
        for key in ("name", "toolName", "title", "description", "annotations", *_SCHEMA_KEYS):
            member = self._evaluator.class_member(value, key)
            if member is not UNKNOWN and not isinstance(member, FunctionValue):
                said[key] = member
        said["name"] = said.get("toolName") if isinstance(said.get("toolName"), str) else said.get("name")
        has_schema = any(key in said for key in _SCHEMA_KEYS)
        if isinstance(said["name"], str) and isinstance(said.get("description"), str) and has_schema:
            yield self._definition(module, owner, said, "javascript-class")

    def _exported(self, module: Module) -> Iterator[ToolDefinition]:
        said = self._evaluator.exported(module, "metadata")
        if isinstance(said, dict) and isinstance(said.get("description"), str):
            stem = module.path.rsplit("/", 1)[-1].split(".", 1)[0]
            schema = self._evaluator.exported(module, "schema")
            said = {"name": stem, "inputSchema": schema, **said}
            yield self._definition(module, module.root, said, "javascript-metadata")

    def _definition(self, module: Module, node: Node, said: dict[str, Any], pattern: str) -> ToolDefinition:
        unresolved = []
        description, title = said.get("description"), said.get("title")
        if description is not None and not isinstance(description, str):
            unresolved.append("description")
        schema, key = None, next((key for key in _SCHEMA_KEYS if said.get(key) is not None), None)
        if key is not None:
            schema = schema_of(said[key])
            if schema is None:
                unresolved.append("inputSchema")
            elif "type" not in schema and "properties" not in schema and not schema:
                schema = {"type": "object", "properties": {}}
        return ToolDefinition(
            name=said["name"],
            title=title if isinstance(title, str) else None,
            description=description if isinstance(description, str) else None,
            input_schema=schema,
            annotations=_annotations(said),
            origin=Origin(module.path, node.start_point[0] + 1, pattern),
            conditional=_guard(node),
            unresolved=tuple(unresolved),
        )


def _said_positional(values: list[Any]) -> dict[str, Any]:
    """Read `tool(name, [description], [shape], [annotations], callback)` and `registerTool(name, config, callback)`."""
    said: dict[str, Any] = {"name": values[0]}
    for index, value in enumerate(values[1:], start=1):
        if isinstance(value, str) and "description" not in said:
            said["description"] = value
        elif isinstance(value, ZodValue):
            said.setdefault("inputSchema", value)
        elif isinstance(value, dict):
            said.update(_said_by_object(value, said))
        elif value is UNKNOWN and index == 1 and len(values) > 2:
            said["description"] = UNKNOWN
    return said


def _said_by_object(value: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    if value and value.keys() <= {*HINTS, "title"} and not any(isinstance(one, ZodValue) for one in value.values()):
        return {"annotations": value}
    config = {"title", "description", "inputSchema", "outputSchema", "annotations", "_meta", "parameters"}
    is_config = bool(value.keys() & config) and not any(
        isinstance(value.get(key), ZodValue) for key in ("title", "description", "annotations")
    )
    if is_config:
        return {key: one for key, one in value.items() if key != "name"}
    return {} if "inputSchema" in said else {"inputSchema": value}


def _annotations(said: dict[str, Any]) -> dict[str, Any]:
    value = said.get("annotations")
    hints = dict(value) if isinstance(value, dict) else {}
    hints |= {key: said[key] for key in HINTS if key in said}
    return {
        key: hint
        for key, hint in hints.items()
        if (key in HINTS and isinstance(hint, bool)) or (key == "title" and isinstance(hint, str))
    }


def _may_be_tool(module: Module, node: Node) -> bool:
    """Tell from an object's keys and place whether it describes a tool rather than a prompt, an option, an API."""
    keys = {unquoted(child.child_by_field_name("key")) for child in node.named_children if child.type == "pair"}
    keys |= {text_of(child) for child in node.named_children if child.type == "shorthand_property_identifier"}
    keys |= {
        unquoted(child.child_by_field_name("name"))
        for child in node.named_children
        if child.type == "method_definition"
    }
    spreads = any(child.type == "spread_element" for child in node.named_children)
    if not ("name" in keys or spreads) or _PROMPT_KEYS & keys:
        return False
    if "inputSchema" in keys:
        return True
    if "description" not in keys or not any(key in keys for key in _SCHEMA_KEYS):
        return False
    parent = node.parent
    if parent is not None and parent.type == "pair" and unquoted(parent.child_by_field_name("key")) == "function":
        return False  # another vendor's function calling
    return bool(_RUN_KEYS & keys) or _stands_among_tools(module, node)


def _stands_among_tools(module: Module, node: Node) -> bool:
    if _TOOLISH.search(module.path):
        return True
    for parent in ancestors(node):
        if parent.type == "variable_declarator":
            return _TOOLISH.search(text_of(parent.child_by_field_name("name"))) is not None
        if parent.type == "call_expression":
            return _TOOLISH.search(text_of(parent.child_by_field_name("function"))[:200]) is not None
        if parent.type == "pair":
            return _TOOLISH.search(text_of(parent.child_by_field_name("key"))) is not None
    return False


def _guard(node: Node) -> str | None:
    inner = node
    for parent in ancestors(node):
        if parent.type == "if_statement" and parent.child_by_field_name("condition") != inner:
            text = " ".join(text_of(parent.child_by_field_name("condition")).split())
            if "request" not in text and "method" not in text:
                return text.removeprefix("(").removesuffix(")")[:200]
        inner = parent
    return None


def _distinct(nodes: list[Node]) -> list[Node]:
    return list({node.id: node for node in nodes}.values())
