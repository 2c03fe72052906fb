"""Tools made by calls on the JVM: the SDKs' builders and constructors, and what a program wraps around them."""

import re
from typing import Any

from crawler.extractors.dialect import text_of
from crawler.extractors.expressions import FunctionValue, Record, Symbol, Value
from crawler.extractors.json_schema import object_schema
from crawler.extractors.jvm_schema import JvmSchemas, schema_of
from crawler.extractors.tool_records import Chain, hint, prose

_HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")
_CLASS = re.compile(r"\b([A-Z]\w*)(?:\.|::)class\b|[sS]chema\w*<([A-Z]\w*)>\(")
_MAX_SEARCHED = 4_000
_CONSTRUCTORS = ("Tool", "addTool", "RegisteredTool")
_NAMED = {
    **{key: key for key in ("name", "title", "description", "annotations")},
    "toolAnnotations": "annotations",
    "inputSchema": "schema",
}
_NAMES = ("name", "setName", "withName", "toolName", "newTool")
_DESCRIPTIONS = ("description", "setDescription", "withDescription", "desc")
_TITLES = ("title", "setTitle", "withTitle")
_SCHEMAS = ("inputSchema", "setInputSchema", "withInputSchema", "schema", "input", "parameters", "inputType")
_ANNOTATIONS = ("annotations", "setAnnotations", "withAnnotations", "toolAnnotations", "annotation")
_ARGUMENTS = ("addArgument", "argument", "addParameter", "arg")
_TYPES = ("inputType", "inputClass", "parameterType")


