"""From a real catalog: what did not change is neither read nor written; however it is read, the site is the same."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update

from catalog.digests import ServerDigest
from catalog.history import ToolChange, iter_changes
from catalog.models import assessments, definitions, packages, servers, tools
from catalog.queries import iter_servers
from catalog.records import CatalogServer
from catalog.session import open_catalog
from site_builder.reading import CatalogReader, Reader
from site_builder.run import SiteReport, build_site
from site_builder.settings import SiteSettings
from site_builder.whole import Holdings
from tests.site_builder.building import INCIDENTS, build_list, read_all, read_times
from tests.site_builder.catalog_rows import fill_small
from tests.site_builder.status_factory import STATUS
from toolrisk.executors import make_executor

DOCUMENT = "api/v1/servers/paperboat-mail.json"
SERVER = "servers/paperboat-mail"
ALIKE = {
    f"{SERVER}/{page}index.html" for page in ("", "save_draft/", "label_mail/", "send_mail/")
}  # lead to each other
LISTS = {"category/write/index.html", "risk/medium/index.html"}


@dataclass
class WatchedReader:
    """Reads the catalog, and notes what was asked for."""

    reader: CatalogReader
    slugs: list[str] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)

    def digests(self) -> Iterator[ServerDigest]:
        return self.reader.digests()

    def read(self, slugs: Sequence[str]) -> Iterator[CatalogServer]:
        self.slugs += slugs
        return self.reader.read(slugs)

    def changes(self, slug: str | None, limit: int) -> Iterator[ToolChange]:
        self.asked.append(slug)
        return self.reader.changes(slug, limit)


class ForgetfulReader(WatchedReader):
    """Finds no shop any more when it comes to read it."""

    def read(self, slugs: Sequence[str]) -> Iterator[CatalogServer]:
        return (server for server in super().read(slugs) if server.slug != "corner-shop")


def build(out: Path, reader: Reader, executor: str = "serial") -> SiteReport:
    with make_executor(executor) as running:
        return build_site(reader, out, settings=SiteSettings(INCIDENTS), holdings=Holdings(STATUS), executor=running)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog, and beside it the site that was built from it."""
    folder = tmp_path_factory.mktemp("incremental")
    engine, url = fill_small(folder)
    engine.dispose()
    build(folder / "site", CatalogReader(url))
    return folder


@dataclass(frozen=True)
class Site:
    """A built site, and a catalog that may be changed."""

    out: Path
    engine: Engine
    url: str

    def rebuild(self) -> tuple[SiteReport, WatchedReader, set[str]]:
        """Build again; give the report, what was read, and the files that are there or not there now, or differ."""
        before, times = read_all(self.out), read_times(self.out)
        reader = WatchedReader(CatalogReader(self.url))
        report = build(self.out, reader)
        after, later = read_all(self.out), read_times(self.out)
        changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        assert {path for path in after if times.get(path) != later[path]} == changed & after.keys()
        assert report.pages_written == len(changed & after.keys())
        return report, reader, changed


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Iterator[Site]:
    shutil.copytree(built / "site", tmp_path / "site")
    shutil.copyfile(built / "catalog.db", tmp_path / "catalog.db")
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    engine = open_catalog(url, create=False)
    yield Site(tmp_path / "site", engine, url)
    engine.dispose()


def change_tool(engine: Engine, slug: str, **columns: object) -> None:
    """Give a tool another definition, judged as the one before."""
    with engine.begin() as connection:
        query = select(definitions).join(tools, tools.c.definition_digest == definitions.c.digest)
        old = connection.execute(query.where(tools.c.slug == slug)).mappings().one()
        judged = select(assessments).where(assessments.c.definition_digest == old["digest"])
        verdict = connection.execute(judged).mappings().one()
        new = {**old, **columns, "digest": f"another {slug}"}
        connection.execute(insert(definitions), [new])
        connection.execute(insert(assessments), [{**verdict, "definition_digest": new["digest"]}])
        connection.execute(update(tools).where(tools.c.slug == slug).values(definition_digest=new["digest"]))


def without_downloads(changed: set[str]) -> set[str]:
    """Leave out what holds every tool's words."""
    return {path for path in changed if not path.startswith(("downloads/", "search/"))}


