"""The whole catalog as files to download, put together from what is kept of each server.

Not for placing them on the site: they are written into a folder of the caller's. What needs a library that is not
installed is left out, and said to be.
"""

import hashlib
import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import orjson
from sqlalchemy import Engine

from catalog.records import CatalogServer
from catalog.session import reported_errors
from site_builder.api.documents import Document, dump, headed
from site_builder.api.table import ToolTable, tool_row

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
_LEVEL = 3

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


@cache
def find_libraries() -> Libraries:
    """Find what is installed here."""
    return Libraries(_find(*_ZSTD), _find("pyarrow"))


def compress_lines(server: CatalogServer, tools: Sequence[Document]) -> bytes:
    """Write a server's tools as compressed lines of JSON, whole by themselves; nothing without a Zstandard library.

    `tools` are what `tool_fields` gives of each.
    """
    zstd = find_libraries().zstd
    if zstd is None or not tools:
        return b""
    compressed: bytes = zstd.compress(b"".join(dump(tool_row(server, fields)) for fields in tools), _LEVEL)
    return compressed


def write_downloads(
    folder: Path, lines: Callable[[], Iterable[bytes]], copy: CopyCatalog | None, libraries: Libraries
) -> Downloads:
    """Write the files into `folder`, which exists and is empty.

    `lines` streams the compressed lines of all servers: one after the other, they are a file. `copy` writes the
    database, if there is one.
    """
    left_out: list[tuple[str, str]] = []
    if libraries.zstd is None:
        left_out.append((LINES, "no Zstandard library is installed here (backports.zstd)"))
    else:
        with (folder / LINES).open("wb") as file:
            file.writelines(lines())
            if not file.tell():
                file.write(libraries.zstd.compress(b""))
    if libraries.arrow is None or libraries.zstd is None:
        left_out.append((TABLE, "no Parquet library is installed here (pyarrow)"))
    else:
        with ToolTable(folder / TABLE, libraries.arrow) as table:
            for compressed in filter(None, lines()):
                table.write([orjson.loads(line) for line in libraries.zstd.decompress(compressed).splitlines()])
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
