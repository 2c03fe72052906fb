"""All extractors over one snapshot, their findings merged into one list of tools.

Pure: no disk, no network. Everything a stranger wrote is made storable here, once for all languages.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from catalog.records import Extraction, FileIssue, ToolDefinition
from catalog.vocabulary import HINTS, Outcome, Role
from crawler.extractors import EXTRACTORS
from crawler.recovery.compiled import compiled_program
from crawler.recovery.role import SOURCE_SUFFIXES, role_of

MAX_TOOLS = 20_000
MAX_REASONS = 50
_MAX_NAME = 2_000
_MAX_TEXT = 200_000
_MAX_SCHEMA_NODES = 50_000
_MAX_SCHEMA_DEPTH = 60
# How a reason begins when a package has no tool and says nothing of any.
SILENCES = ("no source file in a language that is read", "no tool is declared in its ")


def extract_tools(files: Mapping[str, bytes]) -> Extraction:
    """Recover every tool definition from a snapshot's files, sorted by name, each name once."""
    definitions: list[ToolDefinition] = []
    reasons: list[str] = []
    issues: list[FileIssue] = []
    explained: list[str] = []
    for _, extract in EXTRACTORS:
        extracted = extract(files)
        definitions += extracted.definitions
        reasons += extracted.reasons
        issues += extracted.issues
        explained += extracted.explained
    reasons = [reason for reason in reasons if not reason.startswith(tuple(f"{path}:" for path in explained))]
    kept, left_out = merge_definitions(definitions)
    reasons += left_out
    if not kept and not reasons:
        reasons.append(_silence(files))
    role = role_of(files, len(kept))
    if role is Role.GATEWAY:
        reasons.append("it also offers the tools of the servers behind it, which are known only when it runs")
    return Extraction(kept, _outcome(kept, reasons), _listed(reasons), tuple(issues), role)


def merge_definitions(
    definitions: Iterable[ToolDefinition],
) -> tuple[tuple[ToolDefinition, ...], tuple[str, ...]]:
    """Give each name once, the richest definition of it, sorted; and why any was left out."""
    found: dict[str, ToolDefinition] = {}
    reasons = []
    for definition in definitions:
        storable = _storable_definition(definition)
        if not 0 < len(storable.name) <= _MAX_NAME:
            reasons.append(f"a tool was left out: its name has {len(storable.name)} characters")
            continue
        found[storable.name] = _richer(found.get(storable.name), storable)
    kept = tuple(found[name] for name in sorted(found))
    if len(kept) > MAX_TOOLS:
        reasons.append(f"{len(kept)} tools found, the first {MAX_TOOLS} kept")
    return kept[:MAX_TOOLS], tuple(reasons)


@cache
def extractors_fingerprint() -> str:
    """Identify the state of the extraction code: what it would find in a file changes only with this."""
    digest = hashlib.sha256()
    for package in ("extractors", "recovery", "snapshots"):
        folder = resources.files(f"crawler.{package}")
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def make_storable(value: Any, *, depth: int = 0, budget: list[int] | None = None) -> Any:
    """Give decoded JSON as UTF-8 text and JSON columns can hold it; too deep or too much becomes None."""
    budget = budget if budget is not None else [_MAX_SCHEMA_NODES]
    budget[0] -= 1
    if depth > _MAX_SCHEMA_DEPTH or budget[0] < 0:
        return None
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, Mapping):
        return {
            storable_text(str(key)): make_storable(item, depth=depth + 1, budget=budget) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [make_storable(item, depth=depth + 1, budget=budget) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if -(2**53) <= value <= 2**53 else _storable_float(value)
    return _storable_float(value) if isinstance(value, float) else None


def storable_text(text: str) -> str:
    """Give text as UTF-8 can hold it: lone surrogates replaced, NULs removed, length bounded."""
    return text[:_MAX_TEXT].encode("utf-8", "replace").decode().replace("\x00", "")


def _storable_float(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _storable_definition(definition: ToolDefinition) -> ToolDefinition:
    annotations = {
        str(key): value
        for key, value in definition.annotations.items()
        if (key in HINTS and isinstance(value, bool)) or (key == "title" and isinstance(value, str))
    }
    return replace(
        definition,
        name=storable_text(definition.name),
        title=storable_text(definition.title) if definition.title is not None else None,
        description=storable_text(definition.description) if definition.description is not None else None,
        input_schema=_storable_schema(definition.input_schema),
        output_schema=_storable_schema(definition.output_schema),
        annotations=make_storable(annotations),
        conditional=storable_text(definition.conditional) if definition.conditional else None,
        unresolved=tuple(storable_text(part) for part in definition.unresolved),
    )


def _storable_schema(schema: object) -> dict[str, Any] | None:
    storable = make_storable(schema)
    return storable if isinstance(storable, dict) else None


def _richer(one: ToolDefinition | None, other: ToolDefinition) -> ToolDefinition:
    if one is None:
        return other
    return other if _wealth(other) > _wealth(one) else one


def _wealth(definition: ToolDefinition) -> tuple[bool, bool, int]:
    properties = (definition.input_schema or {}).get("properties")
    return (
        definition.description is not None,
        definition.input_schema is not None,
        len(properties) if isinstance(properties, dict) else 0,
    )


def _silence(files: Mapping[str, bytes]) -> str:
    if (compiled := compiled_program(files)) is not None:
        return compiled
    sources = sum(path.endswith(SOURCE_SUFFIXES) for path in files)
    if not sources:
        return f"{SILENCES[0]}; the program may be compiled or fetched at start"
    return f"{SILENCES[1]}{sources} source files; they may be made at run time or stand in a dependency"


def _outcome(definitions: tuple[ToolDefinition, ...], reasons: list[str]) -> Outcome:
    if not definitions:
        return Outcome.NO_TOOLS
    return Outcome.PARTIAL if reasons else Outcome.COMPLETE


def _listed(reasons: Iterable[str]) -> tuple[str, ...]:
    distinct = list(dict.fromkeys(storable_text(reason)[:500] for reason in reasons))
    if len(distinct) > MAX_REASONS:
        return (*distinct[:MAX_REASONS], f"and {len(distinct) - MAX_REASONS} more reasons of the same kind")
    return tuple(distinct)
