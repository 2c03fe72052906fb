"""What further pages say between head and foot, as it was looked at. TOOLRISK_UPDATE_SNAPSHOTS=1 writes it anew."""

import os
from pathlib import Path

import pytest

from site_builder.environment import make_renderer
from tests.site_builder.catalog_factory import make_catalog
from tests.site_builder.change_factory import make_changes
from tests.site_builder.further_pages import make_further

SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "further_pages"
PAGES = {
    "attack.html": "attacks/postmark-mcp/index.html",
    "changes.html": "changes/index.html",
    "combinations.html": "combinations/index.html",
    "facet.html": "facets/reversibility/irreversible/index.html",
    "finding_list.html": "findings/high/tells-the-model-to-hide/index.html",
    "findings.html": "findings/index.html",
    "rule.html": "rules/asks-for-secrets/index.html",
    "sources.html": "sources/index.html",
}


@pytest.fixture(scope="module")
def contents() -> dict[str, str]:
    render, wanted = make_renderer(), set(PAGES.values())
    made = [one for one in make_further(make_catalog(), make_changes()) if one.path in wanted]
    return {one.path: main_of(render(f"pages/{one.template}.html", one.page)) for one in made}


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")] + "</main>\n"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_as_it_was_looked_at(contents: dict[str, str], name: str) -> None:
    built = contents[PAGES[name]]
    if os.environ.get("TOOLRISK_UPDATE_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        (SNAPSHOTS / name).write_text(built)
    assert built == (SNAPSHOTS / name).read_text()


def test_no_snapshot_is_an_orphan() -> None:
    assert {path.name for path in SNAPSHOTS.iterdir()} == set(PAGES)
