"""A tool that its server does not offer any more keeps its page, marked, and is in no list."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import update

from catalog.models import tools
from catalog.records import CatalogServer
from site_builder.reading import CatalogReader
from tests.site_builder.building import build_list, read_all
from tests.site_builder.catalog_factory import make_mail_server, make_shop
from tests.site_builder.catalog_rows import fill_small

GONE_AT = "2026-11-19T08:00:00+00:00"
PAGE = "servers/paperboat-mail/delete_mail/index.html"
BASE = "https://tools.example.org/"


def withdraw(slug: str = "delete_mail") -> tuple[CatalogServer, CatalogServer]:
    mail = make_mail_server()
    kept = tuple(tool for tool in mail.tools if tool.slug != slug)
    gone = tuple(replace(tool, withdrawn_at=GONE_AT) for tool in mail.tools if tool.slug == slug)
    return replace(mail, tools=kept, withdrawn=gone), mail


def test_its_page_stays_is_marked_and_asks_not_to_be_indexed(tmp_path: Path) -> None:
    after, before = withdraw()
    build_list(tmp_path, [make_shop(), before], base_url=BASE)
    assert b"Withdrawn:" not in (tmp_path / PAGE).read_bytes()
    build_list(tmp_path, [make_shop(), after], base_url=BASE)
    page = (tmp_path / PAGE).read_text()
    assert (
        'Withdrawn: the server does not offer this tool any more. It was first missed on <time datetime="2026-11-19">'
        in page
    )
    assert '<meta name="robots" content="noindex">' in page
    assert "Permanently" in page or "Delete" in page
    other = (tmp_path / "servers/paperboat-mail/send_mail/index.html").read_text()
    assert "noindex" not in other
    assert "Withdrawn:" not in other


def test_no_other_page_and_no_list_has_it(tmp_path: Path) -> None:
    after, _ = withdraw()
    build_list(tmp_path, [make_shop(), after], base_url=BASE)
    files = read_all(tmp_path)
    naming = {path for path, content in files.items() if b"delete_mail" in content}
    assert naming == {PAGE, "servers/paperboat-mail/delete_mail/policy.json"}


def test_the_catalog_gives_it_apart_from_those_that_are_there(tmp_path: Path) -> None:
    engine, url = fill_small(tmp_path)
    reader = CatalogReader(url)
    before = {found.slug: found for found in reader.digests()}
    with engine.begin() as connection:
        connection.execute(update(tools).where(tools.c.slug == "delete_mail").values(withdrawn_at=GONE_AT))
    (mail,) = reader.read(["paperboat-mail"])
    assert [tool.slug for tool in mail.withdrawn] == ["delete_mail"]
    assert mail.withdrawn[0].withdrawn_at == GONE_AT
    assert "delete_mail" not in [tool.slug for tool in mail.tools]
    after = {found.slug: found for found in reader.digests()}
    assert after["paperboat-mail"].tools != before["paperboat-mail"].tools
    assert after["paperboat-mail"].tool_count == before["paperboat-mail"].tool_count - 1
    assert after["corner-shop"] == before["corner-shop"]
