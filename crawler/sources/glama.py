"""Glama's directory, through its interface and with the user's own key. Not for its pages, nor for its tool lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from crawler.errors import CrawlError
from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.sources.asking import Service, base_address
from crawler.sources.strange_values import (
    ADDRESS,
    DESCRIPTION,
    TITLE,
    as_object,
    as_prose,
    as_word,
    stamp_of,
)
from crawler.sources.walk import CURSOR_LENGTH, Walk, split_pages
from crawler.web import WebError
from crawler.web.records import plain_address

_USUAL = "https://glama.ai/api/mcp"
_PAUSE = 0.5
_FIRST = 100
_GONE = frozenset((400, 404, 410, 422))


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Walk the whole directory: it does not tell what changed. An interrupted walk goes on where it was."""
    base = base_address(setting.where or _USUAL)
    service = Service(setting.web, {"Authorization": f"Bearer {setting.key or ''}"}, _PAUSE if base == _USUAL else 0.0)
    cursor = as_word(setting.state.get("cursor"), CURSOR_LENGTH)
    try:
        yield from _walk_from(cursor, service, base)
    except WebError as error:
        if cursor is None or error.status not in _GONE:
            raise
        yield from _walk_from(None, service, base)  # the cursor that was left behind means nothing any more


def _walk_from(cursor: str | None, service: Service, base: str) -> Iterator[Page]:
    walk = Walk(base)
    walk.next_cursor(cursor)
    while True:
        answer = service.ask(f"{base}/v1/servers", {"first": _FIRST, "after": cursor})
        entries, ahead = answer.get("servers"), as_object(answer.get("pageInfo"))
        if not isinstance(entries, list):
            raise CrawlError(plain_address(base), "the answer lists no servers", cause="damaged")
        walk.count(len(entries))
        found: dict[str, Listing] = {}
        problems = []
        for entry in entries:
            if (listing := _listing(as_object(entry))) is None:
                problems.append("an entry without a namespace and a name")
            else:
                found[listing.key] = listing
        before = {"cursor": cursor} if cursor else {}
        try:
            cursor = walk.next_cursor(ahead.get("endCursor")) if ahead.get("hasNextPage") is True else None
        except CrawlError:
            yield from split_pages(found.values(), problems, before=before, after=before)
            raise
        after = {"cursor": cursor} if cursor else {}
        yield from split_pages(found.values(), problems, before=before, after=after, whole=cursor is None)
        if cursor is None:
            return


def _listing(entry: Mapping[str, Any]) -> Listing | None:
    namespace, slug = as_word(entry.get("namespace"), 100), as_word(entry.get("slug"), 100)
    if namespace is None or slug is None:
        return None
    repository = as_word(as_object(entry.get("repository")).get("url"), ADDRESS)
    return Listing(
        # With the @ no name of theirs can be taken for one in the registry, whose owners are proven.
        f"@{namespace.removeprefix('@')}/{slug}",
        title=as_prose(entry.get("name"), TITLE),
        description=as_prose(entry.get("description"), DESCRIPTION),
        repository=repository,
        elsewhere=tuple(filter(None, (as_word(entry.get("url"), ADDRESS),))),
        stamp=stamp_of(repository),
    )


SOURCE = Source(
    id="glama",
    title="Glama's directory, through its interface",
    pages=pages,
    terms="Glama's terms of service; read them before you publish what comes from there.",
    key_variable="GLAMA_API_KEY",
    needs_key=True,
    examples=("glama",),
)
