"""What the catalog says is the same in SQLite and in PostgreSQL: rows, their order, and what stages write and read."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text

from catalog.bulk import add_mappings, add_rows
from catalog.dialects import dump_json, insert_new
from catalog.errors import CatalogError, UnknownServerError
from catalog.history import iter_changes, servers_with_changes
from catalog.models import definitions, findings, issues, servers, sources
from catalog.queries import find_server, find_servers, iter_servers
from catalog.session import open_catalog, reported_errors
from catalog.status import read_status
from classifier.run import classify
from tests.catalog.filling import fill, slug_of
from tests.catalog.rows import all_rows

# Sorted by code point; a locale would put them otherwise.
NAMES = ["A", "B", "Z", "_a", "a", "a-b", "a_b", "ab", "b", "z", "ä", "é", "ж", "中", "😀"]
NOW = "2026-11-02T00:00:00+00:00"


def test_text_is_sorted_by_code_point(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(servers), [{"slug": name, "name": name} for name in reversed(NAMES)])
        assert connection.execute(select(servers.c.slug).order_by(servers.c.slug)).scalars().all() == NAMES
        after = select(servers.c.slug).where(servers.c.slug > "_a").order_by(servers.c.slug)
        assert connection.execute(after).scalars().all() == NAMES[4:]


def test_rows_written_at_once_are_read_as_they_were(engine: Engine) -> None:
    schema = {"title": "Ä\\t\\n\\\\N\t\n", "n": [1, 2.5, None, True], "deep": {"b": {}, "a": "\u2028"}}
    row = {"digest": "d", "name": "tab\there\\N\nnew", "description": "", "annotations": {}, "input_schema": schema}
    with engine.begin() as connection:
        add_mappings(connection, definitions, [{**row, "title": None}])
        (read,) = connection.execute(select(definitions)).mappings()
        assert read == {**row, "title": None, "output_schema": None}
        stored = connection.execute(text("SELECT CAST(input_schema AS VARCHAR) FROM definition")).scalar_one()
    assert stored == dump_json(schema)


def test_row_that_is_there_already_stays_as_it_is(engine: Engine) -> None:
    columns = ("digest", "name", "annotations")
    with engine.begin() as connection:
        for name in ("first", "second"):
            add_rows(connection, definitions, columns, [("a", name, "{}"), (name, name, "{}")], only_new=True)
        held = connection.execute(select(definitions.c.digest, definitions.c.name)).all()
        assert sorted(map(tuple, held)) == [("a", "first"), ("first", "first"), ("second", "second")]
        for state in ({"first": 1}, {"second": 2}):
            connection.execute(insert_new(connection, sources).values(name="one", state=state, walk=1))
        assert connection.execute(select(sources.c.state)).scalars().all() == [{"first": 1}]


def test_rows_that_the_database_refuses_are_one_line(engine: Engine) -> None:
    rows = [{"definition_digest": "none", "server_id": 1, "rule": "r", "says": "s", "severity": "low"}]
    given = [{**rows[0], "confidence": 1.0, "evidence": {}}]
    with pytest.raises(CatalogError) as caught, reported_errors("the catalog"), engine.begin() as connection:
        add_mappings(connection, findings, given)
    assert "\n" not in str(caught.value)
    with engine.connect() as connection:
        assert connection.execute(select(findings)).all() == []


def test_all_rows_are_the_same_in_both(tmp_path: Path, postgresql_url: str) -> None:
    held = []
    for url in (f"sqlite:///{tmp_path / 'catalog.db'}", postgresql_url):
        engine = open_catalog(url)
        fill(engine, 5, 5)
        classify(engine)
        held.append(all_rows(engine, but=("leased_until", "id")))
        engine.dispose()
    assert held[0] == held[1]
    assert len(held[0]["assessment"]) == 25
    assert held[0]["finding"]


@pytest.fixture
def judged(engine: Engine) -> Engine:
    fill(engine, 5, 5)
    classify(engine)
    return engine


def test_classify_judges_what_is_new_and_nothing_twice(judged: Engine) -> None:
    before = all_rows(judged, but=("leased_until", "id"))
    again = classify(judged)
    assert (again.done, again.skipped) == (0, 25)
    assert classify(judged, everything=True).done == 25
    assert all_rows(judged, but=("leased_until", "id")) == before
    with judged.begin() as connection:
        connection.execute(servers.update().where(servers.c.slug == slug_of(2)).values(name="another"))
    renamed = classify(judged)
    assert (renamed.done, renamed.skipped) == (5, 20)


def test_server_is_found_by_each_of_its_names(judged: Engine) -> None:
    slug = slug_of(3)
    assert {find_server(judged, name).slug for name in (slug, "s3", "npm:s3@1.0.0")} == {slug}
    assert find_servers(judged, ["npm:s3", "npm:none"])["npm:s3"].slug == slug
    with pytest.raises(UnknownServerError, match="did you mean"):
        find_server(judged, "sever-3")
    with judged.begin() as connection:
        connection.execute(servers.update().where(servers.c.slug == slug_of(4)).values(name="s3"))
    with pytest.raises(UnknownServerError, match=f"{slug}, {slug_of(4)}"):
        find_server(judged, "s3")


def test_what_is_read_is_the_same_from_both(tmp_path: Path, postgresql_url: str) -> None:
    made: list[Any] = []
    for url in (f"sqlite:///{tmp_path / 'catalog.db'}", postgresql_url):
        engine = open_catalog(url)
        fill(engine, 2, 5)
        made.append([list(iter_servers(engine)), list(iter_changes(engine)), servers_with_changes(engine)])
        made[-1].append(read_status(engine, NOW))
        engine.dispose()
    assert made[0] == made[1]
    assert [len(server.tools) for server in made[0][0]] == [5, 5]


def test_status_counts(judged: Engine) -> None:
    with judged.begin() as connection:
        connection.execute(insert(issues).values(target="t", stage="fetch", cause="refused", reason="no", at=NOW))
        connection.execute(insert(servers).values(id=99, slug="unseen", name="unseen"))
    status = read_status(judged, NOW)
    assert (status.servers, status.listed, status.tools, status.unclassified) == (5, 6, 25, 0)
    assert sum(status.by_category.values()) == sum(status.by_risk.values()) == 25
    assert (list(status.by_category), list(status.by_risk)) == (sorted(status.by_category), sorted(status.by_risk))
    assert (status.by_outcome, status.by_registry, status.causes) == ({"complete": 5}, {"npm": 5}, {"refused": 1})
    assert [(one.name, one.listed, one.looked_at) for one in status.sources] == [
        ("awesome", 2, 2),
        ("github", 2, 2),
        ("registry", 1, 1),
    ]
    assert (status.queue.places, status.queue.due, status.newest_look) == (5, 5, "2026-11-01T00:00:00+00:00")
    with judged.begin() as connection:
        connection.execute(text("DELETE FROM finding"))
        connection.execute(text("DELETE FROM assessment WHERE server_id = 1"))
    assert read_status(judged, NOW).unclassified == 5
