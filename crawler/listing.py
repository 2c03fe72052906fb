"""What a source says of servers: one listing a server, pages of them, and where to go on.

Not for deciding which listings are the same server: that is crawler/identity.py.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.fetch.archive_cache import ArchiveCache
from crawler.target import Target
from crawler.web import Web

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """One server as one source lists it.

    `key` is its name in that source. `packages` can be fetched, best first; `elsewhere` names what cannot, such as
    `oci:IMAGE` or a remote's address. `ref` is the commit or tag that the source names in the repository.
    `stamp` changes whenever the source says that something did; a listing with the same stamp is not fetched again.
    `vouched` says that the source has proven the key's owner, so that the packages it names are known to be theirs.
    """

    key: str
    title: str | None = None
    description: str | None = None
    repository: str | None = None
    repository_id: str | None = None
    subfolder: str | None = None
    ref: str | None = None
    packages: tuple[Target, ...] = ()
    elsewhere: tuple[str, ...] = ()
    stamp: str | None = None
    withdrawn: bool = False
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some listings, and the state from which a later call goes on after them, as JSON.

    `whole` is true on the last page of a walk over everything: what was not listed in it is no longer there.
    `problems` are entries that could not be read, a clear line each.
    """

    listings: tuple[Listing, ...]
    state: State
    whole: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceSetting:
    """What a source is given: where it is (its own default when None), what it left behind last time, and a key."""

    web: Web
    cache: ArchiveCache
    where: str | None
    state: State
    now: datetime
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Source:
    """One place where servers are listed. `key_variable` names the environment variable that holds its key.

    `needs_key` sources are left alone without one. `pages` raises CrawlError when the source cannot go on; what it
    yielded until then counts.
    """

    id: str
    title: str
    pages: Callable[[SourceSetting], Iterator[Page]]
    terms: str
    key_variable: str | None = None
    needs_key: bool = False
    needs_where: bool = False
    examples: tuple[str, ...] = field(default=())
