"""Every document of a made-up catalog, as the site's build would write them."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from catalog.records import Assessment, CatalogServer, Mode, Override
from catalog.session import open_catalog
from catalog.status import read_status
from catalog.vocabulary import Category, Claim
from site_builder.api.documents import all_tool_fields
from site_builder.api.publish import make_catalog_files, make_server_file, make_stream_files
from site_builder.changes import tell_once
from site_builder.judged import judge_server
from site_builder.reading import read_changes
from tests.site_builder.building import ATTACKS, make_briefs
from tests.site_builder.catalog_factory import make_catalog, make_mail_server
from tests.site_builder.change_factory import make_changes
from tests.site_builder.list_reader import ListReader
from tests.site_builder.record_factory import LOOKED_AT, make_tool


def open_empty(folder: Path) -> Engine:
    return open_catalog(f"sqlite:///{folder / 'catalog.db'}")


def make_reviewed_server() -> CatalogServer:
    """Make a server with everything that a document can hold: a person's verdict, modes, a claim, listings."""
    tool = make_tool("act", "Do one of several things.", Category.WRITE, "Do one")
    override = Override("reviewed", "act", Category.DESTRUCTIVE, "it also drops", "a reviewer", "0" * 64)
    modes = (Mode("action", "drop", Category.DESTRUCTIVE), Mode("action", "other", None))
    assessment: Assessment | None = tool.assessment
    assert assessment is not None
    judged = replace(tool, assessment=replace(assessment, override=override, modes=modes))
    return replace(
        make_mail_server(),
        slug="reviewed",
        tools=(judged,),
        claim=Claim.VERIFIED,
        listed_by=("a-list",),
        checked_at="2026-11-18",
    )


def make_servers() -> list[CatalogServer]:
    return sorted([*make_catalog(), make_reviewed_server()], key=lambda server: server.slug)


def make_documents(folder: Path, servers: Iterable[CatalogServer], base_url: str = "") -> dict[str, bytes]:
    held = list(servers)
    reader = ListReader(held, make_changes())
    files = [make_server_file(one, all_tool_fields(judge_server(one)), read_changes(reader, one.slug)) for one in held]
    status = read_status(open_empty(folder), LOOKED_AT)
    rest = make_catalog_files(ATTACKS.attacks, tell_once(make_changes()), status, base_url)
    return dict([*files, *make_stream_files(make_briefs(held), [], ""), *rest])
