"""Where a build reads servers from: the catalog, in as many processes as there are.

Not for pages. Other sources of servers (tests have one) need the same three methods, and to travel between processes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from sqlalchemy import Engine

from catalog.digests import ServerDigest, iter_server_digests
from catalog.history import ToolChange, iter_changes
from catalog.queries import read_servers
from catalog.records import CatalogServer
from catalog.session import open_catalog
from site_builder.changes import tell_once

CHANGES_OF_ONE = 50


class Reader(Protocol):
    """A source of servers; it is pickled on the way to a process that reads."""

    def digests(self) -> Iterator[ServerDigest]:
        """Stream the digests of all servers, in slug order."""

    def read(self, slugs: Sequence[str]) -> Iterator[CatalogServer]:
        """Stream the servers of these slugs, in slug order."""

    def changes(self, slug: str | None, limit: int) -> Iterator[ToolChange]:
        """Stream at most so many changes of a server's tools, or of all tools for None, newest first."""


@dataclass(frozen=True, slots=True)
class CatalogReader:
    """Reads the catalog at a SQLAlchemy URL."""

    url: str = field(repr=False)  # it may hold a password, and travels through logs of others

    def digests(self) -> Iterator[ServerDigest]:
        """Stream the digests of all servers, in slug order."""
        return iter_server_digests(_open(self.url))

    def read(self, slugs: Sequence[str]) -> Iterator[CatalogServer]:
        """Stream the servers of these slugs, in slug order."""
        return read_servers(_open(self.url), slugs)

    def changes(self, slug: str | None, limit: int) -> Iterator[ToolChange]:
        """Stream at most so many changes of a server's tools, or of all tools for None, newest first."""
        return iter_changes(_open(self.url), server=slug, limit=limit)


def read_changes(reader: Reader, slug: str) -> tuple[ToolChange, ...]:
    """Read the newest changes of one server, each once."""
    return tell_once(reader.changes(slug, CHANGES_OF_ONE))


@cache
def _open(url: str) -> Engine:
    return open_catalog(url, create=False)
