"""The whole catalog as one file: read back it says what the catalog says, and no file is ever half of one."""

import importlib.util
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, func, select, update
from sqlmodel import SQLModel

from catalog.models import tools
from catalog.queries import iter_servers
from catalog.session import open_catalog
from site_builder.api.documents import all_tool_fields, dump
from site_builder.api.table import flatten, tool_row
from site_builder.judged import judge_server
from tests.databases import new_database, postgresql_server
from tests.site_builder.catalog_rows import fill_small
from tests.toolrisk.test_end_to_end import run
from toolrisk.errors import ExportError
from toolrisk.exporting import FORMATS, export_catalog

__all__ = ["postgresql_server"]

HAS_ARROW = importlib.util.find_spec("pyarrow") is not None
needs_arrow = pytest.mark.skipif(not HAS_ARROW, reason="pyarrow is not installed: extra `downloads`")
EACH_FORMAT = [pytest.param(form, marks=needs_arrow if form == "parquet" else ()) for form in FORMATS]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Engine]:
    engine, _ = fill_small(tmp_path)
    yield engine
    engine.dispose()


def rows_of(engine: Engine) -> list[dict[str, Any]]:
    """Give every tool as it stands in the catalog, with its server, verdict and policy."""
    return [
        tool_row(server, fields) for server in iter_servers(engine) for fields in all_tool_fields(judge_server(server))
    ]


def everything_in(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in SQLModel.metadata.sorted_tables
        }


def test_lines_are_the_tools_of_the_catalog(filled: Engine, tmp_path: Path) -> None:
    out = tmp_path / "tools.jsonl"
    count = export_catalog(filled, "jsonl", out)
    lines = out.read_bytes().splitlines()
    expected = [orjson.loads(dump(row)) for row in rows_of(filled)]
    assert [orjson.loads(line) for line in lines] == expected
    assert count == len(lines) > 5
    assert {"Read", "Write"} < {row["category"] for row in expected}


