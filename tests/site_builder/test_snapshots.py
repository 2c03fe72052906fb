"""Whole pages as people see their source. TOOLRISK_UPDATE_SNAPSHOTS=1 writes them anew."""

import os
from pathlib import Path

import pytest

SNAPSHOTS = Path(__file__).parents[1] / "snapshots" / "site"
PAGES = {
    "tool.html": "servers/paperboat-mail/send_mail/index.html",
    "server.html": "servers/corner-shop/index.html",
    "server_policy.json": "servers/corner-shop/policy.json",
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_as_it_was_looked_at(site: Path, name: str) -> None:
    built = (site / PAGES[name]).read_text()
    if os.environ.get("TOOLRISK_UPDATE_SNAPSHOTS"):
        (SNAPSHOTS / name).write_text(built)
    assert built == (SNAPSHOTS / name).read_text()


def test_no_snapshot_is_an_orphan() -> None:
    assert {path.name for path in SNAPSHOTS.iterdir()} == set(PAGES)
