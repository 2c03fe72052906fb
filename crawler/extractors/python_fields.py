"""What Field(...) and defaults say of a property, and how it shows in the property's schema.

Only what the schema libraries themselves emit; which properties there are is not decided here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tree_sitter import Node

from crawler.extractors.evaluation import UNKNOWN
from crawler.extractors.python_references import CallValue, is_plain
from crawler.extractors.python_syntax import statements, text_of

_FIELD_CALLS = frozenset(("Field", "field", "Query", "Body", "Param"))
_NUMBERS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
_LENGTHS = {
    "string": {"min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"},
    "array": {"min_length": "minItems", "max_length": "maxItems"},
    "object": {"min_length": "minProperties", "max_length": "maxProperties"},
}
_CONSTRAINTS = {
    "integer": {**_NUMBERS, "multiple_of": "multipleOf"},
    "number": {**_NUMBERS, "multiple_of": "multipleOf"},
    **_LENGTHS,
}


@dataclass(frozen=True, slots=True)
class Field:
    """What was said of a property; `default` is `...` where nothing was, UNKNOWN where nobody knows which."""

    default: Any = ...
    has_factory: bool = False
    alias: str | None = None
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def is_optional(self) -> bool:
        """Tell a property that may be left out."""
        return self.has_factory or self.default is not ...

    def merged(self, other: "Field | None") -> "Field":
        """Add what was said later, which wins."""
        if other is None:
            return self
        return replace(
            self,
            default=self.default if other.default is ... else other.default,
            has_factory=self.has_factory or other.has_factory,
            alias=other.alias or self.alias,
            said={**self.said, **other.said},
        )


def read_field(value: Any) -> Field | None:
    """Give what a call of Field or its like says, None for every other value."""
    if not isinstance(value, CallValue) or value.callee not in _FIELD_CALLS:
        return None
    alias = value.keywords.get("alias")
    return Field(
        default=value.arguments[0] if value.arguments else value.keywords.get("default", ...),
        has_factory="default_factory" in value.keywords,
        alias=alias if isinstance(alias, str) else None,
        said=dict(value.keywords),
    )


def apply_field(schema: dict[str, Any], said: Field) -> None:
    """Put what was said of a property into its schema."""
    branches = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    # Of a union the libraries check limits by themselves, without a word in the schema.
    if len(branches) == 1:
        for key, name in _CONSTRAINTS.get(str(branches[0].get("type")), {}).items():
            if is_plain(said.said.get(key)) and said.said.get(key) is not None:
                branches[0][name] = said.said[key]
    about = said.said.get("description")
    if isinstance(about, str) or about is UNKNOWN:
        schema["description"] = about
    examples = said.said.get("examples")
    if isinstance(examples, list) and is_plain(examples):
        schema["examples"] = examples
    extra = said.said.get("json_schema_extra")
    if isinstance(extra, dict) and is_plain(extra):
        schema |= extra
    default = said.default
    if default is not ... and is_plain(default) and _is_json(default):
        schema["default"] = default


def fields_of(owner: Node) -> Iterator[tuple[str, Node | None, Node | None]]:
    """Visit a model's own fields: name, annotation, default."""
    body = owner.child_by_field_name("body")
    for statement in statements(body) if body is not None else ():
        if statement.type != "expression_statement" or not statement.named_children:
            continue
        node = statement.named_children[0]
        annotation = node.child_by_field_name("type") if node.type == "assignment" else None
        name = text_of(node.child_by_field_name("left")) if node.type == "assignment" else ""
        hidden = name.startswith("_") or name == "model_config" or "ClassVar" in text_of(annotation)
        if annotation is not None and not hidden:
            yield name, annotation, node.child_by_field_name("right")


def _is_json(value: Any) -> bool:
    return not isinstance(value, dict) or all(isinstance(key, str) for key in value)