def test_unchanged_catalog_is_not_read_and_nothing_is_written(site: Site) -> None:
    report, reader, changed = site.rebuild()
    assert (report.pages_written, report.pages_removed, changed) == (0, 0, set())
    assert (reader.slugs, reader.asked) == ([], [])


def test_changed_words_of_a_tool_rewrite_its_pages_and_what_shows_them(site: Site) -> None:
    change_tool(site.engine, "save_draft", description="Save a draft. Nothing is sent.")
    _, reader, changed = site.rebuild()
    assert reader.slugs == ["paperboat-mail"]
    assert without_downloads(changed) == {DOCUMENT, *ALIKE, *LISTS}


def test_changed_verdict_of_a_tool_rewrites_the_lists_that_show_it_too(site: Site) -> None:
    digest = select(tools.c.definition_digest).where(tools.c.slug == "save_draft").scalar_subquery()
    with site.engine.begin() as connection:
        verdict = update(assessments).where(assessments.c.definition_digest == digest)
        connection.execute(verdict.values(risk="Critical", fingerprint="another"))
    _, reader, changed = site.rebuild()
    assert reader.slugs == ["paperboat-mail"]
    counts = {f"api/v1/{name}.json" for name in ("categories", "risks", "servers-1")}
    more = {"index.html", "risk/critical/index.html", f"{SERVER}/badge.svg"}
    assert without_downloads(changed) == {DOCUMENT, *ALIKE, *LISTS, *counts, *more}


def test_new_day_of_a_check_rewrites_the_page_of_the_server_alone(site: Site) -> None:
    with site.engine.begin() as connection:
        query = update(packages).where(packages.c.name == "paperboat-mail")
        connection.execute(query.values(checked_at="2026-12-24T00:00:00+00:00"))
    _, reader, changed = site.rebuild()
    assert reader.slugs == ["paperboat-mail"]
    assert changed == {f"{SERVER}/index.html", DOCUMENT}
    with site.engine.begin() as connection:
        connection.execute(query.values(checked_at="2026-12-24T21:00:00+00:00"))
    _, reader, changed = site.rebuild()
    assert (reader.slugs, changed) == ([], set())


def test_server_that_is_gone_takes_its_pages_along_and_no_other_is_read(site: Site) -> None:
    with site.engine.begin() as connection:
        connection.execute(update(servers).where(servers.c.slug == "paperboat-mail").values(package_id=None))
    report, reader, changed = site.rebuild()
    assert reader.slugs == []
    assert not (site.out / SERVER).exists()
    assert not (site.out / DOCUMENT).exists()
    assert report.pages_removed == len({path for path in changed if not (site.out / path).exists()})
    assert f'href="{SERVER}/' not in (site.out / "index.html").read_text()


def test_server_that_goes_while_the_site_is_built_is_left_out(built: Path, tmp_path: Path) -> None:
    build(tmp_path, ForgetfulReader(CatalogReader(f"sqlite:///{built / 'catalog.db'}")))
    assert not (tmp_path / "servers" / "corner-shop").exists()
    assert "corner-shop" not in (tmp_path / "index.html").read_text()


def test_server_that_went_while_the_site_was_built_and_is_back_is_listed_again(built: Path, tmp_path: Path) -> None:
    reader = CatalogReader(f"sqlite:///{built / 'catalog.db'}")
    build(tmp_path, ForgetfulReader(reader))
    build(tmp_path, reader)
    before, after = read_all(built / "site"), read_all(tmp_path)
    assert sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path)) == []


def test_list_and_catalog_make_the_same_site(built: Path, tmp_path: Path) -> None:
    engine = open_catalog(f"sqlite:///{built / 'catalog.db'}", create=False)
    build_list(tmp_path, list(iter_servers(engine)), list(iter_changes(engine)))
    engine.dispose()
    assert read_all(tmp_path) == read_all(built / "site")


def test_processes_make_the_same_site(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("site_builder.run._SERVERS_AT_ONCE", 1)  # else a small catalog is done in one process
    build(tmp_path, CatalogReader(f"sqlite:///{built / 'catalog.db'}"), "processes:2")
    assert read_all(tmp_path) == read_all(built / "site")
