"""A site built once from the made-up catalog, for the tests that only look at it."""

from pathlib import Path

import pytest

from site_builder.environment import Render
from site_builder.for_programs import Holdings
from site_builder.run import SiteReport, build_site
from tests.site_builder.catalog_factory import make_catalog
from tests.site_builder.change_factory import make_changes, make_history
from tests.site_builder.status_factory import STATUS

INCIDENTS = Path(__file__).parents[2] / "data" / "incidents.jsonl"


def build(out: Path, base_url: str = "", renderer: Render | None = None) -> SiteReport:
    return build_site(
        make_catalog,
        out,
        incidents=INCIDENTS,
        history=make_history(make_changes()),
        holdings=Holdings(STATUS),
        base_url=base_url,
        renderer=renderer,
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "public"
    build(out)
    return out
