"""The official MCP registry, and any other that answers in the same way: all of it once, then only what changed.

Not for publishing, and not for versions other than each server's latest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.errors import CrawlError
from crawler.listing import Listing, Page, Source, SourceSetting
from crawler.sources.asking import Query, Service, base_address
from crawler.sources.server_json import read_server_json
from crawler.sources.strange_values import as_object, as_word
from crawler.sources.walk import CURSOR_LENGTH, Walk, split_pages
from crawler.web import WebError
from crawler.web.records import plain_address

OFFICIAL = "https://registry.modelcontextprotocol.io"
_OFFICIAL_META = "io.modelcontextprotocol.registry/official"
_PUBLISHER_META = "io.modelcontextprotocol.registry/publisher-provided"
_LIMIT = 100
_OVERLAP = timedelta(hours=1)  # what was being written while it was read may carry an earlier time
_AHEAD = timedelta(days=1)
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_GONE = frozenset((400, 404, 410, 422))


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry. `headers` are sent with each question, `pause` is the least number of seconds between two."""

    base: str
    vouched: bool = False
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    pause: float = 0.0

    @property
    def address(self) -> str:
        """Give the address that lists its servers."""
        return self.base if self.base.endswith("/servers") else f"{self.base}/v0.1/servers"


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a walk is: behind `cursor`, over what changed `since` (None: over all); `newest` is the last change met."""

    cursor: str | None = None
    since: str | None = None
    newest: str | None = None

    def query(self) -> Query:
        """Give it as what is asked."""
        return {"limit": _LIMIT, "version": "latest", "cursor": self.cursor, "updated_since": self.since}

    def state(self) -> dict[str, str]:
        """Give it as what is kept between visits."""
        known = {"cursor": self.cursor, "updated_since": self.since, "newest": self.newest}
        return {name: text for name, text in known.items() if text is not None}

    def ended(self) -> "_Position":
        """Give where the next walk begins: a little before the last change that the registry told of."""
        newest = _moment(self.newest)
        since = (newest - _OVERLAP).strftime(_MOMENT) if newest else None
        return _Position(since=max(filter(None, (since, self.since)), default=None))


def pages(setting: SourceSetting) -> Iterator[Page]:
    """Walk the official registry, or the one at `where`."""
    base = base_address(setting.where or OFFICIAL)
    yield from walk_registry(setting, Registry(base, vouched=base == OFFICIAL))


def walk_registry(setting: SourceSetting, registry: Registry) -> Iterator[Page]:
    """Walk a registry from where the last visit ended. Raises CrawlError when it cannot be read any further."""
    service = Service(setting.web, registry.headers, registry.pause)
    position = _position(setting.state)
    try:
        yield from _walk_from(position, setting.now, registry, service)
    except WebError as error:
        if position.cursor is None or error.status not in _GONE:
            raise
        # The cursor that an interrupted walk left behind may mean nothing any more; then the walk begins again.
        yield from _walk_from(_Position(since=position.since), setting.now, registry, service)


def _walk_from(position: _Position, now: datetime, registry: Registry, service: Service) -> Iterator[Page]:
    walk = Walk(registry.base)
    walk.next_cursor(position.cursor)
    whole = position.since is None
    while True:
        read = _read(service.ask(registry.address, position.query()), registry, now)
        walk.count(read.entries)
        state = position.state()
        try:
            cursor = walk.next_cursor(read.cursor)
        except CrawlError:
            yield from split_pages(read.listings, read.problems, before=state, after=state)
            raise
        newest = max(filter(None, (position.newest, read.newest)), default=None)
        position = replace(position, cursor=cursor, newest=newest)
        if cursor is None:
            after = position.ended().state()
            yield from split_pages(read.listings, read.problems, before=state, after=after, whole=whole)
            return
        yield from split_pages(read.listings, read.problems, before=state, after=position.state())


@dataclass(frozen=True, slots=True)
class _Read:
    """What one answer holds."""

    listings: tuple[Listing, ...]
    problems: tuple[str, ...]
    entries: int
    newest: str | None
    cursor: object


def _read(answer: Mapping[str, Any], registry: Registry, now: datetime) -> _Read:
    entries = answer.get("servers")
    if not isinstance(entries, list):
        raise CrawlError(
            plain_address(registry.base),
            "the answer lists no servers; is this the address of a registry?",
            cause="damaged",
        )
    listings: dict[str, Listing] = {}
    problems: list[str] = []
    newest = ""
    latest = (now.astimezone(UTC) + _AHEAD).strftime(_MOMENT)
    for entry in entries:
        about = _about(as_object(entry))
        updated = _moment(about.get("updatedAt"))
        # A time that is still to come would hide all changes until then.
        if updated is not None and newest < (written := updated.strftime(_MOMENT)) <= latest:
            newest = written
        found = read_server_json(as_object(entry).get("server"), vouched=registry.vouched)
        if isinstance(found, str):
            problems.append(found)
        elif about.get("isLatest") is not False:
            if found.key in listings:
                problems.append(f"{found.key}: listed twice on one page; the later entry counts")
            listings[found.key] = replace(found, withdrawn=about.get("status") == "deleted")
    cursor = as_object(answer.get("metadata")).get("nextCursor")
    return _Read(tuple(listings.values()), tuple(problems), len(entries), newest or None, cursor)


def _about(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what the registry itself says of an entry; registries of the same shape have a name of their own for it."""
    meta = as_object(entry.get("_meta"))
    official = as_object(meta.get(_OFFICIAL_META))
    if official:
        return official
    # What a publisher says of itself stands there as well, and counts for nothing here.
    others = [as_object(value) for name, value in meta.items() if name != _PUBLISHER_META]
    return next((about for about in others if "updatedAt" in about or "status" in about), official)


def _position(state: Mapping[str, Any]) -> _Position:
    since, newest = (_moment(state.get(name)) for name in ("updated_since", "newest"))
    return _Position(
        as_word(state.get("cursor"), CURSOR_LENGTH),
        since.strftime(_MOMENT) if since else None,
        newest.strftime(_MOMENT) if newest else None,
    )


def _moment(value: object) -> datetime | None:
    """Read a time of ours or a registry's; None when it is none, or lies before there was any registry."""
    text = as_word(value, 40)
    try:
        moment = datetime.fromisoformat(text) if text else None
        moment = moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and 2000 <= moment.year <= 9999 else None


SOURCE = Source(
    id="registry",
    title="The official MCP registry, or another of its shape at WHERE",
    pages=pages,
    terms="Open to aggregators, which are asked to poll no more than hourly and to serve from a store of their own.",
    examples=("registry", "registry:https://registry.example.com"),
)
