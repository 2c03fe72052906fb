"""Input schemas of Java's and Kotlin's tools: parameters, records, data classes and enums, with their annotations."""

import re
from collections.abc import Iterable
from typing import Any

import orjson

from crawler.extractors.codebase import Declaration, Module
from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Call, Field, Literal, Parameter, Record, Scope, Symbol, Value
from crawler.extractors.json_schema import MAX_DEPTH, as_input_schema, object_schema
from crawler.extractors.jvm_dialect import JvmDialect

_TYPES = {
    **dict.fromkeys(("String", "CharSequence", "char", "Character", "Char", "UUID", "URI", "URL", "Path"), "string"),
    **dict.fromkeys(("LocalDate", "LocalDateTime", "Instant", "ZonedDateTime", "OffsetDateTime", "Duration"), "string"),
    **dict.fromkeys(("int", "Integer", "long", "Long", "short", "Short", "byte", "Byte", "BigInteger"), "integer"),
    **dict.fromkeys(("Int", "UInt", "ULong", "OptionalInt", "OptionalLong"), "integer"),
    **dict.fromkeys(("double", "Double", "float", "Float", "BigDecimal", "Number", "OptionalDouble"), "number"),
    **dict.fromkeys(("boolean", "Boolean"), "boolean"),
    **dict.fromkeys(("JsonObject", "ObjectNode", "JSONObject"), "object"),
    **dict.fromkeys(("JsonArray", "ArrayNode", "IntArray", "LongArray", "FloatArray", "DoubleArray"), "array"),
}
_LISTS = frozenset(
    (
        "List", "Set", "Collection", "Iterable", "Array", "ArrayList", "LinkedHashSet", "HashSet", "MutableList",
        "Sequence", "MutableSet",
    )
)  # fmt: skip
_MAPS = frozenset(("Map", "HashMap", "LinkedHashMap", "MutableMap"))
_SAME = frozenset(("Optional", "Mono", "Supplier", "Nullable", "JsonNullable", "Option"))
_GENERIC = re.compile(r"^([\w.]+)\s*<(.*)>$", re.DOTALL)
_LEADING = re.compile(r"^(?:@[\w.]+(?:\([^()]*\))?\s+|final\s+|out\s+|in\s+|\?\s+extends\s+)+")
_NULLABLE = frozenset(("Nullable", "CheckForNull"))
_DESCRIBING = re.compile(r"^\w*(?:Args?|Argument|Param|Parameter|Description|Schema|Property|Doc|Desc)$")
_DESCRIPTIONS = ("description", "desc", "title")
_MAX_FIELDS = 3_000  # of one tool's schema, with all types inside it
_CONSTRAINTS = {"Min": "minimum", "Max": "maximum", "DecimalMin": "minimum", "DecimalMax": "maximum"}


