"""The files for programs, each with its path: what the site's build calls, apart from the downloads.

Not for reading the catalog or writing to disk.
"""

from collections.abc import Iterable, Iterator, Sequence

from catalog.history import ToolChange
from catalog.records import CatalogServer
from catalog.status import CatalogStatus
from site_builder.api import addresses
from site_builder.api.documents import (
    Document,
    attacks_document,
    changes_document,
    dump,
    server_document,
    status_document,
)
from site_builder.api.schemas import make_schemas
from site_builder.api.server_list import ServerList
from site_builder.api.vocabularies import rules_document
from site_builder.attacks import Attack
from site_builder.brief import ServerBrief
from site_builder.sitemap import Page, Sitemap, server_pages

File = tuple[str, bytes]


def make_server_file(server: CatalogServer, tools: Sequence[Document], changes: Iterable[ToolChange] = ()) -> File:
    """Write the document of a server and its tools, which are given as `tool_fields` gives them."""
    return addresses.server_document(server.slug), dump(server_document(server, tools, changes))


def make_stream_files(servers: Iterable[ServerBrief], pages: Iterable[Page], base_url: str) -> Iterator[File]:
    """Write what takes every server, in one pass: the list of servers with its counts and, with a `base_url`, sitemaps.

    `pages` are the other pages worth finding.
    """
    listed, mapped = ServerList(), Sitemap(base_url)
    for server in servers:
        yield from listed.add(server)
        if base_url:
            yield from mapped.add(server_pages(server))
    yield from listed.finish()
    if base_url:
        yield from mapped.add(pages)
        yield from mapped.finish()


def make_catalog_files(
    attacks: Iterable[Attack], changes: Sequence[ToolChange], status: CatalogStatus, base_url: str
) -> Iterator[File]:
    """Write the documents about the whole catalog that need no tool, and what describes all documents."""
    yield addresses.ATTACKS, dump(attacks_document(attacks))
    yield addresses.CHANGES, dump(changes_document(changes))
    yield addresses.RULES, dump(rules_document())
    yield addresses.STATUS, dump(status_document(status))
    yield from make_schemas(base_url)
