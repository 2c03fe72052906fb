"""The list of all servers in pieces, with its head, and the counts that come with reading it.

Not for holding the catalog: servers come as a stream, and at most one piece is in memory.
"""

from collections import Counter
from collections.abc import Iterator

import orjson

from catalog.vocabulary import Category, Risk
from site_builder.api import addresses
from site_builder.api.documents import Document, dump, headed
from site_builder.api.vocabularies import categories_document, risks_document
from site_builder.brief import ServerBrief

SERVERS_A_PIECE = 1_000

File = tuple[str, bytes]


class ServerList:
    """The list as it grows: what is added comes back as files once a piece is full, the rest at the end."""

    def __init__(self) -> None:
        self._cells = Counter[tuple[Category, Risk]]()
        self._unclassified = 0
        self._pieces: list[Document] = []
        self._held: list[ServerBrief] = []

    def add(self, server: ServerBrief) -> Iterator[File]:
        """Take the next server by slug."""
        for tool in server.tools:
            if tool.category and tool.risk:
                self._cells[tool.category, tool.risk] += 1
            else:
                self._unclassified += 1
        self._held.append(server)
        if len(self._held) == SERVERS_A_PIECE:
            yield self._write_piece()

    def finish(self) -> Iterator[File]:
        """Write the last piece, the head, and the categories and risks with their counts."""
        if self._held or not self._pieces:
            yield self._write_piece()
        counts = {
            "servers": sum(piece["servers"] for piece in self._pieces),
            "tools": self._cells.total() + self._unclassified,
            "unclassified": self._unclassified,
        }
        yield addresses.SERVERS, dump(headed(**counts, pieces=self._pieces))
        yield addresses.CATEGORIES, dump(categories_document(self._cells))
        yield addresses.RISKS, dump(risks_document(self._cells, self._unclassified))

    def _write_piece(self) -> File:
        number, servers = len(self._pieces) + 1, self._held
        path = addresses.servers_piece(number)
        self._held = []
        self._pieces.append(
            {
                "document": path.removeprefix(f"{addresses.API}/"),
                "servers": len(servers),
                "first": servers[0].slug if servers else None,
                "last": servers[-1].slug if servers else None,
            }
        )
        return path, dump(headed(piece=number, servers=[orjson.Fragment(one.entry) for one in servers]))
