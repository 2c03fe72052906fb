"""Input schemas of Rust tools: structs with serde's and schemars' attributes."""

import re
from typing import Any

from crawler.extractors.codebase import Codebase, Declaration, Module
from crawler.extractors.expressions import Literal
from crawler.extractors.json_schema import MAX_DEPTH, object_schema
from crawler.extractors.rust_expressions import macro_arguments
from crawler.extractors.rust_syntax import attributes_of, doc_of

_TYPES = {
    **dict.fromkeys(("String", "str", "&str", "char", "PathBuf", "Path", "Url", "Uuid", "Cow<'static, str>"), "string"),
    **dict.fromkeys(("DateTime", "NaiveDate", "NaiveDateTime", "Duration", "SystemTime"), "string"),
    **dict.fromkeys((f"{sign}{size}" for sign in "iu" for size in ("8", "16", "32", "64", "128", "size")), "integer"),
    **dict.fromkeys(("f32", "f64", "Number"), "number"),
    "bool": "boolean",
}
_LISTS = ("Vec", "HashSet", "BTreeSet", "VecDeque", "IndexSet")
_MAPS = ("HashMap", "BTreeMap", "IndexMap", "Map", "JsonObject")
_SAME = ("Box", "Arc", "Rc", "Cow", "Option", "Parameters", "Json")
_GENERIC = re.compile(r"^([\w:]+)\s*<(.*)>$", re.DOTALL)
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|\d+")


class StructSchemas:
    """Schemas of the types of one codebase."""

    def __init__(self, code: Codebase) -> None:
        self._code = code
        self._open: set[int] = set()  # types that are being laid out: one that holds itself stays open inside

    def of(self, type_: str, near: Module, depth: int = 0) -> dict[str, Any]:
        """Give the schema of a type by its source text, open where it is not of this codebase."""
        type_ = re.sub(r"^&(?:'\w+\s+)?(?:mut\s+)?", "", type_.strip())
        generic = _GENERIC.match(type_)
        name = (generic[1] if generic else type_).rpartition("::")[2]
        if name in _TYPES:
            return {"type": _TYPES[name]}
        if depth > MAX_DEPTH:
            return {}
        if type_.startswith("[") and type_.endswith("]"):
            return {"type": "array", "items": self.of(type_[1:-1].partition(";")[0], near, depth + 1)}
        inner = _split(generic[2]) if generic else []
        if name in _LISTS and inner:
            return {"type": "array", "items": self.of(inner[0], near, depth + 1)}
        if name in _MAPS:
            return (
                {"type": "object"}
                if len(inner) < 2
                else {"type": "object", "additionalProperties": self.of(inner[1], near, depth + 1)}
            )
        if name in _SAME and inner:
            return self.of(inner[-1], near, depth + 1)
        found = self._code.lookup(name, near, "") or self._code.lookup(name, near)
        return self._declared(found, depth) if found is not None and found.kind == "type" else {}

    def struct(self, declaration: Declaration) -> dict[str, Any]:
        """Give the schema of a struct, an object even when it has no fields."""
        schema = self._declared(declaration, 0)
        return schema or {"type": "object", "properties": {}}

    def _declared(self, found: Declaration, depth: int) -> dict[str, Any]:
        if found.node.id in self._open:
            return {}
        self._open.add(found.node.id)
        try:
            return self._laid_out(found, depth)
        finally:
            self._open.discard(found.node.id)

    def _laid_out(self, found: Declaration, depth: int) -> dict[str, Any]:
        body = self._code.dialect.type_body(found)
        said = self._said(found)
        style = _literal(said.get("serde", {}), "rename_all")
        if found.node.type == "enum_item":
            return self._enumeration(found, style)
        if body.bases and not body.fields:
            return self.of(body.bases[0], found.module, depth + 1)
        properties: dict[str, Any] = {}
        required: list[str] = []
        for one in body.fields:
            if one.node is None:
                continue
            told = self._attributes(one.node)
            serde, schemars = told.get("serde", {}), told.get("schemars", {})
            if "skip" in serde or "skip_deserializing" in serde:
                continue
            schema = self.of(one.type, found.module, depth + 1)
            if "flatten" in serde:
                properties |= schema.get("properties", {})
                required += schema.get("required", [])
                continue
            name = _literal(serde, "rename") or _styled(one.name.removeprefix("r#"), style)
            description = (
                _literal(schemars, "description") or _literal(told.get("json_schema", {}), "description") or one.doc
            )
            properties[name] = schema | ({"description": description} if description else {})
            if not one.type.startswith(("Option<", "std::option::Option<")) and "default" not in serde:
                required.append(name)
        return object_schema(properties, required)

    def _enumeration(self, found: Declaration, style: str | None) -> dict[str, Any]:
        """Give an enum of plain cases as its texts; one whose cases hold values stays open."""
        names = []
        body = found.node.child_by_field_name("body")
        for one in body.named_children if body is not None else ():
            if one.type != "enum_variant":
                continue
            if one.child_by_field_name("body") is not None:
                return {}
            name = one.child_by_field_name("name")
            plain = name.text.decode("utf-8", "replace") if name is not None and name.text is not None else ""
            names.append(_literal(self._attributes(one).get("serde", {}), "rename") or _styled(plain, style))
        return {"type": "string", "enum": names}

    def _said(self, found: Declaration) -> dict[str, dict[str, Any]]:
        return self._attributes(found.node)

    def _attributes(self, node: Any) -> dict[str, dict[str, Any]]:
        said: dict[str, dict[str, Any]] = {}
        for name, arguments in attributes_of(node):
            call = macro_arguments(self._code.dialect, arguments) if arguments else None
            if call is not None:
                flags = {getattr(one, "text", ""): True for one in call.args}
                said.setdefault(name, {}).update({**flags, **dict(call.named)})
        return said


def _literal(said: dict[str, Any], key: str) -> str | None:
    value = said.get(key)
    return value.value if isinstance(value, Literal) and isinstance(value.value, str) else None


def _styled(name: str, style: str | None) -> str:
    if style is None:
        return name
    words = [word.lower() for word in _WORDS.findall(name)]
    joined = {"snake_case": "_", "kebab-case": "-", "SCREAMING_SNAKE_CASE": "_", "SCREAMING-KEBAB-CASE": "-"}
    if style in joined:
        text = joined[style].join(words)
        return text.upper() if style.startswith("SCREAMING") else text
    if style in ("camelCase", "PascalCase"):
        whole = "".join(word.capitalize() for word in words)
        return whole if style == "PascalCase" else whole[:1].lower() + whole[1:]
    return {"lowercase": name.lower(), "UPPERCASE": name.upper()}.get(style, name)


def _split(text: str) -> list[str]:
    """Split type arguments at the commas between them, not at those inside."""
    parts, depth, start = [], 0, 0
    for position, letter in enumerate(text):
        depth += (letter in "<([") - (letter in ">)]")
        if letter == "," and depth == 0:
            parts.append(text[start:position].strip())
            start = position + 1
    return [one for one in (*parts, text[start:].strip()) if one and not one.startswith("'")]


__all__ = ["StructSchemas", "doc_of"]