class BuiltTools:
    """Reads records of tools; `schemas` knows the classes that describe arguments."""

    def __init__(self, schemas: JvmSchemas) -> None:
        self._schemas = schemas

    def read(self, chain: Chain) -> dict[str, Any] | None:
        """Give a tool's fields, with a name of any value; None when the record is no tool."""
        made, *links = chain[0].chain()
        if isinstance(made.owner, Record) or (chain[0].name in _CONSTRUCTORS and len(links) == 1):
            made, links = chain[0], []
        if made.name not in (*_CONSTRUCTORS, "builder", "newTool"):
            return None
        fields = self._constructed(made) if made.name in _CONSTRUCTORS else self._begun(made)
        arguments: list[list[Value]] = []
        for link in links:
            if link.name in _ARGUMENTS and len(link.args) > 1:
                arguments.append(link.args)
            elif link.args:
                self._linked(link, fields)
        if "name" not in fields or isinstance(fields["name"], list | dict | bool):
            return None
        schema = fields.pop("schema", None)
        found = schema_of(schema, self._schemas) if schema is not None else None
        if found is None:
            found = self._class_schema([made, *links])
        if found is None and (arguments or made.name == "newTool"):
            found = self._argument_schema(arguments, made)
        if found is None and schema is None and made.name in ("addTool", "RegisteredTool"):
            found = object_schema({}, [])  # the SDK's default for what is left out
        return self._finished(fields, found)

    def _begun(self, made: Record) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        if made.args:
            fields["name"] = made.args[0]
        if len(made.args) > 1:
            fields["schema"] = made.args[1]
        return fields

    def _linked(self, link: Record, fields: dict[str, Any]) -> None:
        first = link.args[0]
        for key, names in (
            ("name", _NAMES),
            ("description", _DESCRIPTIONS),
            ("title", _TITLES),
            ("annotations", _ANNOTATIONS),
        ):
            if link.name in names:
                fields[key] = first
        if link.name in _SCHEMAS:
            # An overload takes the mapper that reads the text before the text.
            fields["schema"] = link.args[-1] if isinstance(link.args[-1], str | dict) else first

    def _constructed(self, made: Record) -> dict[str, Any]:
        """Read the SDK's constructor: name, [title,] description, schema, [output schema,] [annotations, meta]."""
        fields = {_NAMED[key]: value for key, value in made.named.items() if key in _NAMED}
        args = [one for one in made.args if not isinstance(one, FunctionValue)]
        if made.name != "Tool" and not fields and (len(args) < 2 or isinstance(args[0], Record)):
            return {}  # a tool that is made elsewhere is only handed over here
        if args:
            fields["name"] = args.pop(0)
        texts: list[Value] = []
        while args and len(texts) < 2 and not is_schema(args[0]):
            texts.append(args.pop(0))
        fields |= dict(zip(("description", "title"), reversed(texts), strict=False))
        if args:
            fields["schema"] = args.pop(0)
        for one in args:
            if isinstance(one, Record) and one.chain()[0].name in ("ToolAnnotations", "builder"):
                fields["annotations"] = one
        return fields

    def _class_schema(self, links: list[Record]) -> dict[str, Any] | None:
        """Give the schema of the first class of the program that a tool is made with: a generator reads it."""
        for link in links:
            before = len(text_of(link.owner.node)) if isinstance(link.owner, Record) else 0
            for match in _CLASS.finditer(text_of(link.node)[before:][:_MAX_SEARCHED]):
                name = match[1] or match[2]
                bound = link.scope.bound.get(name)
                type_ = bound.text if isinstance(bound, Symbol) else name
                schema = self._schemas.object_of(type_, link.scope.module)
                if schema is not None and "properties" in schema:
                    return schema
        return None

    def _argument_schema(self, arguments: list[list[Value]], made: Record) -> dict[str, Any]:
        """Give the schema of arguments added one by one: name, description, required, type."""
        properties: dict[str, Any] = {}
        required = []
        for name, *rest in arguments:
            if not isinstance(name, str):
                continue
            schema: dict[str, Any] = {}
            for one in rest:
                if isinstance(one, str):
                    schema["description"] = one
                elif isinstance(one, Record) and one.name == "class" and one.types:
                    schema = self._schemas.of(one.types[0], made.scope.module) | schema
            properties[name] = schema
            if any(one is True for one in rest):
                required.append(name)
        return object_schema(properties, required)

    def _finished(self, fields: dict[str, Any], schema: dict[str, Any] | None) -> dict[str, Any]:
        annotations = annotations_of(fields.get("annotations"))
        finished = {
            "name": fields["name"],
            "title": prose(fields.get("title")),
            "description": prose(fields.get("description")),
            "input_schema": schema,
            "annotations": annotations,
        }
        missing = [key for key in ("description", "input_schema") if finished[key] is None]
        finished["unresolved"] = tuple("inputSchema" if key == "input_schema" else key for key in missing)
        return finished


def is_schema(value: Value) -> bool:
    """Tell whether a constructor's argument is where its schema stands, not a text before it."""
    if isinstance(value, dict):
        return True
    if isinstance(value, str):
        return value.lstrip().startswith("{")
    return isinstance(value, Record | Symbol) and not isinstance(prose(value), str)


def annotations_of(value: Value) -> dict[str, Any]:
    """Give the hints that the SDK's type of annotations declares: by name, by its builder, or by position."""
    if not isinstance(value, Record):
        return {}
    found: dict[str, Any] = {}
    for link in value.chain():
        for key, item in link.named.items():
            _take(key, item, found)
        if len(link.args) == 1:
            _take(link.name, link.args[0], found)
        elif link.name == "ToolAnnotations" and len(link.args) >= len(_HINTS) + 1:
            for key, item in zip(("title", *_HINTS), link.args, strict=False):
                _take(key, item, found)
        elif not link.args and link.name.endswith("Hint"):
            _take(link.name, True, found)  # noqa: FBT003
    return found


def _take(key: str, item: Value, found: dict[str, Any]) -> None:
    name = key.removeprefix("set").removeprefix("with")
    name = name[:1].lower() + name[1:]
    name = next((one for one in _HINTS if one.lower() == f"{name.lower().removesuffix('hint')}hint"), name)
    value = prose(item) if name == "title" else hint(item) if name in _HINTS else None
    if value is not None:
        found[name] = value
