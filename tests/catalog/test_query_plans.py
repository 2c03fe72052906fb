"""No command that asks for one server reads a large table from end to end, and status reads no large rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, Engine, event

from catalog.history import iter_changes
from catalog.queries import find_server, find_servers, read_servers
from catalog.session import open_catalog
from catalog.status import read_status
from tests.catalog.filling import TIME, fill, slug_of
from tests.databases import DATABASES, new_database

SERVERS, TOOLS = 2_000, 10
# A row a tool, or a row a look; what has a row a server is read by PostgreSQL as a whole where that is the fastest.
LARGE = {"tool", "definition", "assessment", "finding", "change", "snapshot"}
FAT = {"definition", "assessment", "finding"}
SLUG = slug_of(77)

ONE_SERVER: dict[str, Callable[[Engine], object]] = {
    "policy by slug": lambda engine: find_server(engine, SLUG),
    "policy by target": lambda engine: find_server(engine, "npm:s77@1.0.0"),
    "scan": lambda engine: find_servers(engine, ["npm:s77", "github:example/s78"]),
    "page": lambda engine: list(read_servers(engine, [SLUG])),
    "changes on a page": lambda engine: list(iter_changes(engine, server=SLUG, limit=50)),
    "newest changes": lambda engine: list(iter_changes(engine, since="2026-12-01", limit=50)),
}

Plans = list[tuple[str, list[Any]]]


@pytest.fixture(scope="module", params=DATABASES)
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with _place(request, tmp_path_factory.mktemp("large")) as url:
        engine = open_catalog(url)
        fill(engine, SERVERS, TOOLS)
        yield engine
        engine.dispose()


@contextmanager
def _place(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'catalog.db'}"
        return
    server: URL = request.getfixturevalue("postgresql_server")
    with new_database(server) as url:
        yield url


def whole_scans(engine: Engine, work: Callable[[Engine], object]) -> set[str]:
    """Name the tables that some statement of a piece of work reads from end to end, and not in an index alone."""
    statements: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: object, statement: str, given: Any, *_rest: object) -> None:
        statements.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    work(engine)
    event.remove(engine, "before_cursor_execute", note)
    explained = [one for one in statements if one[0].startswith("SELECT")]
    assert explained
    with engine.connect() as connection:
        return {table for one in explained for table in _scanned(connection, *one)}


def _scanned(connection: Connection, statement: str, given: Any) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        # An alias stands there for the table's own name: `SCAN before USING INDEX …`.
        alias = {"before": "definition", "after": "definition", "judged": "assessment", "judged_before": "assessment"}
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given):
            words = row[3].split()
            if words[0] == "SCAN" and "COVERING" not in words:
                yield alias.get(words[1], words[1])
        return
    (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", given).scalar_one()
    yield from _scanned_nodes(plan["Plan"])


def _scanned_nodes(node: Any) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _scanned_nodes(below)


@pytest.mark.parametrize("name", ONE_SERVER)
def test_what_asks_for_little_reads_no_large_table_whole(large: Engine, name: str) -> None:
    assert whole_scans(large, ONE_SERVER[name]) & LARGE == set()


def test_status_reads_no_large_rows(large: Engine) -> None:
    assert whole_scans(large, lambda engine: read_status(engine, TIME)) & FAT == set()


def test_scan_of_a_whole_table_is_noticed(large: Engine) -> None:
    def without_an_index(engine: Engine) -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM assessment WHERE rationale = 'x'").all()

    assert whole_scans(large, without_an_index) == {"assessment"}