@needs_arrow
def test_the_table_is_the_tools_of_the_catalog(filled: Engine, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "tools.parquet"
    expected = [flatten(row) for row in rows_of(filled)]
    assert export_catalog(filled, "parquet", out) == len(expected)
    assert parquet.read_table(out).to_pylist() == expected


def test_the_copy_is_a_catalog_with_the_same_rows(filled: Engine, tmp_path: Path) -> None:
    out = tmp_path / "copy.db"
    count = export_catalog(filled, "sqlite", out)
    copy = open_catalog(f"sqlite:///{out}", create=False)
    assert everything_in(copy) == everything_in(filled)
    assert list(map(dump, rows_of(copy))) == list(map(dump, rows_of(filled)))
    assert count == len(rows_of(copy))
    copy.dispose()


def test_a_catalog_in_postgresql_becomes_the_same_sqlite_file(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    server = request.getfixturevalue("postgresql_server")
    small, _ = fill_small(tmp_path)
    with new_database(server) as url:
        source = open_catalog(url)
        with source.begin() as target, small.connect() as held:
            for table in SQLModel.metadata.sorted_tables:
                target.execute(table.delete())
                if rows := [dict(row) for row in held.execute(select(table)).mappings()]:
                    target.execute(table.insert(), rows)
        out = tmp_path / "copy.db"
        count = export_catalog(source, "sqlite", out)
        source.dispose()
    copy = open_catalog(f"sqlite:///{out}", create=False)
    assert everything_in(copy) == everything_in(small)
    assert count == len(rows_of(small))
    copy.dispose()
    small.dispose()


@pytest.mark.parametrize("form", EACH_FORMAT)
def test_a_tool_that_is_withdrawn_is_not_counted(form: str, filled: Engine, tmp_path: Path) -> None:
    before = export_catalog(filled, form, tmp_path / "before")
    with filled.begin() as connection:
        first = connection.execute(select(func.min(tools.c.id))).scalar_one()
        connection.execute(update(tools).where(tools.c.id == first).values(withdrawn_at="2026-11-30T00:00:00+00:00"))
    assert export_catalog(filled, form, tmp_path / "after") == before - 1


@pytest.mark.parametrize("form", EACH_FORMAT)
def test_a_file_that_is_there_is_replaced_in_one_step(form: str, filled: Engine, tmp_path: Path) -> None:
    out = tmp_path / "out" / "file"
    out.parent.mkdir()
    out.write_text("old")
    held = out.open()
    export_catalog(filled, form, out)
    assert held.read() == "old", "whoever reads the old file reads it to its end"
    held.close()
    assert out.read_bytes() != b"old"
    assert [path.name for path in out.parent.iterdir()] == ["file"]


@pytest.mark.parametrize("form", EACH_FORMAT[:2])
def test_what_is_there_stays_when_the_catalog_cannot_be_read(form: str, filled: Engine, tmp_path: Path) -> None:
    out = tmp_path / "out" / "file"
    out.parent.mkdir()
    out.write_text("old")
    with filled.begin() as connection:
        connection.exec_driver_sql("DROP TABLE assessment")
    with pytest.raises(Exception, match="assessment"):
        export_catalog(filled, form, out)
    assert out.read_text() == "old"
    assert [path.name for path in out.parent.iterdir()] == ["file"]


def test_an_unknown_format_is_refused_before_anything_is_written(filled: Engine, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="xml: no such format; there are jsonl, parquet, sqlite"):
        export_catalog(filled, "xml", tmp_path / "file")
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("form", FORMATS)
def test_the_catalog_itself_is_never_the_file(form: str, filled: Engine, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "catalog.db")
    before = everything_in(filled)
    for name in ("catalog.db", "link.db"):
        with pytest.raises(ExportError, match=f"{name}: is the catalog itself"):
            export_catalog(filled, form, tmp_path / name)
    assert everything_in(filled) == before


def test_without_pyarrow_a_table_is_refused_with_what_to_install(
    filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as Python marks what cannot be imported
    with pytest.raises(ExportError, match=r"parquet: pyarrow is not installed; .* extra `downloads`"):
        export_catalog(filled, "parquet", tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_an_empty_catalog_is_an_empty_file(engine: Engine, tmp_path: Path) -> None:
    assert export_catalog(engine, "jsonl", tmp_path / "tools.jsonl") == 0
    assert (tmp_path / "tools.jsonl").read_bytes() == b""


def test_without_a_catalog_it_is_one_line(tmp_path: Path) -> None:
    done = run(tmp_path, "export", "tools.jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no catalog yet; run `toolrisk crawl` first" in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_wrote(filled: Engine, tmp_path: Path) -> None:
    done = run(tmp_path, "export", "tools.jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"tools.jsonl: {len(rows_of(filled))} tools\n"


@pytest.mark.parametrize(
    ("out", "form", "says"),
    [
        ("nowhere/file", "jsonl", "No such file or directory"),
        ("nowhere/file", "sqlite", "cannot be opened; does its folder exist"),
        ("folder", "jsonl", "Is a directory"),
        ("folder", "sqlite", "Is a directory"),
    ],
)
def test_a_file_that_cannot_be_written_is_one_line(
    filled: Engine, tmp_path: Path, out: str, form: str, says: str
) -> None:
    filled.dispose()
    (tmp_path / "folder").mkdir()
    done = run(tmp_path, "export", out, "--format", form)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert {path.name.removesuffix("-wal").removesuffix("-shm") for path in tmp_path.iterdir()} == {
        "catalog.db",
        "folder",
    }
    assert list((tmp_path / "folder").iterdir()) == []


@pytest.mark.parametrize("form", EACH_FORMAT)
def test_a_disk_that_takes_no_more_leaves_the_old_file(form: str, filled: Engine, tmp_path: Path) -> None:
    filled.dispose()
    out = tmp_path / "out" / "file"
    out.parent.mkdir()
    out.write_text("old")
    # The system refuses to write past one block of a file, as a full disk does.
    limited = f"ulimit -f 1; exec {sys.executable} -m toolrisk export {out} --format {form}"
    environment = {**os.environ, "TOOLRISK_CATALOG": str(tmp_path / "catalog.db"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", limited], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert out.read_text() == "old"
    assert [path.name for path in out.parent.iterdir()] == ["file"]


def test_the_copy_needs_no_file_beside_it(filled: Engine, tmp_path: Path) -> None:
    out = tmp_path / "out" / "copy.db"
    out.parent.mkdir()
    export_catalog(filled, "sqlite", out)
    with sqlite3.connect(f"file:{out}?mode=ro", uri=True) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    connection.close()
    assert [path.name for path in out.parent.iterdir()] == ["copy.db"]
