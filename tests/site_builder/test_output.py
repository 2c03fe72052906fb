"""The folder of a site: whole whatever breaks a build off, ours alone, and nothing in it written without need."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from catalog.records import CatalogServer
from site_builder.environment import Render, make_renderer
from site_builder.output import KEPT, OutputFolder
from site_builder.run import SiteReport, build_site
from site_builder.settings import SiteSettings
from site_builder.state import BusyFolderError, ForeignFolderError
from site_builder.whole import Holdings
from tests.site_builder.building import INCIDENTS, build_list, read_all, read_remains, read_times, write_files
from tests.site_builder.catalog_factory import make_mail_server, make_shop
from tests.site_builder.list_reader import ListReader
from tests.site_builder.status_factory import STATUS
from toolrisk.executors import SerialExecutor

FILES = {"index.html": b"<p>home", "servers/a/index.html": b"<p>a", "servers/b/index.html": b"<p>b"}
HOME, A, B = FILES
ONLY_HOME = {HOME: FILES[HOME]}
SERVERS = [make_shop(), make_mail_server()]
MAIL_PAGE = "servers/paperboat-mail/send_mail/index.html"


def counts(folder: OutputFolder) -> tuple[int, int, int]:
    return folder.written, folder.unchanged, folder.removed


def edit_state(out: Path, statement: str, *values: str) -> None:
    database = sqlite3.connect(out / KEPT / "state.db")
    with database:
        database.execute(statement, values)
    database.close()


@dataclass(frozen=True)
class BrokenReader(ListReader):
    """Breaks off when a server is to be read."""

    breaks: str = ""

    def read(self, slugs: Sequence[str]) -> Iterator[CatalogServer]:
        for server in super().read(slugs):
            if server.slug == self.breaks:
                raise ConnectionError("the catalog is gone")
            yield server


def make_broken_renderer(theme: Path | None) -> Render:
    """Render all but the pages that come last of all."""
    render = make_renderer(theme)

    def break_off(template: str, page: object) -> str:
        return render(template, object() if template == "pages/index.html" else page)

    return break_off


def build_broken(out: Path, servers: list[CatalogServer], how: str) -> SiteReport:
    reader = BrokenReader(servers, breaks="paperboat-mail" if how == "reading" else "")
    engine = make_broken_renderer if how == "rendering" else make_renderer
    settings = SiteSettings(INCIDENTS, engine=engine, base_url="https://new.example.org/")
    return build_site(reader, out, settings=settings, holdings=Holdings(STATUS), executor=SerialExecutor())


BREAKS: dict[str, type[Exception]] = {"reading": ConnectionError, "rendering": UndefinedError}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that was built once, not to be changed."""
    out = tmp_path_factory.mktemp("whole") / "site"
    build_list(out, SERVERS)
    return out


@pytest.fixture
def site(whole: Path, tmp_path: Path) -> Path:
    """A site that may be changed."""
    return shutil.copytree(whole, tmp_path / "site")


@pytest.mark.parametrize("how", BREAKS)
def test_build_that_fails_midway_leaves_the_site_as_it_was(site: Path, how: str) -> None:
    before, times = read_all(site), read_times(site)
    changed = replace(make_mail_server(), title="Another name")
    with pytest.raises(BREAKS[how]):
        build_broken(site, [make_shop(), changed], how)
    assert read_all(site) == before
    assert read_times(site) == times
    assert read_remains(site) == set()
    assert build_list(site, SERVERS).pages_written == 0


@pytest.mark.parametrize("how", BREAKS)
def test_first_build_that_was_broken_off_is_made_again_as_if_it_had_not_been(
    whole: Path, tmp_path: Path, how: str
) -> None:
    with pytest.raises(BREAKS[how]):
        build_broken(tmp_path, SERVERS, how)
    assert read_all(tmp_path) == {}
    build_list(tmp_path, SERVERS)
    assert read_all(tmp_path) == read_all(whole)


def test_second_build_at_once_is_refused_and_the_first_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("site_builder.state._BUSY_SECONDS", 0.05)
    with OutputFolder(tmp_path) as first:
        first.write_unit("pages", "", FILES.items())
        with pytest.raises(BusyFolderError, match="another build") as caught:
            OutputFolder(tmp_path)
        assert caught.value.errno == errno.EBUSY
        first.finish()
    assert read_all(tmp_path) == FILES


def test_folder_with_foreign_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ForeignFolderError, match="choose an empty one"):
        OutputFolder(tmp_path)
    (tmp_path / KEPT).mkdir()
    (tmp_path / KEPT / "state.db").touch()
    with pytest.raises(ForeignFolderError, match="choose an empty one"):
        OutputFolder(tmp_path)
    assert read_all(tmp_path) == {"thesis.txt": b"years of work"}


