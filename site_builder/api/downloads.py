"""The whole catalog as files to download, written in one pass over the servers, a few thousand tools in memory.

Not for placing them on the site: they are written into a folder of the caller's. What needs a library that is not
installed is left out, and said to be.
"""

import hashlib
import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Protocol

from sqlalchemy import Engine

from catalog.records import CatalogServer
from catalog.session import reported_errors
from site_builder.api.documents import Document, dump, headed
from site_builder.api.table import ToolTable, tool_row
from site_builder.judged import judge_server

LINES = "tools.jsonl.zst"
TABLE = "tools.parquet"
DATABASE = "catalog.db"
LICENCE = "Apache-2.0"
TERMS = (
    "Judgements, explanations and recommendations are made by Toolrisk and come under Apache-2.0. Names, descriptions "
    "and schemas of tools are quoted from their servers: they belong to their authors and come under the licence of "
    "each server, which the files name where it is known."
)
SAYS = {
    LINES: "Every tool with its definition, verdict, evidence and policy: one JSON object a line, Zstandard.",
    TABLE: "The same tools as a table, for DuckDB, pandas, Polars and the like: Apache Parquet.",
    DATABASE: "The catalog itself, which the command line reads: SQLite, with every look and change.",
}
_MEDIA_TYPE = {
    LINES: "application/zstd",
    TABLE: "application/vnd.apache.parquet",
    DATABASE: "application/vnd.sqlite3",
}
_ZSTD = ("compression.zstd", "backports.zstd")  # in the standard library from Python 3.14 on
_LEVEL = 9

CopyCatalog = Callable[[Path], bool]


@dataclass(frozen=True, slots=True)
class Download:
    """A file with the whole catalog."""

    path: Path
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class Downloads:
    """The files that were written, and those that were not, each with the reason."""

    files: tuple[Download, ...]
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Libraries:
    """The libraries that files need, None for one that is not installed: zstd as in Python 3.14, and pyarrow."""

    zstd: ModuleType | None
    arrow: ModuleType | None


class _Rows(Protocol):
    """What takes tools as they come."""

    def write(self, rows: Sequence[Document]) -> object:
        """Take some tools' rows."""


def find_libraries() -> Libraries:
    """Find what is installed here."""
    return Libraries(_find(*_ZSTD), _find("pyarrow"))


def write_downloads(
    folder: Path, servers: Iterable[CatalogServer], copy: CopyCatalog | None, libraries: Libraries
) -> Downloads:
    """Write the files into `folder`, which exists and is empty. `copy` writes the database, if there is one."""
    left_out: list[tuple[str, str]] = []
    with ExitStack() as stack:
        takers: list[_Rows] = []
        if libraries.zstd is None:
            left_out.append((LINES, "no Zstandard library is installed here (backports.zstd)"))
        else:
            takers.append(stack.enter_context(_lines(folder / LINES, libraries.zstd)))
        if libraries.arrow is None:
            left_out.append((TABLE, "no Parquet library is installed here (pyarrow)"))
        else:
            takers.append(stack.enter_context(ToolTable(folder / TABLE, libraries.arrow)))
        for server in servers if takers else ():
            rows = [tool_row(server, judged) for judged in judge_server(server).tools]
            for taker in takers:
                taker.write(rows)
    if copy is None or not copy(folder / DATABASE):
        left_out.append((DATABASE, "the catalog is not a SQLite file"))
    written = (folder / name for name in SAYS)
    return Downloads(tuple(_measure(path) for path in written if path.is_file()), tuple(left_out))


def copy_catalog(engine: Engine, out: Path) -> bool:
    """Write a consistent copy of the catalog, compacted, while others may go on writing it; False: it is no SQLite."""
    if engine.dialect.name != "sqlite":
        return False
    with reported_errors(str(out)), engine.connect() as connection:
        connection.exec_driver_sql("END")  # of the transaction that SQLAlchemy begins: within one, SQLite copies not
        connection.exec_driver_sql("VACUUM INTO ?", (str(out),))
    return True


def downloads_document(downloads: Downloads) -> Document:
    """Lay out the list of the files."""
    return headed(
        files=[
            {
                "name": one.name,
                "document": one.name,
                "media_type": _MEDIA_TYPE[one.name],
                "size": one.size,
                "sha256": one.sha256,
                "says": SAYS[one.name],
            }
            for one in downloads.files
        ],
        left_out=[{"name": name, "why": why} for name, why in downloads.left_out],
        licence=LICENCE,
        terms=TERMS,
    )


class _Lines:
    def __init__(self, file: BinaryIO, compressor: Any) -> None:
        self._file = file
        self._compressor = compressor

    def write(self, rows: Sequence[Document]) -> object:
        return self._file.write(self._compressor.compress(b"".join(dump(row) for row in rows)))


@contextmanager
def _lines(path: Path, zstd: ModuleType) -> Iterator[_Lines]:
    with path.open("wb") as file:
        compressor = zstd.ZstdCompressor(level=_LEVEL)
        yield _Lines(file, compressor)
        file.write(compressor.flush())


def _find(*names: str) -> ModuleType | None:
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def _measure(path: Path) -> Download:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return Download(path, path.stat().st_size, digest.hexdigest())
