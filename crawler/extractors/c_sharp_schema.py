"""Input schemas of C# tools: methods' parameters and the types they are of, as the SDK's serializer shows them."""

import re
from typing import Any

from crawler.extractors.c_sharp_syntax import CSharpDialect, attributes_of
from crawler.extractors.codebase import Codebase, Declaration, Module
from crawler.extractors.evaluator import Evaluator
from crawler.extractors.expressions import Literal, Parameter, Scope
from crawler.extractors.json_schema import MAX_DEPTH, object_schema
from crawler.extractors.tool_records import prose

_TYPES = {
    **dict.fromkeys(
        ("string", "char", "String", "Guid", "DateTime", "DateTimeOffset", "DateOnly", "TimeOnly"), "string"
    ),
    **dict.fromkeys(("TimeSpan", "Uri", "Version"), "string"),
    **dict.fromkeys(("int", "long", "short", "byte", "uint", "ulong", "ushort", "sbyte", "Int32", "Int64"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "Single", "Double", "Decimal"), "number"),
    "bool": "boolean",
    "Boolean": "boolean",
}
_LISTS = re.compile(
    r"^(?:I?List|IEnumerable|IReadOnlyList|I?Collection|IReadOnlyCollection|I?HashSet|ISet|ImmutableArray)<(.+)>$"
)
_MAPS = re.compile(r"^(?:I?Dictionary|IReadOnlyDictionary)<[^,]+,\s*(.+)>$")
_DATA_INTERFACES = re.compile(r"^I(?:Enumerable|List|ReadOnly\w+|Collection|Dictionary|Set)<")
# What the server hands in, by the type's own name; a client never sends it.
_GIVEN_BY_SERVER = re.compile(
    r"^(?:CancellationToken|IProgress<|I?McpServer\b|RequestContext|IServiceProvider|ClaimsPrincipal|HttpContext|HttpClient)"
    r"|(?:Service|Client|Factory|Context|Manager|Repository|Accessor|Provider|Store|Logger|Configuration|Connection"
    r"|Handler|Resolver|Scanner|Server|Options|Settings|Api)(?:<.*>)?\??$"
)


class TypeSchemas:
    """Schemas of one codebase's types and signatures."""

    def __init__(self, code: Codebase, evaluator: Evaluator, dialect: CSharpDialect) -> None:
        self._code = code
        self._evaluator = evaluator
        self._dialect = dialect
        self._open: set[int] = set()  # types that are being laid out: one that holds itself stays open inside

    def signature(self, parameters: tuple[Parameter, ...], scope: Scope) -> dict[str, Any]:
        """Give the schema of what a method takes from a client."""
        properties: dict[str, Any] = {}
        required = []
        for one in parameters:
            said = attributes_of(self._dialect, one.node) if one.node is not None else {}
            if (
                "FromServices" in said
                or "FromKeyedServices" in said
                or ("Description" not in said and self._is_given(one.type, scope.module))
            ):
                continue
            schema = self.of(one.type, scope.module)
            if "Description" in said and said["Description"].args:
                text = prose(self._evaluator.evaluate(said["Description"].args[0], scope))
                schema = schema | ({"description": text} if text else {})
            if one.default is None:
                required.append(one.name)
            elif isinstance(one.default, Literal) and one.default.value is not None:
                schema = schema | {"default": one.default.value}
            properties[one.name] = schema
        return object_schema(properties, required)

    def of(self, type_: str, near: Module, depth: int = 0) -> dict[str, Any]:
        """Give the schema of a type by its source text, open where it is not of this codebase."""
        type_ = type_.strip().rstrip("?").rpartition(".")[2] if "<" not in type_ else type_.strip().rstrip("?")
        if type_ in _TYPES:
            return {"type": _TYPES[type_]}
        if depth > MAX_DEPTH:
            return {}
        if type_.endswith("[]"):
            return {"type": "array", "items": self.of(type_[:-2], near, depth + 1)}
        if (inner := _LISTS.match(type_)) is not None:
            return {"type": "array", "items": self.of(inner[1], near, depth + 1)}
        if (inner := _MAPS.match(type_)) is not None:
            return {"type": "object", "additionalProperties": self.of(inner[1], near, depth + 1)}
        found = self._code.lookup(type_.partition("<")[0], near)
        return self._declared(found, depth) if found is not None and found.kind == "type" else {}

    def _declared(self, found: Declaration, depth: int) -> dict[str, Any]:
        if found.node.id in self._open:
            return {}
        self._open.add(found.node.id)
        try:
            return self._laid_out(found, depth)
        finally:
            self._open.discard(found.node.id)

    def _laid_out(self, found: Declaration, depth: int) -> dict[str, Any]:
        body = self._dialect.type_body(found)
        if found.node.type == "enum_declaration":
            return {"type": "string", "enum": list(body.members)}
        properties: dict[str, Any] = {}
        required = []
        for one in body.fields:
            said = attributes_of(self._dialect, one.node) if one.node is not None else {}
            if "JsonIgnore" in said:
                continue
            named = said.get("JsonPropertyName")
            name = one.name[:1].lower() + one.name[1:]
            if named is not None and named.args and isinstance(named.args[0], Literal):
                name = str(named.args[0].value)
            schema = self.of(one.type, found.module, depth + 1)
            if "Description" in said and said["Description"].args:
                text = prose(
                    self._evaluator.evaluate(said["Description"].args[0], Scope(found.module, None, found.name))
                )
                schema = schema | ({"description": text} if text else {})
            properties[name] = schema
            marks = one.node.text or b"" if one.node is not None else b""
            if (
                "Required" in said
                or re.search(rb"\brequired\b", marks)
                or (found.node.type == "record_declaration" and one.default is None)
            ):
                required.append(name)
        return object_schema(properties, required)

    def _is_given(self, type_: str, near: Module) -> bool:
        """Tell whether the server hands a parameter in: services, by interface, by name, or by having no data."""
        if re.match(r"^I[A-Z]\w+", type_) and not _DATA_INTERFACES.match(type_):
            return True
        found = self._code.lookup(type_.rstrip("?").partition("<")[0], near)
        if found is not None and found.kind == "type" and found.node.type != "enum_declaration":
            return not self._dialect.type_body(found).fields
        return _GIVEN_BY_SERVER.search(type_) is not None
