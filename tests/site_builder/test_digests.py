"""Digests move when something that a page shows does: each column of a small catalog is changed in turn."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Engine,
    Executable,
    Float,
    Integer,
    Table,
    create_engine,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from catalog.digests import ServerDigest, iter_server_digests
from catalog.history import ToolChange, iter_changes
from catalog.models import (
    assessments,
    changes,
    definitions,
    findings,
    listings,
    packages,
    servers,
    snapshots,
    tools,
)
from catalog.queries import iter_servers
from catalog.records import CatalogServer
from catalog.session import open_catalog
from tests.site_builder.catalog_rows import fill_small

LATER = "2027-01-02T03:04:05+00:00"
TABLES = (servers, packages, snapshots, definitions, tools, changes, assessments, findings, listings)
# What joins rows does not change alone.
KEYS = {
    *(
        "server.slug",
        "server.id",
        "server.package_id",
        "package.id",
        "package.server_id",
        "package.snapshot_id",
        "snapshot.id",
    ),
    *("snapshot.package_id", "tool.id", "tool.package_id", "tool.definition_digest", "assessment.definition_digest"),
    *("assessment.server_id", "listing.id", "listing.server_id"),
}
# A definition is found by its own digest, so another text is another row.
CONTENTS = {f"definition.{column.name}" for column in definitions.c}
# A verdict follows from the definition, the server, and what the fingerprint digests: it does not change alone.
VERDICT = {
    *("assessment.base_risk", "assessment.second_choice", "assessment.rationale", "assessment.probabilities"),
    *("assessment.facets", "assessment.moves", "assessment.evidence", "assessment.modes"),
    *(f"finding.{column.name}" for column in findings.c),
}
# What happened is written once.
HISTORY = {f"change.{column.name}" for column in changes.c}
COLUMNS = [
    name
    for table in TABLES
    for column in table.c
    if (name := f"{table.name}.{column.name}") not in KEYS | CONTENTS | VERDICT | HISTORY
]
MEANT: dict[str, Any] = {
    "package.claim": "unknown",
    "snapshot.outcome": "failed",
    "snapshot.role": "gateway",
    "assessment.category": "Financial",
    "assessment.risk": "Critical",
    "assessment.override": {
        "server": "paperboat-mail",
        "tool": "send_mail",
        "category": "Destructive",
        "reason": "it says so",
        "reviewer": "R. Viewer",
        "digest": "0" * 64,
    },
}
STANDS_FOR_OTHERS = {"assessment.fingerprint"}


@dataclass(frozen=True)
class Seen:
    """What the pages of a server are made from, and its digests."""

    server: CatalogServer
    told: list[ToolChange]
    digest: ServerDigest

    @property
    def by_tools(self) -> CatalogServer:
        """What the pages of its tools show."""
        return replace(self.server, checked_at=None, claim=None, listed_by=())

    @property
    def by_itself(self) -> tuple[CatalogServer, list[ToolChange]]:
        """What its own page shows."""
        checked = self.server.checked_at
        return replace(self.server, checked_at=checked[:10] if checked else None), self.told


def look(engine: Engine) -> list[Seen]:
    held = zip(iter_servers(engine), iter_server_digests(engine), strict=True)
    return [Seen(server, list(iter_changes(engine, server=server.slug)), found) for server, found in held]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("digests")
    fill_small(folder)[0].dispose()
    return folder / "catalog.db"


@pytest.fixture
def engine(filled: Path, tmp_path: Path) -> Iterator[Engine]:
    """The catalog, to be changed."""
    shutil.copyfile(filled, tmp_path / "catalog.db")
    engine = open_catalog(f"sqlite:///{tmp_path / 'catalog.db'}", create=False)
    yield engine
    engine.dispose()


def edit(engine: Engine, *statements: Executable) -> None:
    """Change rows, with no regard to what they refer to."""
    editing = create_engine(engine.url)
    with editing.begin() as connection:
        for one in statements:
            connection.execute(one)
    editing.dispose()


def find_mail(engine: Engine) -> Seen:
    return next(one for one in look(engine) if one.server.slug == "paperboat-mail")


def alter(name: str, column: Column[Any]) -> Any:
    """Give another value for every row."""
    if name in MEANT:
        return MEANT[name]
    if isinstance(column.type, JSON):
        return ["another"]
    if isinstance(column.type, Boolean):
        return ~column
    if isinstance(column.type, Integer | Float):
        return func.coalesce(column, 0) + 1
    return LATER if name.endswith("_at") else func.coalesce(column, "").concat("x")


@pytest.mark.parametrize("name", COLUMNS)
def test_digest_moves_when_what_a_page_shows_does_and_only_then(engine: Engine, name: str) -> None:
    before = look(engine)
    table = next(one for one in TABLES if one.name == name.partition(".")[0])
    column = table.c[name.partition(".")[2]]
    edit(engine, update(table).values({column: alter(name, column)}))
    after = look(engine)
    assert len(after) == len(before) == 4
    for old, new in zip(before, after, strict=True):
        if name in STANDS_FOR_OTHERS:
            assert (old.digest.tools != new.digest.tools) == bool(old.server.tools)
            continue
        assert (old.digest.tools != new.digest.tools) == (old.by_tools != new.by_tools)
        assert (old.digest.page != new.digest.page) == (old.by_itself != new.by_itself)


def test_every_kind_of_column_is_seen_to_move_something(engine: Engine) -> None:
    mail = find_mail(engine)
    assert mail.told
    assert mail.server.listed_by == ("a-list", "b-list")
    assert mail.server.checked_at
    assert mail.server.claim
    assert mail.digest.tool_count == len(mail.server.tools)
    assert mail.digest.changes == len(mail.told)


def test_new_change_moves_the_page_alone(engine: Engine) -> None:
    old = find_mail(engine)
    columns = [column for column in changes.c if column.name not in ("id", "at")]
    told = select(literal(LATER), *columns)
    edit(engine, insert(changes).from_select(["at", *(column.name for column in columns)], told))
    new = find_mail(engine)
    assert len(new.told) == new.digest.changes == 2
    assert new.digest.tools == old.digest.tools
    assert new.digest.page != old.digest.page


def test_source_that_lists_a_server_no_longer_moves_the_page_alone(engine: Engine) -> None:
    old = find_mail(engine)
    edit(engine, update(listings).where(listings.c.source == "a-list").values(withdrawn_at=LATER))
    new = find_mail(engine)
    assert new.server.listed_by == ("b-list",)
    assert new.digest.tools == old.digest.tools
    assert new.digest.page != old.digest.page


@pytest.mark.parametrize("table", [tools, assessments])
def test_row_that_is_gone_moves_both(engine: Engine, table: Table) -> None:
    before = look(engine)
    edit(engine, delete(table))
    for old, new in zip(before, look(engine), strict=True):
        assert (new.digest.tools != old.digest.tools) == bool(old.server.tools)
        assert (new.digest.page != old.digest.page) == bool(old.server.tools)


def test_server_that_is_not_shown_has_no_digest(engine: Engine) -> None:
    edit(engine, update(servers).where(servers.c.slug == "corner-shop").values(package_id=None))
    assert [one.slug for one in iter_server_digests(engine)] == ["empty-room", "locked-door", "paperboat-mail"]
    assert len(look(engine)) == 3
