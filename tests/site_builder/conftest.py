"""A site built once from the made-up catalog, for the tests that only look at it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from site_builder.run import SiteReport
from tests.site_builder.browsing import start_browser, watch
from tests.site_builder.building import build_list
from tests.site_builder.catalog_factory import make_catalog
from tests.site_builder.change_factory import make_changes


def build(out: Path, **settings: Any) -> SiteReport:
    """Build the made-up catalog with what happened to it; `settings` are those of SiteSettings."""
    return build_list(out, make_catalog(), make_changes(), **settings)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "public"
    build(out)
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with start_browser() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser) -> Iterator[Any]:
    """Open pages, each in a context of its own, and collect what goes wrong in them."""
    contexts = []

    def open_page(url: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.problems = watch(page)  # type: ignore[attr-defined]
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
