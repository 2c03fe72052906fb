"""Catalogs of older releases: brought up with nothing lost, and back; or left as they were when that fails."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlmodel import SQLModel

from catalog.dialects import writing
from catalog.errors import CatalogError
from catalog.migrations import FIRST_VERSION, STEPS, migrate
from catalog.models import SCHEMA_VERSION, catalog_info
from catalog.session import open_catalog
from tests.catalog.filling import fill
from tests.catalog.rows import all_rows

FIRST = Path(__file__).parents[1] / "fixtures" / "catalog" / "schema_5.sql"


def go_back(engine: Engine) -> None:
    with writing(engine) as connection:
        migrate(connection, SCHEMA_VERSION, FIRST_VERSION)
    engine.dispose()


def version_of(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(select(catalog_info.c.value)).scalar_one())


def without_version(rows: dict[str, list[tuple[str, ...]]]) -> dict[str, list[tuple[str, ...]]]:
    return {table: of_table for table, of_table in rows.items() if table != "catalog_info"}


def shape_of(engine: Engine) -> dict[str, Any]:
    """Give columns, keys and indices by table, as the database tells them, in no order."""
    looked = inspect(engine)
    return {
        table: (
            sorted((one["name"], repr(one["type"]), one["nullable"]) for one in looked.get_columns(table)),
            sorted((str(one["name"]), one["column_names"]) for one in looked.get_indexes(table)),
            sorted(one["column_names"] for one in looked.get_unique_constraints(table)),
            sorted((one["constrained_columns"], one["referred_table"]) for one in looked.get_foreign_keys(table)),
        )
        for table in looked.get_table_names()
    }


def test_every_version_since_the_first_release_has_its_step() -> None:
    assert sorted(STEPS) == list(range(FIRST_VERSION + 1, SCHEMA_VERSION + 1))


def test_new_catalog_is_what_the_tables_say(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_migrated_down_and_up_nothing_is_lost(engine: Engine, database_url: str) -> None:
    fill(engine, 20, 5)
    held, shape = all_rows(engine), shape_of(engine)
    go_back(engine)
    assert version_of(engine) == "5"
    assert "leased_until" not in {one["name"] for one in inspect(engine).get_columns("package")}
    assert without_version(all_rows(engine)) == without_version(held)
    again = open_catalog(database_url, create=False)
    assert version_of(again) == str(SCHEMA_VERSION)
    assert all_rows(again) == held
    assert shape_of(again) == shape
    again.dispose()


def make_first(path: Path, like: Engine) -> None:
    """Make a catalog as the first release made it, with the rows of another."""
    with closing(sqlite3.connect(path)) as first, closing(sqlite3.connect(str(like.url.database))) as full, first:
        first.executescript(FIRST.read_text())
        for (table,) in full.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = ", ".join(f'"{row[1]}"' for row in first.execute(f"PRAGMA table_info({table})"))
            rows = full.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608 - our own tables
            holes = ", ".join("?" * (columns.count(",") + 1))
            first.executemany(f"INSERT INTO {table} ({columns}) VALUES ({holes})", rows)  # noqa: S608
        first.execute("UPDATE catalog_info SET value = '5'")


@pytest.fixture
def full(tmp_path: Path) -> Engine:
    engine = open_catalog(f"sqlite:///{tmp_path / 'full.db'}")
    fill(engine, 20, 5)
    return engine


def test_catalog_of_the_first_release_is_copied_and_brought_up(full: Engine, tmp_path: Path) -> None:
    path = tmp_path / "first.db"
    make_first(path, full)
    engine = open_catalog(f"sqlite:///{path}", create=False)
    assert all_rows(engine) == all_rows(full)
    assert shape_of(engine) == shape_of(full)
    copy = tmp_path / "first.db.schema5.bak"
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT value FROM catalog_info").fetchall() == [("5",)]
        assert kept.execute("SELECT count(*) FROM tool").fetchone() == (100,)
    assert sorted(one.name for one in tmp_path.glob("first.db*") if one.suffix in (".bak", ".part")) == [copy.name]
    engine.dispose()
    back = shutil.copy(copy, tmp_path / "back.db")
    assert without_version(all_rows(open_catalog(f"sqlite:///{back}"))) == without_version(all_rows(full))


def test_downgraded_catalog_is_shaped_as_the_first_release_made_it(full: Engine, tmp_path: Path) -> None:
    make_first(tmp_path / "first.db", full)
    first = open_catalog(f"sqlite:///{tmp_path / 'first.db'}")
    go_back(first)
    with closing(sqlite3.connect(tmp_path / "made.db")) as made:
        made.executescript(FIRST.read_text())
    with closing(sqlite3.connect(tmp_path / "made.db")) as made, closing(sqlite3.connect(tmp_path / "first.db")) as now:
        query = "SELECT name, tbl_name FROM sqlite_master ORDER BY 1, 2"
        assert now.execute(query).fetchall() == [row for row in made.execute(query) if "stat" not in row[0]] + [
            row for row in now.execute(query) if "stat" in row[0]
        ]


def test_several_processes_that_open_an_old_catalog_at_once_migrate_it_once(engine: Engine, database_url: str) -> None:
    fill(engine, 5, 5)
    held = all_rows(engine)
    go_back(engine)
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(open_catalog, [database_url] * 4))
    assert [version_of(one) for one in opened] == [str(SCHEMA_VERSION)] * 4
    assert all_rows(opened[0]) == held
    for one in opened:
        one.dispose()


def test_several_processes_that_open_a_new_catalog_at_once_make_it_once(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(open_catalog, [database_url] * 4))
    assert [version_of(one) for one in opened] == [str(SCHEMA_VERSION)] * 4
    for one in opened:
        one.dispose()


def test_migration_that_fails_leaves_everything_as_it_was(engine: Engine, database_url: str) -> None:
    fill(engine, 5, 5)
    go_back(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE INDEX ix_issue_cause ON issue (reason)"))  # in the way of the last steps
    held, shape = all_rows(engine), shape_of(engine)
    engine.dispose()
    with pytest.raises(CatalogError, match="ix_issue_cause") as caught:
        open_catalog(database_url)
    assert "\n" not in str(caught.value)
    assert (all_rows(engine), shape_of(engine)) == (held, shape)
    assert version_of(engine) == "5"


def test_catalog_that_cannot_be_copied_is_not_migrated(full: Engine, tmp_path: Path) -> None:
    make_first(tmp_path / "first.db", full)
    (tmp_path / "first.db.schema5.bak").mkdir()
    with pytest.raises(CatalogError, match="could not be copied"):
        open_catalog(f"sqlite:///{tmp_path / 'first.db'}")
    with closing(sqlite3.connect(tmp_path / "first.db")) as first:
        assert first.execute("SELECT value FROM catalog_info").fetchall() == [("5",)]


@pytest.mark.parametrize(("version", "said"), [("99", "a newer release"), ("4", "before the first release")])
def test_other_versions_are_refused_in_one_line(engine: Engine, database_url: str, version: str, said: str) -> None:
    with engine.begin() as connection:
        connection.execute(catalog_info.update().values(value=version))
    with pytest.raises(CatalogError, match=said) as caught:
        open_catalog(database_url)
    assert "\n" not in str(caught.value)
