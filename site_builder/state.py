"""What a built site remembers, in a SQLite file in its folder: which files it has, what they were made from, briefs.

A build is one transaction of it: whatever breaks it off, the state is that of the last whole site. Not for the files.
"""

import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

FORMAT = 1
_KEPT = ", ".join(f"{name} blob not null" for name in ("tool_files", "page_files", "brief", "search", "lines"))
_TABLES = (
    "create table meta (key text primary key, value text not null) without rowid",
    "create table unit (name text primary key, inputs text not null, files blob not null) without rowid",
    f"create table server (slug text primary key, tools text not null, page text not null, {_KEPT})",
    "create table stale (path text primary key) without rowid",
)
_BUSY_SECONDS = 5

FileRecord = tuple[str, str, int, int]  # path, digest, bytes, time of the last change in nanoseconds


class ForeignFolderError(FileExistsError):
    """The output folder holds files that we did not make, or a state that is not one of ours."""


class BusyFolderError(OSError):
    """Another build is writing the folder."""


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server as it was built: digests of what its tools' pages and its own were made from, and what is kept of it.

    `tool_files` and `page_files` are records of files, `lines` its tools as compressed JSON lines.
    """

    slug: str
    tools: str
    page: str
    tool_files: bytes
    page_files: bytes
    brief: bytes
    search: bytes
    lines: bytes


class SiteState:
    """The state of a site, read and changed within one transaction. `is_new` tells that no build was ever finished."""

    def __init__(self, path: Path) -> None:
        self.is_new = False
        self._database = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            self._open(path.with_name(f"{path.name}-journal"))
        except sqlite3.DatabaseError as error:
            self._database.close()
            if "locked" in str(error):
                raise BusyFolderError(errno.EBUSY, "another build is writing the site", str(path)) from error
            if isinstance(error, sqlite3.OperationalError):
                raise OSError(errno.EIO, f"the state of the site cannot be opened ({error})", str(path)) from error
            raise _refuse(path) from error

    def _open(self, journal: Path) -> None:
        self._database.execute("pragma synchronous = normal")
        self._database.execute("begin immediate")
        (made,) = self._database.execute("pragma user_version").fetchone()
        (tables,) = self._database.execute("select count(*) from sqlite_master").fetchone()
        self.is_new = made == tables == 0  # or a first build was broken off
        if journal.exists():  # of a build that was killed: after a write, SQLite removes it
            self._database.execute(f"pragma user_version = {made}")
        if self.is_new:
            for table in _TABLES:
                self._database.execute(table)
            self._database.execute(f"pragma user_version = {FORMAT}")
        elif made != FORMAT:
            raise sqlite3.DatabaseError("of another format")

    def read_unit(self, name: str) -> tuple[str, list[FileRecord]]:
        """Give what a unit was made from and its files; nothing when it is not known."""
        row = self._database.execute("select inputs, files from unit where name = ?", (name,)).fetchone()
        return (row[0], load_files(row[1])) if row else ("", [])

    def unit_names(self) -> set[str]:
        """Name all units."""
        return {name for (name,) in self._database.execute("select name from unit")}

    def write_unit(self, name: str, inputs: str, files: list[FileRecord]) -> None:
        """Remember a unit."""
        self._database.execute("insert or replace into unit values (?, ?, ?)", (name, inputs, dump_files(files)))

    def remove_unit(self, name: str) -> None:
        """Forget a unit; its files become stale."""
        self.add_stale(path for path, *_ in self.read_unit(name)[1])
        self._database.execute("delete from unit where name = ?", (name,))

    def server_keys(self) -> dict[str, tuple[str, str]]:
        """Give the digests of all servers by slug."""
        rows = self._database.execute("select slug, tools, page from server")
        return {slug: (tools, page) for slug, tools, page in rows}

    def server_files(self, slug: str) -> tuple[bytes, bytes]:
        """Give the records of the files of a server's tools, and of its own."""
        query = "select tool_files, page_files from server where slug = ?"
        row = self._database.execute(query, (slug,)).fetchone()
        return (row[0], row[1]) if row else (b"[]", b"[]")

    def iter_servers(self) -> Iterator[ServerState]:
        """Stream all servers by slug."""
        for row in self._database.execute("select * from server order by slug"):
            yield ServerState(*row)

    def iter_column(self, column: str) -> Iterator[bytes]:
        """Stream one of the kept columns of all servers by slug."""
        for (content,) in self._database.execute(f"select {column} from server order by slug"):  # noqa: S608 - ours
            yield content

    def write_server(self, server: ServerState) -> None:
        """Remember a server."""
        values = (getattr(server, name) for name in ServerState.__slots__)
        self._database.execute("insert or replace into server values (?, ?, ?, ?, ?, ?, ?, ?)", tuple(values))

    def remove_server(self, slug: str) -> None:
        """Forget a server; its files become stale."""
        for content in self.server_files(slug):
            self.add_stale(path for path, *_ in load_files(content))
        self._database.execute("delete from server where slug = ?", (slug,))

    def add_stale(self, paths: Iterator[str]) -> None:
        """Note files that are to be removed."""
        self._database.executemany("insert or ignore into stale values (?)", ((path,) for path in paths))

    def iter_stale(self) -> Iterator[str]:
        """Stream the paths of files that are to be removed."""
        for (path,) in self._database.execute("select path from stale order by path"):
            yield path

    def spare(self, paths: Iterator[str]) -> None:
        """Note that files are not to be removed after all."""
        self._database.executemany("delete from stale where path = ?", ((path,) for path in paths))

    def is_switching(self) -> bool:
        """Tell whether the files of a finished build were not all put to their places."""
        return self._database.execute("select 1 from meta where key = 'switching'").fetchone() is not None

    def has_changed(self) -> bool:
        """Tell whether anything was noted since the state was opened."""
        return self._database.total_changes > 0

    def begin_switch(self) -> None:
        """Make the new state the one that holds: from here on, the new files have to be put to their places."""
        self._database.execute("insert or replace into meta values ('switching', '')")
        self._database.execute("commit")

    def end_switch(self) -> None:
        """Note that all files are in their places."""
        if not self._database.in_transaction:
            self._database.execute("begin immediate")
        self._database.execute("delete from stale")
        self._database.execute("delete from meta where key = 'switching'")
        self._database.execute("commit")

    def begin(self) -> None:
        """Begin the transaction of another build."""
        self._database.execute("begin immediate")

    def close(self) -> None:
        """Let go of the state; what was not switched to is forgotten."""
        if self._database.in_transaction:
            self._database.execute("rollback")
        self._database.close()


def dump_files(files: list[FileRecord]) -> bytes:
    """Write records of files as bytes."""
    return orjson.dumps(files)


def load_files(content: bytes) -> list[FileRecord]:
    """Read records of files again."""
    return [(path, digest, size, changed) for path, digest, size, changed in orjson.loads(content)]


def _refuse(path: Path) -> ForeignFolderError:
    reason = "the state of the site cannot be read; build into an empty folder"
    return ForeignFolderError(errno.EEXIST, reason, str(path))
