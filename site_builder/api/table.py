"""A tool as one row, and rows as the columns of a Parquet file, written group by group.

Not for choosing tools: it takes whatever comes. Nested values stand in the table as JSON.
"""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from catalog.records import CatalogServer
from catalog.vocabulary import Category, Facet
from site_builder.api.documents import Document, dump

_ROWS = 5_000
_BYTES = 32 * 1024 * 1024  # of schemas and descriptions: strangers' tools can be long
_PLAIN = {
    **dict.fromkeys(("server", "server_name", "version", "registry", "target", "repository", "commit"), "string"),
    **dict.fromkeys(("licence", "outcome", "looked_at", "name", "slug", "title", "description"), "string"),
    **dict.fromkeys(("conditional", "first_seen", "category", "second_choice", "risk", "base_risk"), "string"),
    **dict.fromkeys(("rationale", "decision"), "string"),
    "confidence": "float64",
    "needs_review": "bool_",
}
_NESTED = {
    "inputSchema": "input_schema",
    "outputSchema": "output_schema",
    **{name: name for name in ("annotations", "origin", "unresolved", "moves", "evidence", "findings", "override")},
    **{name: name for name in ("modes", "reasons", "policy", "facet_evidence")},
}


def tool_row(server: CatalogServer, fields: Document) -> Document:
    """Lay out a tool, given as `tool_fields` gives it, with what its server is known by."""
    return {
        "server": server.slug,
        "server_name": server.name,
        "version": server.version,
        "registry": server.registry,
        "target": server.target,
        "repository": server.repository,
        "licence": server.licence,
        "commit": server.commit,
        "outcome": server.outcome,
        "looked_at": server.looked_at,
        **fields,
    }


class ToolTable:
    """A Parquet file that rows are written to in groups of bounded size; `arrow` is pyarrow."""

    def __init__(self, path: Path, arrow: ModuleType) -> None:
        self._arrow = arrow
        parquet = importlib.import_module("pyarrow.parquet")
        self._schema = self._arrow.schema([(name, getattr(self._arrow, kind)()) for name, kind in columns().items()])
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._held: list[dict[str, Any]] = []
        self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    def write(self, rows: Sequence[Document]) -> None:
        """Take some tools' rows."""
        for row in rows:
            flat = flatten(row)
            self._held.append(flat)
            self._bytes += sum(len(flat[name] or "") for name in ("description", "input_schema", "output_schema"))
            if len(self._held) >= _ROWS or self._bytes >= _BYTES:
                self._flush()

    def _flush(self) -> None:
        if self._held:
            self._writer.write_batch(self._arrow.RecordBatch.from_pylist(self._held, schema=self._schema))
        self._held, self._bytes = [], 0


def columns() -> dict[str, str]:
    """Name the table's columns and their types, as pyarrow calls them."""
    return {
        **_PLAIN,
        **{_share(category): "float64" for category in Category},
        **{facet.value: "string" for facet in Facet},
        **dict.fromkeys(_NESTED.values(), "string"),
    }


def flatten(row: Document) -> dict[str, Any]:
    """Turn a row into the table's columns."""
    shares: Mapping[Category, float] = row["probabilities"] or {}
    facets: Mapping[Facet, str] = row["facets"] or {}
    return {
        **{name: row[name] for name in _PLAIN},
        **{_share(category): shares.get(category) for category in Category},
        **{facet.value: facets.get(facet) for facet in Facet},
        **{column: _as_json(row[name]) for name, column in _NESTED.items()},
    }


def _share(category: Category) -> str:
    return f"probability_{category.lower()}"


def _as_json(value: object) -> str | None:
    return None if value is None else dump(value).decode().rstrip()
