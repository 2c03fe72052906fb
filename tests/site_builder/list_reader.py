"""Servers that a build reads from a list instead of a catalog."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from catalog.digests import ServerDigest
from catalog.history import ToolChange
from catalog.records import CatalogServer
from site_builder.digest import digest


@dataclass(frozen=True)
class ListReader:
    """Reads servers from a list; what happened to their tools comes newest first."""

    servers: Iterable[CatalogServer]
    told: Sequence[ToolChange] = ()

    def digests(self) -> Iterator[ServerDigest]:
        for server in self._sorted():
            told = list(self.changes(server.slug, 1_000))
            tools = digest(dump(replace(server, checked_at=None, claim=None, listed_by=())))
            checked = server.checked_at[:10] if server.checked_at else None
            page = digest(tools, dump([checked, server.claim, server.listed_by, told]))
            yield ServerDigest(server.slug, tools, page, len(server.tools), len(told))

    def read(self, slugs: Sequence[str]) -> Iterator[CatalogServer]:
        return (server for server in self._sorted() if server.slug in slugs)

    def changes(self, slug: str | None, limit: int) -> Iterator[ToolChange]:
        held = [change for change in self.told if slug in (None, change.server)]
        return iter(held[:limit])

    def _sorted(self) -> list[CatalogServer]:
        return sorted(self.servers, key=lambda server: server.slug)


def dump(value: object) -> bytes:
    return orjson.dumps(value, default=_dump_mapping, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS)


def _dump_mapping(value: Mapping[str, Any]) -> object:
    return dict(value)
