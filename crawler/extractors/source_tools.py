"""The way through a snapshot that languages share: prefilter, the product's files first, examples if need be."""

from collections.abc import Callable, Mapping

from catalog.records import ToolDefinition
from crawler.extractors.codebase import Codebase
from crawler.extractors.dialect import Dialect
from crawler.extractors.extracted import Extracted
from crawler.extractors.paths import Place

Find = Callable[[Codebase], tuple[list[ToolDefinition], list[str]]]


def extract_source(files: Mapping[str, bytes], dialect: Dialect, words: tuple[bytes, ...], find: Find) -> Extracted:
    """Run `find` over the product's files, and over the examples too when they hold the only tools.

    Nothing is parsed when no file of the language holds one of `words`.
    """
    issues = []
    for place in (Place.PRODUCT, Place.EXAMPLE):
        code = Codebase(files, dialect, place)
        if not any(word in data for data in code.sources.values() for word in words):
            continue
        found, reasons = find(code)
        issues = code.issues
        if found or reasons:
            return Extracted(_chosen(found), tuple(dict.fromkeys(reasons)), tuple(issues))
    return Extracted((), (), tuple(issues))


def _chosen(found: list[ToolDefinition]) -> tuple[ToolDefinition, ...]:
    """Give each name once: what is offered without a condition, then what says most."""
    best: dict[str, ToolDefinition] = {}
    for one in found:
        if one.name not in best or _wealth(one) > _wealth(best[one.name]):
            best[one.name] = one
    return tuple(best.values())


def _wealth(definition: ToolDefinition) -> tuple[bool, bool, bool, int]:
    properties = (definition.input_schema or {}).get("properties")
    size = len(properties) if isinstance(properties, dict) else 0
    said = (definition.conditional is None, definition.description is not None, definition.input_schema is not None)
    return (*said, size + len(definition.annotations))
