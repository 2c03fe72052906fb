"""JSON Schema from schema libraries, expression by expression."""

from typing import Any

import pytest

from crawler.extractors.javascript import extract

TEXT = {"type": "string"}
PART = "const Part = z.object({a: z.string(), b: z.number().optional()}).describe('Part');"


def schema_of(shape: str) -> Any:
    """Give the input schema of a tool registered with this expression."""
    source = f"import '@modelcontextprotocol/sdk';{PART}s.registerTool('n', {{inputSchema: {shape}}}, () => {{}})"
    [definition] = extract({"server.js": source.encode()}).definitions
    return definition.input_schema


@pytest.mark.parametrize(
    ("expression", "schema"),
    [
        ("z.string()", TEXT),
        ("z.string().min(1).max(5).describe('D')", {**TEXT, "minLength": 1, "maxLength": 5, "description": "D"}),
        ("z.string().email()", {**TEXT, "format": "email"}),
        ("z.url()", {**TEXT, "format": "uri"}),
        ("z.iso.datetime()", {**TEXT, "format": "date-time"}),
        ("z.number().int().gte(0).lte(9)", {"type": "integer", "minimum": 0, "maximum": 9}),
        ("z.number().positive()", {"type": "number", "exclusiveMinimum": 0}),
        ("z.number().nonnegative()", {"type": "number", "minimum": 0}),
        ("z.coerce.boolean()", {"type": "boolean"}),
        ("z.boolean().default(false)", {"type": "boolean", "default": False}),
        ("z.any()", {}),
        ("z.never()", {"not": {}}),
        ("z.null()", {"type": "null"}),
        ("z.string().nullable()", {"anyOf": [TEXT, {"type": "null"}]}),
        ("z.string().nullish()", {"anyOf": [TEXT, {"type": "null"}]}),
        ("z.literal(3)", {"const": 3}),
        ("z.literal(['a', 'b'])", {"enum": ["a", "b"]}),
        ("z.enum(['a', 'b'])", {**TEXT, "enum": ["a", "b"]}),
        ("z.nativeEnum({A: 'a', B: 2})", {"enum": ["a", 2]}),
        ("z.enum(z.enum(['a']).options)", {**TEXT, "enum": ["a"]}),
        ("z.literal(z.enum(['a']).enum.a)", {"const": "a"}),
        ("z.array(z.string()).max(2)", {"type": "array", "items": TEXT, "maxItems": 2}),
        ("z.string().array().nonempty()", {"type": "array", "items": TEXT}),
        ("z.set(z.string())", {"type": "array", "items": TEXT}),
        ("z.tuple([z.string(), z.any()])", {"type": "array", "prefixItems": [TEXT, {}]}),
        ("z.union([z.string(), z.null()])", {"anyOf": [TEXT, {"type": "null"}]}),
        ("z.string().or(z.null())", {"anyOf": [TEXT, {"type": "null"}]}),
        ("z.intersection(z.string(), z.any())", {"allOf": [TEXT, {}]}),
        ("z.record(z.string(), z.boolean())", {"type": "object", "additionalProperties": {"type": "boolean"}}),
        ("z.lazy(() => z.string())", TEXT),
        ("z.preprocess((x) => x, z.string())", TEXT),
        ("z.string().transform((x) => x.length).refine((x) => x > 1)", TEXT),
        ("z.string().optional().unwrap()", TEXT),
        ("z.string().catch('x')", TEXT),
        ("z.string().meta({title: 'T', description: 'D'})", {**TEXT, "title": "T", "description": "D"}),
        ("Part.keyof()", {**TEXT, "enum": ["a", "b"]}),
        ("Part.shape.a", TEXT),
    ],
)
def test_schema_of_a_property(expression: str, schema: dict[str, Any]) -> None:
    assert schema_of(f"{{p: {expression}}}")["properties"] == {"p": schema}


@pytest.mark.parametrize(
    ("expression", "properties", "required"),
    [
        ("Part", ["a", "b"], ["a"]),
        ("Part.shape", ["a", "b"], ["a"]),
        ("z.object({...Part.shape, c: z.any()})", ["a", "b", "c"], ["a", "c"]),
        ("Part.extend({c: z.any()})", ["a", "b", "c"], ["a", "c"]),
        ("Part.merge(z.object({c: z.any().optional()}))", ["a", "b", "c"], ["a"]),
        ("Part.pick({b: true})", ["b"], []),
        ("Part.omit({b: true})", ["a"], ["a"]),
        ("Part.partial()", ["a", "b"], []),
        ("Part.partial({a: true}).required({b: true})", ["a", "b"], ["b"]),
        ("Part.strict().passthrough().refine(() => true)", ["a", "b"], ["a"]),
        ("zodToJsonSchema(Part, {target: 'x'})", ["a", "b"], ["a"]),
        ("z.toJSONSchema(Part)", ["a", "b"], ["a"]),
        ("fromJsonSchema({type: 'object', properties: {a: {type: 'string'}}, required: ['a']})", ["a"], ["a"]),
        ("Type.Object({a: Type.String(), b: Type.Optional(Type.Enum({X: 'x'}))})", ["a", "b"], ["a"]),
        ("{a: {type: z.string(), description: 'D'}, b: {type: z.number().optional()}}", ["a", "b"], ["a"]),
        ("{}", [], []),
    ],
)
def test_names_of_parameters(expression: str, properties: list[str], required: list[str]) -> None:
    schema = schema_of(expression)
    assert (list(schema["properties"]), schema.get("required", [])) == (properties, required)


def test_description_of_an_object_outlives_its_extension() -> None:
    assert schema_of("Part.extend({c: z.any()})")["description"] == "Part"
