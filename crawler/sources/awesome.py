"""Lists of servers that people keep as Markdown or HTML: the first link to a repository in each item.

Not for what is said about a server there: that is its writer's, and stays there.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from selectolax.lexbor import LexborHTMLParser

from crawler.errors import CrawlError
from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.sources.asking import base_address
from crawler.sources.links import repository_link
from crawler.sources.strange_values import TITLE, as_prose
from crawler.sources.walk import ENTRIES, require_some, split_pages
from crawler.web import Answer
from crawler.web.records import plain_address

_USUAL = "https://raw.githubusercontent.com/punkpeye/awesome-mcp-servers/main/README.md"
_MAX_BYTES = 4 << 20
_LINES = 100_000
_LONGEST_TEXT = 4_000
_NOT_MODIFIED = 304
_HTML = re.compile(r"\s{0,100}<(?:!doctype html|html)\b", re.IGNORECASE)
_ITEM = re.compile(r"<li(?=[\s>])", re.IGNORECASE)
_ITEM_END = re.compile(r"</li\b", re.IGNORECASE)
_VALIDATORS = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Give every repository that the list links to, when the list has changed."""
    address = base_address(setting.where or _USUAL)
    headers = {header: text for name, header in _VALIDATORS if isinstance(text := setting.state.get(name), str)}
    answer = setting.web.get(address, headers=headers, max_bytes=_MAX_BYTES, robots=True)
    if answer.status == _NOT_MODIFIED:
        yield Page((), setting.state)
        return
    found: dict[str, Listing] = {}
    for listing in _read(answer):
        if len(found) < ENTRIES:
            found.setdefault(listing.key, listing)
    require_some(found, plain_address(address), "its list items link to no repository; is it the list's raw text?")
    state = {name: answer.headers[name] for name, _ in _VALIDATORS if 0 < len(answer.headers.get(name, "")) <= 500}
    yield from split_pages(found.values(), (), before=setting.state, after=state, whole=True)


def _read(answer: Answer) -> Iterator[Listing]:
    text = answer.body.decode("utf-8", "replace")
    for item in _items(text if _is_html(answer, text) else _as_html(text)):
        for link in LexborHTMLParser(item).css("a[href]"):
            repository = repository_link(link.attributes.get("href") or "")
            if repository is not None:
                title = as_prose(link.text(), TITLE)
                ref, subfolder = repository.ref, repository.subfolder
                yield Listing(
                    repository.place, title=title, repository=repository.address, ref=ref, subfolder=subfolder
                )
                break


def _items(html: str) -> Iterator[str]:
    """Give the beginning of each list item, as far as to its end or to the first item within it.

    The parser's time grows with the square of how deep a page nests, so that it gets short pieces only.
    """
    shown = "".join(_without_comments(html))
    for piece in _ITEM.split(shown)[1:]:
        item = _ITEM_END.split(piece[:_LONGEST_TEXT], maxsplit=1)[0]
        if "://" in item:
            yield f"<li{item}"


def _without_comments(html: str) -> Iterator[str]:
    first, *others = html.split("<!--")
    yield first
    for piece in others:
        yield piece.partition("-->")[2]


def _as_html(text: str) -> str:
    if text.count("\n") > _LINES:
        raise CrawlError("the list", f"has more than {_LINES} lines; it is not read", cause="too large")
    markdown = MarkdownIt("commonmark", {"html": True})
    markdown.core.ruler.before("inline", "short", _shorten)
    try:
        return str(markdown.render(text))
    except (RecursionError, ValueError, IndexError) as error:
        raise CrawlError("the list", f"cannot be read as Markdown ({type(error).__name__})", cause="damaged") from error


def _shorten(state: StateCore) -> None:
    """Cut what is long before it is read for links: the time that takes grows with the square of its length."""
    for token in state.tokens:
        token.content = token.content[:_LONGEST_TEXT]


def _is_html(answer: Answer, text: str) -> bool:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("text/html", "application/xhtml+xml") or _HTML.match(text) is not None


SOURCE = Source(
    id="awesome",
    title="A list of servers in Markdown or HTML: the best-known one, or the one at WHERE",
    pages=pages,
    terms="Each list's own licence; only links and their words are kept. Paths closed by robots.txt are not asked for.",
    examples=("awesome", "awesome:https://raw.example.com/OWNER/LIST/main/README.md"),
)
