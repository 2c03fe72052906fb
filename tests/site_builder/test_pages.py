"""What every page must be: well-formed, linked, free of inline code, small."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.site_builder.catalog_factory import make_catalog
from tests.site_builder.change_factory import make_changes
from tests.site_builder.further_pages import make_further

_VOID = {"meta", "link", "input", "br", "hr", "img", "rect"}
_LIMIT = 30_000
_POLICIES_LIMIT = 300_000  # a policy in every format


def expected_pages() -> list[str]:
    pages = [
        "index.html",
        "404.html",
        "downloads/index.html",
        "search/index.html",
        "compare/index.html",
        "methodology/index.html",
        "not-analysed/index.html",
    ]
    pages += [f"category/{name}/index.html" for name in ("read", "write", "execute", "destructive", "financial")]
    pages += [f"risk/{name}/index.html" for name in ("low", "medium", "high", "critical")]
    for server in make_catalog():
        pages.append(f"servers/{server.slug}/index.html")
        pages += [f"servers/{server.slug}/policy/index.html"] if server.tools else []
        pages += [f"servers/{server.slug}/{tool.slug}/index.html" for tool in server.tools]
    return sorted({*pages, *(made.path for made in make_further(make_catalog(), make_changes()))})


PAGES = expected_pages()


class Outline(HTMLParser):
    """Checks that tags nest, and collects links, ids, headings and what could run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.problems: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.problems += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if len(values) != len(attrs):
            self.problems.append(f"<{tag}> has an attribute twice")
        self.problems += [f"<{tag}> has {name}" for name in values if name == "style" or name.startswith("on")]
        if tag == "script" and "src" not in values and values.get("type") != "application/ld+json":
            self.problems.append("a script stands in the page")
        if tag == "style":
            self.problems.append("a style sheet stands in the page")
        self.links += [values[name] or "" for name in ("href", "src") if name in values]
        if values.get("id"):
            self.ids.append(values["id"] or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.problems.append(f"</{tag}> closes nothing: {self._open[-3:]}")
        else:
            self._open.pop()


def outline(path: Path) -> Outline:
    return Outline(path.read_text())


def test_exactly_the_expected_pages_are_built(site: Path) -> None:
    built = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert built == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_page_is_well_formed_and_carries_no_code(site: Path, page: str) -> None:
    found = outline(site / page)
    assert found.problems == []
    assert len(set(found.ids)) == len(found.ids)


@pytest.mark.parametrize("page", PAGES)
def test_links_to_elsewhere_are_web_addresses(site: Path, page: str) -> None:
    schemes = {urlsplit(link).scheme for link in outline(site / page).links}
    assert schemes <= {"", "http", "https"}


@pytest.mark.parametrize("page", [page for page in PAGES if page.count("/") == 3 and "/hostile/" not in page])
def test_tool_page_is_small(site: Path, page: str) -> None:
    limit = _POLICIES_LIMIT if page.endswith("/policy/index.html") else _LIMIT
    assert (site / page).stat().st_size <= limit


@pytest.mark.parametrize("page", PAGES)
def test_page_asks_nothing_of_other_hosts(site: Path, page: str) -> None:
    text = (site / page).read_text()
    loaded = re.findall(r'<(?:script|img|iframe|source)[^>]* src="([^"]*)"', text)
    loaded += re.findall(r'<link rel="(?:stylesheet|icon)"[^>]* href="([^"]*)"', text)
    assert loaded
    assert all(not urlsplit(address).netloc for address in loaded)
    assert "default-src 'none'" in text


def test_style_sheet_asks_nothing_of_other_hosts(site: Path) -> None:
    sheet = (site / "static" / "style.css").read_text()
    assert "url(" not in sheet
    assert "@import" not in sheet


def test_tool_that_was_not_analysed_says_so_and_is_denied(site: Path) -> None:
    page = (site / "servers" / "corner-shop" / "restock" / "index.html").read_text()
    assert '<span class="badge risk-unknown">Not analysed</span>' in page
    assert "Unknown is not safe" in page
    assert (site / "servers" / "corner-shop" / "restock" / "policy.json").read_text().count("restock") == 0
    assert "restock" in (site / "not-analysed" / "index.html").read_text()


def test_server_that_could_not_be_read_says_why(site: Path) -> None:
    page = (site / "servers" / "locked-door" / "index.html").read_text()
    assert "the archive is damaged" in page
    assert "so there is no policy to recommend but to allow none" in page
    assert not (site / "servers" / "locked-door" / "policy.json").exists()
    assert "locked-door" in (site / "not-analysed" / "index.html").read_text()


def test_partial_reading_lists_what_is_missing(site: Path) -> None:
    page = (site / "servers" / "corner-shop" / "index.html").read_text()
    assert "src/plugins.py: tools are registered in a loop over plugins" in page


def test_unverified_reference_is_marked(site: Path) -> None:
    page = (site / "servers" / "paperboat-mail" / "send_mail" / "index.html").read_text()
    assert page.count("not verified") == page.count('class="refs"') > 0
