"""The whole catalog as one file for analysis: JSON lines, Parquet, or SQLite. Not for the site's downloads.

Servers are streamed: however large the catalog is, few of them are in memory.
"""

import importlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, insert, select
from sqlmodel import SQLModel

from catalog.models import servers, tools
from catalog.queries import is_shown, iter_servers
from catalog.session import open_catalog, reported_errors
from site_builder.api.documents import all_tool_fields, dump
from site_builder.api.downloads import copy_catalog
from site_builder.api.table import ToolTable, tool_row
from site_builder.judged import judge_server
from toolrisk.errors import ExportError
from toolrisk.files import replace_when_done

FORMATS = ("jsonl", "parquet", "sqlite")
_ROWS_AT_ONCE = 5_000


def export_catalog(engine: Engine, form: str, out: Path) -> int:
    """Write the catalog to `out`, which is replaced when all is written; give the number of tools.

    Raises ExportError for an unknown form, when `out` is the catalog itself, or when a library that it needs is not
    installed; CatalogError when the catalog cannot be read or its copy not be written; OSError when `out` cannot.
    """
    if form not in FORMATS:
        raise ExportError(f"{form}: no such format; there are {', '.join(FORMATS)}")
    if engine.url.database and engine.dialect.name == "sqlite" and out.resolve() == Path(engine.url.database).resolve():
        raise ExportError(f"{out}: is the catalog itself; write to another file")
    with replace_when_done(out) as path:
        if form == "jsonl":
            return _write_lines(engine, path)
        if form == "parquet":
            return _write_table(engine, path)
        return _write_database(engine, path)


def _iter_rows(engine: Engine) -> Iterator[list[dict[str, Any]]]:
    for server in iter_servers(engine):
        yield [tool_row(server, fields) for fields in all_tool_fields(judge_server(server))]


def _write_lines(engine: Engine, path: Path) -> int:
    count = 0
    with path.open("wb") as file:
        for row in chain.from_iterable(_iter_rows(engine)):
            file.write(dump(row))
            count += 1
    return count


def _write_table(engine: Engine, path: Path) -> int:
    try:
        arrow = importlib.import_module("pyarrow")
    except ImportError as error:
        raise ExportError("parquet: pyarrow is not installed; install toolrisk with its extra `downloads`") from error
    count = 0
    with ToolTable(path, arrow) as table:
        for rows in _iter_rows(engine):
            table.write(rows)
            count += len(rows)
    return count


def _write_database(engine: Engine, path: Path) -> int:
    """Copy a SQLite catalog as it is, and any other one table by table."""
    if not copy_catalog(engine, path):
        copy = open_catalog(f"sqlite:///{path}")
        with reported_errors(str(path)), engine.connect() as source, copy.begin() as target:
            for table in SQLModel.metadata.sorted_tables:
                target.execute(table.delete())
                rows = source.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table)).mappings()
                for part in rows.partitions():
                    target.execute(insert(table), [dict(row) for row in part])
        copy.dispose()
    shown = select(func.count()).select_from(servers).join(tools, is_shown())
    with engine.connect() as connection:
        return connection.execute(shown).scalar_one()
