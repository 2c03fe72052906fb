"""Smithery's registry, through its interface and with the user's own key. Not for its pages, nor for its tool lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from crawler.errors import CrawlError
from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.sources.asking import Service, base_address
from crawler.sources.links import repository_link
from crawler.sources.strange_values import (
    ADDRESS,
    DESCRIPTION,
    NAME,
    TITLE,
    as_object,
    as_prose,
    as_word,
    stamp_of,
)
from crawler.sources.walk import Walk, split_pages
from crawler.web.records import plain_address

_USUAL = "https://api.smithery.ai"
_PAUSE = 0.5
_PAGE_SIZE = 100


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Walk the whole registry by pages; an interrupted walk goes on at the page where it was."""
    base = base_address(setting.where or _USUAL)
    service = Service(setting.web, {"Authorization": f"Bearer {setting.key or ''}"}, _PAUSE if base == _USUAL else 0.0)
    walk = Walk(base)
    first = page = _number(setting.state.get("page")) or 1
    seen: set[str] = set()
    while True:
        answer = service.ask(f"{base}/servers", {"page": page, "pageSize": _PAGE_SIZE})
        entries, ahead = answer.get("servers"), as_object(answer.get("pagination"))
        if not isinstance(entries, list):
            raise CrawlError(plain_address(base), "the answer lists no servers", cause="damaged")
        walk.count(len(entries))
        read = [_listing(as_object(entry)) for entry in entries]
        found = {listing.key: listing for listing in read if listing is not None}
        problems = ["an entry without a name"] * read.count(None)
        seen.update(found)
        ended = not entries or page >= _number(ahead.get("totalPages"))
        # Pages shift while they are read: only who has seen as many as there are knows which ones are gone.
        whole = ended and first == 1 and len(seen) >= max(1, _number(ahead.get("totalCount")))
        before, after = {"page": page}, {} if ended else {"page": page + 1}
        yield from split_pages(found.values(), problems, before=before, after=after, whole=whole)
        if ended:
            return
        page += 1


def _listing(entry: Mapping[str, Any]) -> Listing | None:
    name = as_word(entry.get("qualifiedName"), NAME)
    if name is None:
        return None
    homepage = as_word(entry.get("homepage"), ADDRESS)
    repository = repository_link(homepage) if homepage else None
    address = as_word(entry.get("deploymentUrl"), ADDRESS)
    return Listing(
        # With the @ no name of theirs can be taken for one in the registry, whose owners are proven.
        f"@{name.removeprefix('@')}",
        title=as_prose(entry.get("displayName"), TITLE),
        description=as_prose(entry.get("description"), DESCRIPTION),
        repository=repository.address if repository else None,
        subfolder=repository.subfolder if repository else None,
        ref=repository.ref if repository else None,
        elsewhere=(address,) if address else (),
        stamp=stamp_of(homepage, address),
    )


def _number(value: object) -> int:
    return value if type(value) is int and 0 < value < 1 << 31 else 0


SOURCE = Source(
    id="smithery",
    title="Smithery's registry, through its interface",
    pages=pages,
    terms="Smithery's terms of service; read them before you publish what comes from there.",
    key_variable="SMITHERY_API_KEY",
    needs_key=True,
    examples=("smithery",),
)
