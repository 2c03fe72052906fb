"""From what was said when a tool was registered to its definition: names, texts, schema, hints, and what is missing.

Finding the registrations is not done here.
"""

from dataclasses import dataclass, field
from typing import Any

from tree_sitter import Node

from catalog.records import Origin, ToolDefinition
from catalog.vocabulary import HINTS
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_docstring import Documented
from crawler.extractors.python_module import Module
from crawler.extractors.python_references import CallValue, ClassRef, FunctionRef, ServerPlace
from crawler.extractors.python_schema import model_schema, signature_schema
from crawler.extractors.python_syntax import text_of
from crawler.extractors.python_values import Evaluator

_HINT_NAMES = {hint: hint for hint in (*HINTS, "title")} | {
    "read_only_hint": "readOnlyHint",
    "destructive_hint": "destructiveHint",
    "idempotent_hint": "idempotentHint",
    "open_world_hint": "openWorldHint",
}
_SCHEMA_KEYS = ("inputSchema", "input_schema", "parameters", "args_schema", "input_model")
_MAX_UNKNOWN = 50
_APP_ONLY = "offered to the host's user interface only"


@dataclass(frozen=True, slots=True)
class Registration:
    """One act of registering: the function if there is one, what was said about it, and where it was said.

    `given` names the function's parameters that the server fills itself, `naming` is the expression of its name.
    """

    module: Module
    node: Node
    pattern: str
    function: FunctionRef | None
    said: dict[str, Any]
    server: ServerPlace | None = None
    condition: str | None = None
    given: frozenset[str] = field(default_factory=frozenset)
    naming: Node | None = None


def name_of(registration: Registration) -> Any:
    """Give the name that a registration gives its tool: what was said, else the function's own."""
    name = registration.said.get("name")
    if name is None and registration.function is not None:
        return text_of(registration.function.node.child_by_field_name("name"))
    return name


def define(evaluator: Evaluator, registration: Registration, name: str, documented: Documented) -> ToolDefinition:
    """Write the definition of a tool whose name is known."""
    said = registration.said
    unresolved: list[str] = []
    description = said.get("description")
    if description is None or (description == "" and registration.function is not None):
        description = documented.description
    if (description is not None and not isinstance(description, str)) or (description is None and documented.uncertain):
        unresolved.append("description")
    if registration.function is None and description is None and registration.pattern == "python-registration":
        unresolved.append("description")
    schema = _schema(evaluator, registration, documented)
    plain = _without_unknown(schema, "inputSchema", unresolved)
    title = said.get("title")
    return ToolDefinition(
        name=name,
        title=title if isinstance(title, str) else None,
        description=description if isinstance(description, str) else None,
        input_schema=plain if isinstance(plain, dict) else None,
        annotations=declared_hints(said),
        origin=Origin(registration.module.path, registration.node.start_point[0] + 1, registration.pattern),
        conditional=registration.condition or _app_only(said),
        unresolved=tuple(dict.fromkeys(unresolved)),
    )


def _schema(evaluator: Evaluator, registration: Registration, documented: Documented) -> Any:
    said = registration.said
    for key in _SCHEMA_KEYS:
        if key in said and said[key] is not None:
            return model_schema(evaluator, said[key]) if isinstance(said[key], ClassRef) else said[key]
    if registration.function is None:
        return UNKNOWN if registration.pattern == "python-registration" else None
    schema = signature_schema(evaluator, registration.function)
    for name, text in documented.parameters.items():
        if name in schema["properties"]:
            schema["properties"][name].setdefault("description", text)
    excluded = said.get("exclude_args")
    for name in (*registration.given, *(excluded if isinstance(excluded, list) else ())):
        schema["properties"].pop(name, None)
    required = [name for name in schema.pop("required", ()) if name in schema["properties"]]
    return {**schema, "required": required} if required else schema


def declared_hints(said: dict[str, Any]) -> dict[str, Any]:
    """Give the annotations that the author declared, in the protocol's spelling."""
    value = said.get("annotations")
    if isinstance(value, CallValue):
        value = dict(value.keywords)
    hints = dict(value) if isinstance(value, dict) else {}
    hints |= {key: said[key] for key in _HINT_NAMES if key in said and key.lower().endswith("hint")}
    return {
        _HINT_NAMES[key]: hint
        for key, hint in hints.items()
        if key in _HINT_NAMES and isinstance(hint, bool if "title" not in key else str)
    }


def _app_only(said: dict[str, Any]) -> str | None:
    """Tell a tool that MCP Apps' `_meta.ui.visibility` keeps from the model."""
    meta = said.get("meta", said.get("_meta"))
    ui = meta.get("ui") if isinstance(meta, dict) else None
    return _APP_ONLY if isinstance(ui, dict) and ui.get("visibility") == ["app"] else None


def _without_unknown(value: Any, path: str, unresolved: list[str]) -> Any:
    """Give a schema without its unknown parts, whose paths are added to `unresolved`."""
    if isinstance(value, dict):
        pairs = [(str(key), _without_unknown(item, f"{path}.{key}", unresolved)) for key, item in value.items()]
        return {key: item for key, item in pairs if item is not UNKNOWN}
    if isinstance(value, list):
        items = [_without_unknown(item, path, unresolved) for item in value]
        return [item for item in items if item is not UNKNOWN]
    if value is None or isinstance(value, str | int | float):
        return value
    if len(unresolved) < _MAX_UNKNOWN and path not in unresolved:
        unresolved.append(path)
    return UNKNOWN
