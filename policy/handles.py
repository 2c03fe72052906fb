"""The arguments a policy can get hold of a call by: amounts, paths, addresses, statements, switches.

Facts about the input schema, by the names and types of its top-level parameters; what to do is in conditions.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Any

from catalog.records import Assessment, ToolDefinition
from catalog.vocabulary import Category, Facet
from policy.rules import ARGUMENTS

_Said = tuple[frozenset[str], frozenset[str]]  # the words of the tool's name, and of its name and description
_PARAMETER_LIMIT = 300
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PLAIN_WORD = re.compile(r"[a-z0-9]+")
_DOTTED = re.compile(r"[.\s]")


class HandleKind(StrEnum):
    """What an argument says about the call."""

    AMOUNT = "amount"
    CURRENCY = "currency"
    PATH = "path"
    ADDRESS = "address"
    STATEMENT = "statement"
    READING_STATEMENT = "reading statement"
    WRITING_STATEMENT = "writing statement"
    RECIPIENT = "recipient"
    DRY_RUN = "dry run"


@dataclass(frozen=True, slots=True)
class Handle:
    """One argument: `path` is how a condition names it. `is_list` when it holds several of what it says.

    `is_required` when the schema demands it: a call without it is no call at all.
    """

    kind: HandleKind
    path: str
    is_list: bool = False
    is_required: bool = False


def find_handles(definition: ToolDefinition, assessment: Assessment) -> tuple[Handle, ...]:
    """Find the handles of a tool, in the order of its schema; none for a parameter that no path can name."""
    schema = definition.input_schema
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(properties, Mapping):
        return ()
    telling = [name for name in islice(properties, _PARAMETER_LIMIT) if isinstance(name, str) and _is_telling(name)]
    if not telling:
        return ()
    demanded = schema.get("required") if isinstance(schema, Mapping) else None
    required = {name for name in demanded if isinstance(name, str)} if isinstance(demanded, list) else set()
    named = frozenset(words_of(definition.name))
    about = named | set(_PLAIN_WORD.findall((definition.description or "")[:300].lower()))
    found = []
    for name in telling:
        given = properties[name]
        types = _types(given if isinstance(given, Mapping) else {})
        kind = _kind(words_of(name), types, (named, about), assessment)
        if kind is not None:
            found.append(Handle(kind, f"{ARGUMENTS}{name}", "array" in types, name in required))
    return tuple(found)


@lru_cache(maxsize=10_000)
def _is_telling(name: str) -> bool:
    """Rule out, by its name alone, what no path can name and what is surely no handle: most parameters."""
    words = words_of(name)
    return bool(words) and not _DOTTED.search(name) and (words[-1] in _LAST_WORDS or "".join(words) in _DRY_RUN)


def words_of(text: str) -> tuple[str, ...]:
    """Cut an identifier or a text into its words, in lower case; camel case and underscores both part words."""
    return tuple(word.lower() for word in _WORD.findall(text[:1000]))


def _types(node: Mapping[str, Any]) -> frozenset[str]:
    """Give the JSON types that a parameter may have: its own, and those of its alternatives."""
    found: list[Any] = []
    for one in (node, *_alternatives(node)):
        declared = one.get("type")
        found += declared if isinstance(declared, list) else [declared]
    return frozenset(one for one in found if isinstance(one, str))


def _alternatives(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [
        one
        for key in ("anyOf", "oneOf")
        if isinstance(options := node.get(key), list)
        for one in options[:20]
        if isinstance(one, Mapping)
    ]


def _kind(words: tuple[str, ...], types: frozenset[str], said: _Said, assessment: Assessment) -> HandleKind | None:
    if "boolean" in types:
        return HandleKind.DRY_RUN if "".join(words) in _DRY_RUN else None
    if types & {"number", "integer"}:
        return HandleKind.AMOUNT if words[-1] in _UNITS | _AMOUNTS and _AMOUNTS & {*words} else None
    if types and not types & {"string", "array"}:
        return None
    return _text_kind(words, said, assessment)


def _text_kind(words: tuple[str, ...], said: _Said, assessment: Assessment) -> HandleKind | None:
    last = words[-1]
    named, about = said
    queries = assessment.facets[Facet.CODE_EXECUTION].value != "none" or assessment.category is Category.EXECUTE
    sends = assessment.facets[Facet.EGRESS].value in ("third_party", "arbitrary")
    if last in _STATEMENTS and ("sql" in words or (queries and about & _SQL)):
        if assessment.category is Category.READ:
            return HandleKind.READING_STATEMENT
        return HandleKind.WRITING_STATEMENT if named & _WRITING else HandleKind.STATEMENT
    if last == "currency" or words[-2:] == ("currency", "code"):
        return HandleKind.CURRENCY
    if last in _ADDRESSES and _FETCHED.issuperset(words):
        return HandleKind.ADDRESS
    if last in _FILES or (last in _PATHS and _FILES & {*words, *about}):
        return HandleKind.PATH
    return HandleKind.RECIPIENT if sends and last in _RECIPIENTS else None


_DRY_RUN = frozenset({"dryrun", "dry", "whatif", "simulate", "simulateonly", "validateonly", "previewonly"})
_AMOUNTS = frozenset({"amount", "price", "total", "sum", "lamports", "wei", "satoshis", "sats", "budget", "payment"})
_UNITS = frozenset({"cents", "usd", "eur", "gbp", "minor", "units"})
_SQL = frozenset({"sql", "postgres", "postgresql", "mysql", "mariadb", "sqlite", "duckdb", "bigquery", "clickhouse"})
_WRITING = frozenset({"write", "insert", "update", "modify", "mutate", "ddl", "dml", "migration", "alter"})
_ADDRESSES = frozenset({"url", "urls", "uri", "endpoint", "webhook"})
_FETCHED = _ADDRESSES | {"target", "page", "web", "website", "site", "base", "source", "feed", "start", "callback"}
_FILES = frozenset({"file", "files", "filename", "filepath", "directory", "dir", "folder"})
_RECIPIENTS = frozenset({"to", "cc", "bcc", "recipient", "recipients", "email", "emails", "phone", "destination"})
_STATEMENTS = frozenset({"sql", "query", "statement"})
_PATHS = frozenset({"path", "paths"})
_LAST_WORDS = (
    _AMOUNTS | _UNITS | _STATEMENTS | _ADDRESSES | _FILES | _PATHS | _RECIPIENTS | {"currency", "code"}
)  # of every handle but a dry run
