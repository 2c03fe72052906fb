"""What keeps a walk through a source within bounds: pages small enough to store, cursors that lead on, an end.

Not for any one source.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b

from crawler.errors import CrawlError
from crawler.listing import Listing, Page, State
from crawler.sources.strange_values import as_word
from crawler.web.records import plain_address

ENTRIES = 2_000_000
PAGE_LISTINGS = 1_000
CURSOR_LENGTH = 2_000
_PROBLEMS = 100
_LEAST_ENTRIES = 20  # a page counts as so many at least, so that empty ones come to an end as well


class Walk:
    """One walk over a source that says on each page where the next one begins."""

    def __init__(self, what: str, entries: int = ENTRIES) -> None:
        self._what = plain_address(what)
        self._left = entries
        self._seen: set[bytes] = set()

    def count(self, entries: int) -> None:
        """Count what a page held. Raises CrawlError when it is more than any source can have."""
        self._left -= max(entries, _LEAST_ENTRIES)
        if self._left < 0:
            raise CrawlError(self._what, "lists without end; what was read until now is kept", cause="too large")

    def next_cursor(self, cursor: object) -> str | None:
        """Check where the source says to go on; None at its end. Raises CrawlError when that leads nowhere."""
        if cursor is None or cursor == "":
            return None
        word = as_word(cursor, CURSOR_LENGTH)
        if word is None:
            raise CrawlError(self._what, "the next page's cursor cannot be used; nothing can be read behind it")
        seen = blake2b(word.encode(), digest_size=16).digest()
        if seen in self._seen:
            raise CrawlError(self._what, "leads in a circle: a cursor came twice; report it to whoever runs it")
        self._seen.add(seen)
        return word


def split_pages(
    found: Iterable[Listing], problems: Sequence[str], *, before: State, after: State, whole: bool = False
) -> Iterator[Page]:
    """Give listings as pages that fit into a transaction each; only the last one says to go on after them."""
    listings = tuple(found)
    last = max(0, (len(listings) - 1) // PAGE_LISTINGS) * PAGE_LISTINGS
    for start in range(0, last, PAGE_LISTINGS):
        yield Page(listings[start : start + PAGE_LISTINGS], before)
    yield Page(listings[last:], after, whole=whole, problems=_bounded(problems))


def require_some(found: Collection[object], what: str, reason: str) -> None:
    """Raise CrawlError when nothing was found: an empty place must not make all of its servers count as gone."""
    if not found:
        raise CrawlError(what, reason, cause="not found")


def _bounded(problems: Sequence[str]) -> tuple[str, ...]:
    lines = ["".join(c if c.isprintable() else " " for c in line)[:300] for line in problems[:_PROBLEMS]]
    if len(problems) > _PROBLEMS:
        lines.append(f"and {len(problems) - _PROBLEMS} more entries that could not be read")
    return tuple(lines)
