"""From what a piece of code says of a tool to the tool's definition: the keys that SDKs and house styles use."""

import re
from typing import Any, Final

from tree_sitter import Node

from catalog.records import Origin, ToolDefinition
from catalog.vocabulary import HINTS
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.javascript_module import Module
from crawler.extractors.javascript_text import excerpt
from crawler.extractors.javascript_values import LEFT_OUT, PartialText
from crawler.extractors.javascript_zod import ZodValue, schema_of, unknown_parts

SCHEMA_KEYS = (
    *("inputSchema", "input_schema", "parameters", "paramsSchema", "paramsShape", "schema", "zodSchema"),
    *("argsSchema", "argsShape", "args", "input", "inputShape", "params"),
)
_CONFIG_KEYS = frozenset(("title", "description", "inputSchema", "outputSchema", "annotations", "_meta", "parameters"))
_MIN_KNOWN: Final = 12  # characters without which the rest of a description says nothing
_NAME: Final = re.compile(r"\S(?:.{0,198}\S)?")
# Every handler asks which request it has; that is no condition on the tool.
_DISPATCH = re.compile(r"request|method|require\.main|import\.meta|__name__")
_GUARDS = {"if_statement": "condition", "ternary_expression": "condition"}


def define(module: Module, node: Node, said: dict[str, Any], pattern: str) -> ToolDefinition | None:
    """Make a definition of what was said of a tool; None when its name is not known."""
    name, description, title = said.get("name"), said.get("description"), said.get("title")
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        return None
    unresolved = [] if description is None or isinstance(description, str) else ["description"]
    if isinstance(description, PartialText):
        description = description.known if len(description.known.replace(LEFT_OUT, "").strip()) >= _MIN_KNOWN else None
    given = next((said[key] for key in SCHEMA_KEYS if said.get(key) is not None), None)
    schema = schema_of(given) if given is not None else None
    if given is not None:
        unresolved += unknown_parts(given) if schema is not None else ("inputSchema",)
    output = said.get("outputSchema")
    return ToolDefinition(
        name=name,
        title=title if isinstance(title, str) else None,
        description=description if isinstance(description, str) else None,
        input_schema=schema or ({"type": "object", "properties": {}} if schema == {} else None),
        output_schema=schema_of(output) if output is not None else None,
        annotations=_annotations(said),
        origin=Origin(module.path, module.line_of(node), pattern),
        conditional=guard_of(module, node),
        unresolved=tuple(unresolved),
    )


def said_positional(values: list[Any]) -> dict[str, Any]:
    """Read `tool(name, [description], [shape], [annotations], callback)` and `registerTool(name, config, callback)`."""
    said: dict[str, Any] = {"name": values[0]}
    for number, value in enumerate(values[1:], start=1):
        if isinstance(value, str | PartialText) and "description" not in said:
            said["description"] = value
        elif isinstance(value, ZodValue):
            said.setdefault("inputSchema", value)
        elif isinstance(value, dict):
            said.update(_said_by_object(value, said))
        elif value is UNKNOWN and number == 1 and len(values) > 2:
            said["description"] = UNKNOWN
        elif value is UNKNOWN and number == 2 and len(values) > 3:
            said["inputSchema"] = UNKNOWN
    return said


def guard_of(module: Module, node: Node) -> str | None:
    """Give the condition under which a node is reached, as its author wrote it; None when it always is."""
    inner = node
    for parent in module.ancestors(node):
        condition = None
        if parent.type in _GUARDS:
            condition = parent.child_by_field_name("condition")
        elif parent.type == "binary_expression" and parent.child_by_field_name("right") == inner:
            operator = parent.child_by_field_name("operator")
            chooses = operator is not None and operator.type in ("&&", "||")
            condition = parent.child_by_field_name("left") if chooses else None
        if condition is not None and condition != inner:
            text = excerpt(condition, 200)
            if text.startswith("(") and text.endswith(")"):
                text = text[1:-1]
            if _DISPATCH.search(text) is None:
                return f"not ({text})" if _is_otherwise(parent, inner) else text
        inner = parent
    return None


def _is_otherwise(parent: Node, inner: Node) -> bool:
    operator = parent.child_by_field_name("operator")
    if operator is not None:
        return operator.type == "||"
    return parent.child_by_field_name("alternative") == inner


def _said_by_object(value: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    schemas = {key for key, one in value.items() if isinstance(one, ZodValue)}
    if value and not schemas and value.keys() <= {*HINTS, "title"}:
        return {"annotations": value}
    if value.keys() & _CONFIG_KEYS and not schemas & {"title", "description", "annotations"}:
        return {key: one for key, one in value.items() if key != "name"}
    return {} if "inputSchema" in said else {"inputSchema": value}


def _annotations(said: dict[str, Any]) -> dict[str, Any]:
    value = said.get("annotations", said.get("toolAnnotations"))
    hints = dict(value) if isinstance(value, dict) else {}
    hints |= {key: said[key] for key in HINTS if key in said}
    return {
        key: hint
        for key, hint in hints.items()
        if (key in HINTS and isinstance(hint, bool)) or (key == "title" and isinstance(hint, str))
    }
