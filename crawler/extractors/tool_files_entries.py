"""Which parts of a decoded YAML or JSON document are tools: a name, a description, and what only tools have.

Not for deciding whether anybody reads the document.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from catalog.vocabulary import HINTS

_NAME = re.compile(r"[A-Za-z_][\w.\-/:]{0,127}")
# In the order of their promise; all but the first only where the code asks for them.
_NAME_PATHS = (("name",), ("names", "mcp"), ("mcp", "name"), ("toolName",), ("tool_name",), ("id",))
_SCHEMA_KEYS = ("inputSchema", "input_schema", "parameters", "arguments", "args")
_CONDITIONS = ("predicates", "conditions", "when", "requires", "featureFlag", "feature_flag")
_LISTS = ("tools", "functions", "operations", "actions")
_OTHERS = frozenset(("uri", "mimeType", "messages", "function", "paths", "openapi", "swagger", "dependencies"))
_MODULE = re.compile(r"[\w.@-]{1,100}(?:/[\w.@-]{1,100}){1,10}")
_MAX_ENTRIES: Final = 5_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A tool as a document declares it; `modules` are the texts that may name its code."""

    name: str
    title: str | None
    description: str | None
    input_schema: Mapping[str, Any] | None
    annotations: Mapping[str, Any]
    conditional: str | None
    modules: tuple[str, ...]


def entries_of(document: Any, asks: Callable[[str], bool]) -> Iterator[Entry]:
    """Give the tools of a document. `asks` tells whether the code asks an entry for a dotted path."""
    for _, (key, said) in zip(range(_MAX_ENTRIES), _candidates(document), strict=False):
        if isinstance(said, dict) and (entry := _entry(said, key, asks)) is not None:
            yield entry


def _candidates(document: Any) -> Iterator[tuple[str | None, Any]]:
    """Give what may be a tool, with the key it stands under in a map by name."""
    listed = document
    if isinstance(document, dict):
        listed = next((document[key] for key in _LISTS if isinstance(document.get(key), dict | list)), document)
    if isinstance(listed, list):
        yield from ((None, one) for one in listed)
    elif listed is not document:
        yield from ((str(key), one) for key, one in listed.items())
    else:
        yield None, document


def _entry(said: Mapping[str, Any], key: str | None, asks: Callable[[str], bool]) -> Entry | None:
    description, annotations = said.get("description"), _annotations(said)
    if not isinstance(description, str) or _OTHERS & said.keys():
        return None
    schema = next((made for one in _SCHEMA_KEYS if (made := _schema(said.get(one))) is not None), None)
    modules = tuple(text for text in said.values() if isinstance(text, str) and _MODULE.fullmatch(text))
    if schema is None and not (annotations and modules):
        return None
    name = _name(said, asks) or key
    if name is None or not _NAME.fullmatch(name) or _is_off(said):
        return None
    title = said.get("title", annotations.get("title"))
    return Entry(
        name,
        title if isinstance(title, str) else None,
        description.strip(),
        schema,
        annotations,
        _condition(said),
        modules,
    )


def _name(said: Mapping[str, Any], asks: Callable[[str], bool]) -> str | None:
    for path in _NAME_PATHS:
        value: Any = said
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, str) and (path == ("name",) or asks(".".join(path))):
            return value
    return None


def _schema(value: Any) -> Mapping[str, Any] | None:
    """Read a JSON schema, a map of properties, or a list of named parameters."""
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict) or value.get("type") == "object":
            return value
        is_map = bool(value) and all(isinstance(one, dict) and "type" in one for one in value.values())
        return {"type": "object", "properties": _without_required(value)} | _required(value) if is_map else None
    if not isinstance(value, list) or not all(
        isinstance(one, dict) and isinstance(one.get("name"), str) for one in value
    ):
        return None
    by_name = {one["name"]: {key: part for key, part in one.items() if key != "name"} for one in value}
    return {"type": "object", "properties": _without_required(by_name)} | _required(by_name)


def _without_required(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {key: part for key, part in one.items() if key != "required"} for name, one in fields.items()}


def _required(fields: Mapping[str, Any]) -> dict[str, Any]:
    names = [name for name, one in fields.items() if one.get("required") is True]
    return {"required": names} if names else {}


def _annotations(said: Mapping[str, Any]) -> dict[str, Any]:
    value = said.get("annotations")
    hints = {**(value if isinstance(value, dict) else {}), **{key: said[key] for key in HINTS if key in said}}
    return {
        key: one
        for key, one in hints.items()
        if (key in HINTS and isinstance(one, bool)) or (key == "title" and isinstance(one, str))
    }


def _is_off(said: Mapping[str, Any]) -> bool:
    available = said.get("availability")
    return (isinstance(available, dict) and available.get("mcp") is False) or said.get("disabled") is True


def _condition(said: Mapping[str, Any]) -> str | None:
    for key in _CONDITIONS:
        if said.get(key):
            return f"{key}: {said[key]}"[:200]
    return "enabled: false" if said.get("enabled") is False else None