def test_foreign_file_beside_our_pages_survives(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    note = tmp_path / "servers" / "a" / "note.txt"
    note.write_text("mine")
    assert write_files(tmp_path, ONLY_HOME).removed == 2
    assert read_all(tmp_path) == {**ONLY_HOME, "servers/a/note.txt": b"mine"}
    assert not (tmp_path / "servers" / "b").exists()


def test_foreign_file_in_the_place_of_a_new_page_is_replaced_like_one_of_ours(tmp_path: Path) -> None:
    write_files(tmp_path, ONLY_HOME)
    (tmp_path / "servers" / "a").mkdir(parents=True)
    (tmp_path / "servers" / "a" / "index.html").write_text("not ours")
    write_files(tmp_path, FILES)
    assert read_all(tmp_path) == FILES


@pytest.mark.parametrize("content", [b"[]", b'{"format": 1}', b"\xff\xfe" * 600, b"SQLite format 3\0" + b"\1" * 4096])
def test_state_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    write_files(tmp_path, FILES)
    (tmp_path / KEPT / "state.db").write_bytes(content)
    with pytest.raises(ForeignFolderError, match="empty"):
        OutputFolder(tmp_path)
    assert read_all(tmp_path) == FILES


def test_state_of_another_format_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    edit_state(tmp_path, "pragma user_version = 99")
    with pytest.raises(ForeignFolderError, match="cannot be read"):
        OutputFolder(tmp_path)
    assert read_all(tmp_path) == FILES


def test_site_whose_state_is_gone_is_not_taken_for_ours(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    shutil.rmtree(tmp_path / KEPT)
    with pytest.raises(ForeignFolderError):
        OutputFolder(tmp_path)
    assert read_all(tmp_path) == FILES


@pytest.mark.parametrize(
    "path", ["../precious.txt", "/nowhere/precious.txt", "servers/../../precious.txt", "a//b", ".."]
)
@pytest.mark.parametrize("table", ["stale", "unit"])
def test_state_that_leads_out_of_the_folder_removes_nothing(tmp_path: Path, path: str, table: str) -> None:
    out, precious = tmp_path / "public", tmp_path / "precious.txt"
    write_files(out, FILES)
    precious.write_text("keep")
    if table == "stale":
        edit_state(out, "insert into stale values (?)", path)
    else:
        edit_state(out, "insert into unit values ('forged', '', cast(? as blob))", f'[["{path}", "", 4, 0]]')
    with pytest.raises(ForeignFolderError, match="outside"):
        write_files(out, ONLY_HOME)
    assert precious.read_text() == "keep"


def test_state_that_names_a_file_elsewhere_does_not_remove_it(tmp_path: Path) -> None:
    write_files(tmp_path / "public", FILES)
    precious = tmp_path / "precious.txt"
    precious.write_text("keep")
    edit_state(tmp_path / "public", "insert into stale values (?)", str(precious))
    with suppress(ForeignFolderError):
        write_files(tmp_path / "public", ONLY_HOME)
    assert precious.read_text() == "keep"


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../b", "a//b", "A/x", ".hidden", "a" * 300, "a b", "a\n", ""])
def test_path_that_is_none_for_a_page_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="no path for a page"):
        write_files(tmp_path, {path: b""})
    assert read_all(tmp_path) == {}


def test_stale_page_that_somebody_removed_is_no_trouble(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    shutil.rmtree(tmp_path / "servers" / "a")
    assert counts(write_files(tmp_path, ONLY_HOME)) == (0, 1, 1)
    assert read_all(tmp_path) == ONLY_HOME


def test_page_that_went_from_one_unit_to_another_stays(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    with OutputFolder(tmp_path) as folder:
        folder.write_unit("pages", "", ONLY_HOME.items())
        folder.write_unit("others", "", [(A, b"<p>of another")])
        folder.finish()
    assert read_all(tmp_path) == {**ONLY_HOME, A: b"<p>of another"}


def test_page_that_went_to_another_unit_unchanged_stays(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    with OutputFolder(tmp_path) as folder:
        folder.write_unit("others", "", FILES.items())
        folder.finish()
    assert read_all(tmp_path) == FILES


def test_folder_becomes_a_file_and_a_file_a_folder(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/index.html": b"folder", "b": b"file"})
    write_files(tmp_path, {"b/index.html": b"folder", "a": b"file"})
    assert read_all(tmp_path) == {"b/index.html": b"folder", "a": b"file"}


def change_text(page: Path) -> None:
    page.write_bytes(b"x" * page.stat().st_size)


def add_text(page: Path) -> None:
    page.write_text(page.read_text() + "<!-- by hand -->")


@pytest.mark.parametrize("damage", [change_text, add_text, Path.unlink], ids=lambda one: one.__name__)
def test_page_that_somebody_changed_is_restored(whole: Path, site: Path, damage: Callable[[Path], None]) -> None:
    for path in (MAIL_PAGE, "index.html", "servers/paperboat-mail/index.html"):
        damage(site / path)
    assert build_list(site, SERVERS).pages_written == 3
    assert read_all(site) == read_all(whole)


def test_copied_site_is_not_written_again(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "copy", copy_function=shutil.copyfile)
    times = read_times(tmp_path / "copy")
    assert times[MAIL_PAGE] != read_times(whole)[MAIL_PAGE]
    assert build_list(tmp_path / "copy", SERVERS).pages_written == 0
    assert read_times(tmp_path / "copy") == times


def test_page_whose_time_alone_changed_is_not_written_again(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    os.utime(tmp_path / "index.html", (1, 1))
    assert counts(write_files(tmp_path, FILES)) == (0, 3, 0)


def test_page_that_cannot_be_written_stops_the_build_and_leaves_no_remains(tmp_path: Path) -> None:
    write_files(tmp_path, ONLY_HOME)
    (tmp_path / "servers" / "a" / "index.html" / "inner").mkdir(parents=True)
    with pytest.raises(OSError, match=r"index\.html"):
        write_files(tmp_path, FILES)
    shutil.rmtree(tmp_path / "servers")
    write_files(tmp_path, FILES)
    assert read_all(tmp_path) == FILES
    assert read_remains(tmp_path) == set()