class JvmSchemas:
    """Schemas of the parameters and types of one codebase."""

    def __init__(self, evaluator: Evaluator, dialect: JvmDialect) -> None:
        self._evaluator = evaluator
        self._code = evaluator.code
        self._dialect = dialect
        self._inside: set[int] = set()  # the types that are being described: one that holds itself is not followed
        self._fields_left = _MAX_FIELDS
        self._strict = False

    def parameters(
        self, given: Iterable[Parameter], module: Module, scope: Scope, *, strict: bool = False
    ) -> dict[str, Any]:
        """Give the schema of a method's parameters as its annotations describe them.

        With `strict` a class's fields are required too where nothing says otherwise, as one framework has it.
        """
        self._fields_left = _MAX_FIELDS
        self._strict = strict
        properties: dict[str, Any] = {}
        required: list[str] = []
        for one in given:
            traits = self._traits(self._dialect.annotations(one.node), scope)
            schema = self.of(one.type, module) | traits["schema"]
            optional = is_optional(one.type) or one.default is not None
            self._add(str(traits.get("name") or one.name), schema, traits, (properties, required), optional=optional)
        return object_schema(properties, required)

    def of(self, type_: str, near: Module, depth: int = 0) -> dict[str, Any]:
        """Give the schema of a type by its source text, open where it is not of this codebase."""
        type_ = _LEADING.sub("", type_.strip()).rstrip("?!").strip()
        if depth > MAX_DEPTH or not type_:
            return {}
        if type_.endswith(("[]", "...")):
            return {"type": "array", "items": self.of(type_.removesuffix("[]").removesuffix("..."), near, depth + 1)}
        generic = _GENERIC.match(type_)
        name = (generic[1] if generic else type_).rpartition(".")[2]
        inner = _arguments(generic[2]) if generic else []
        if name in _TYPES:
            return {"type": _TYPES[name]}
        if name in _LISTS:
            return {"type": "array"} | ({"items": self.of(inner[0], near, depth + 1)} if inner else {})
        if name in _MAPS:
            values = self.of(inner[-1], near, depth + 1) if inner else {}
            return {"type": "object"} | ({"additionalProperties": values} if values else {})
        if name in _SAME:
            return self.of(inner[-1], near, depth + 1) if inner else {}
        return self._declared(name, near, depth)

    def object_of(self, type_: str, near: Module) -> dict[str, Any] | None:
        """Give the schema of a class of this codebase; None when the type is none."""
        self._fields_left = _MAX_FIELDS
        self._strict = False
        name = type_.strip().rstrip("?").partition("<")[0].rpartition(".")[2]
        found = self._code.lookup(name, near)
        return self._declared(name, near, 0) or None if found is not None and found.kind == "type" else None

    def _declared(self, name: str, near: Module, depth: int) -> dict[str, Any]:
        found = self._code.lookup(name, near)
        if found is None or found.kind != "type":
            return {}
        body = self._dialect.type_body(found)
        if body.members:
            return {"type": "string", "enum": [self._member_name(found, member) for member in body.members]}
        if found.node.type.startswith(("interface", "annotation")) or not self._is_data(found):
            return {"type": "object"}
        if found.node.id in self._inside or self._fields_left <= 0:
            return {"type": "object"}
        properties: dict[str, Any] = {}
        required: list[str] = []
        self._inside.add(found.node.id)
        for one in self._fields(found):
            self._fields_left -= 1
            self._add_field(one, found, depth, (properties, required))
        self._inside.discard(found.node.id)
        return object_schema(properties, required)

    def _is_data(self, found: Declaration) -> bool:
        return any(True for _ in self._fields(found)) or found.node.type == "record_declaration"

    def _fields(self, found: Declaration) -> list[Field]:
        classes = list(self._evaluator.objects.lineage(found))
        fields = [field for one in reversed(classes) for field in self._dialect.type_body(one).fields]
        # What a class's constructor takes is its data; other properties are worked out from that.
        return [one for one in fields if one.tag != "body"] or fields

    def _member_name(self, found: Declaration, member: str) -> str:
        constant = self._code.lookup(member, found.module, found.name)
        for one in self._dialect.annotations(constant.node if constant is not None else None):
            if name_of(one) in ("JsonProperty", "SerialName", "SerializedName"):
                value = self._value(one, "value", Scope(found.module, None, found.name))
                return value if isinstance(value, str) else member
        return member

    def _add_field(self, one: Field, found: Declaration, depth: int, into: tuple[dict[str, Any], list[str]]) -> None:
        scope = Scope(found.module, None, found.name)
        annotations = self._dialect.annotations(one.node)
        if any(name_of(annotation) in ("JsonIgnore", "Transient", "SerialInfo") for annotation in annotations):
            return
        traits = self._traits(annotations, scope)
        schema = self.of(one.type, found.module, depth + 1) | traits["schema"]
        if one.default is not None:
            default = self._evaluator.evaluate(one.default, scope)
            if isinstance(default, str | int | float | bool) and "default" not in schema:
                schema["default"] = default
        # Java's serialisers take a missing property for null; only a record or a data class says what must be there.
        plain = found.node.type == "class_declaration" and one.node is not None and one.node.type == "field_declaration"
        optional = is_optional(one.type) or ((one.default is not None or plain) and not self._strict)
        self._add(str(traits.get("name") or one.name), schema, traits, into, optional=optional)

    def _add(
        self,
        name: str,
        schema: dict[str, Any],
        traits: dict[str, Any],
        into: tuple[dict[str, Any], list[str]],
        *,
        optional: bool,
    ) -> None:
        properties, required = into
        properties[name] = schema | ({"default": _typed(schema)} if "default" in schema else {})
        declared = traits.get("required")
        nullable = traits.get("nullable", False) or "default" in traits["schema"]
        if declared if isinstance(declared, bool) else not (optional or nullable):
            required.append(name)

    def _traits(self, annotations: list[Call], scope: Scope) -> dict[str, Any]:
        """Read what annotations say of a parameter or field: its name, description, and whether it must be given."""
        traits: dict[str, Any] = {"schema": {}}
        for one in annotations:
            name = name_of(one)
            if name in _NULLABLE:
                traits["nullable"] = True
            elif name in ("NotNull", "NonNull", "NotBlank", "NotEmpty"):
                traits["required"] = traits.get("required", True)
            elif name in _CONSTRAINTS:
                value = self._value(one, "value", scope)
                if isinstance(value, int | float):
                    traits["schema"][_CONSTRAINTS[name]] = value
            elif name in ("JsonProperty", "SerialName", "SerializedName", "Name"):
                self._named(one, traits, scope)
            elif _DESCRIBING.match(name):
                self._described(one, traits, scope)
        return traits

    def _named(self, one: Call, traits: dict[str, Any], scope: Scope) -> None:
        value = self._value(one, "value", scope)
        if isinstance(value, str) and value:
            traits["name"] = value
        if self._value(one, "required", scope) is True:
            traits["required"] = True
        default = self._value(one, "defaultValue", scope)
        if isinstance(default, str):
            traits["schema"]["default"] = default

    def _described(self, one: Call, traits: dict[str, Any], scope: Scope) -> None:
        for key in (*_DESCRIPTIONS, "value"):
            value = self._value(one, key, scope)
            if isinstance(value, str) and value:
                traits["schema"].setdefault("description", value)
                break
        name = self._value(one, "name", scope)
        if isinstance(name, str) and name and not name.startswith("<<"):
            traits["name"] = name
        declared = self._value(one, "required", scope)
        if isinstance(declared, bool):
            traits["required"] = declared
        mode = self._value(one, "requiredMode", scope)
        if isinstance(mode, Symbol) and mode.last in ("REQUIRED", "NOT_REQUIRED"):
            traits["required"] = mode.last == "REQUIRED"
        default = self._value(one, "defaultValue", scope)
        if isinstance(default, str):
            traits["schema"]["default"] = default
        allowed = self._value(one, "allowableValues", scope)
        if isinstance(allowed, list) and allowed and all(isinstance(item, str) for item in allowed):
            traits["schema"]["enum"] = allowed

    def _value(self, annotation: Call, key: str, scope: Scope) -> Value:
        for name, expression in annotation.named:
            if name == key:
                return (
                    expression.value if isinstance(expression, Literal) else self._evaluator.evaluate(expression, scope)
                )
        return UNKNOWN


def name_of(annotation: Call) -> str:
    """Give an annotation's last name."""
    return str(getattr(annotation.callee, "name", getattr(annotation.callee, "text", "")))


def is_optional(type_: str) -> bool:
    """Tell whether a type itself says that its value may be missing."""
    bare = type_.strip()
    return bare.endswith("?") or bare.rpartition(".")[2].startswith("Optional") or bare.startswith("Optional")


def _typed(schema: dict[str, Any]) -> Any:
    """Give a default as its type has it: annotations can only say it as text."""
    default = schema["default"]
    if not isinstance(default, str) or schema.get("type") not in ("integer", "number", "boolean"):
        return default
    try:
        return orjson.loads(default)
    except orjson.JSONDecodeError:
        return default


def _arguments(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for position, letter in enumerate(text):
        depth += (letter == "<") - (letter == ">")
        if letter == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]


def schema_of(value: Value, schemas: JvmSchemas) -> dict[str, Any] | None:
    """Give a tool's schema from what is passed for one: JSON, a tree, the SDK's own type, or a class of arguments."""
    if isinstance(value, Record):
        if value.types and not value.args and not value.named:
            return schemas.object_of(value.types[0], value.scope.module)
        schema = sdk_schema(value)
        if schema is not None:
            return schema
        for arg in value.args:
            inner = schema_of(arg, schemas) if isinstance(arg, Record | dict | str) else None
            if inner is not None:
                return inner
        return None
    return as_input_schema(value)


def sdk_schema(record: Record) -> dict[str, Any] | None:
    """Read an SDK's schema type: its type, the properties and what is required, by position or by name."""
    if record.name not in ("JsonSchema", "ToolSchema", "Input", "ToolInput", "InputSchema", "Schema"):
        return None
    given = list(record.args)
    if given and isinstance(given[0], str) and " " not in given[0]:
        given = given[1:]
    named = record.named
    properties = named.get("properties", given[0] if given else {})
    required = named.get("required", given[1] if len(given) > 1 else [])
    schema = as_input_schema({"type": "object", "properties": properties if isinstance(properties, dict) else {}})
    names = [one for one in required if isinstance(one, str)] if isinstance(required, list) else []
    return schema | ({"required": names} if names else {}) if schema is not None else None
