"""Opening the catalog: the engine, its schema version, and its errors as one clear line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, event, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlmodel import SQLModel, create_engine

from catalog.errors import CatalogError
from catalog.models import SCHEMA_VERSION, catalog_info

BUSY_SECONDS = 20


def open_catalog(url: str, *, create: bool = True) -> Engine:
    """Open the catalog at a SQLAlchemy URL, making its tables when it is new.

    Raises CatalogError when it is missing (and not `create`), locked, damaged, or of another version.
    """
    try:
        parsed = make_url(url)
        engine = create_engine(parsed, json_serializer=dump_json, json_deserializer=load_json)
    except (ArgumentError, NoSuchModuleError) as error:
        raise CatalogError(f"{url}: not a catalog's address ({error}); use a path or a SQLAlchemy URL") from error
    if parsed.get_backend_name() == "sqlite":
        _tune_sqlite(engine)
        # Connecting would leave an empty file where there was none.
        if not create and parsed.database and not Path(parsed.database).exists():
            raise CatalogError(f"{url}: there is no catalog yet; run `toolrisk crawl` first")
    with reported_errors(url), engine.begin() as connection:
        version = _schema_version(connection)
        if version == 0 and not create:
            raise CatalogError(f"{url}: there is no catalog yet; run `toolrisk crawl` first")
        if version not in (0, SCHEMA_VERSION):
            raise CatalogError(
                f"{url}: made by another release (schema {version}, this is {SCHEMA_VERSION});"
                " move it away and crawl again"
            )
        if version == 0:
            SQLModel.metadata.create_all(connection)
            connection.execute(insert(catalog_info).values(key="schema_version", value=str(SCHEMA_VERSION)))
    return engine


@contextmanager
def hold_catalog(url: str) -> Iterator[None]:
    """Let nobody else crawl into a catalog of this machine meanwhile; the system frees it when a process dies.

    Raises CatalogError when somebody does.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        yield
        return
    try:
        with FileLock(f"{parsed.database}.lock", blocking=False):
            yield
    except Timeout:
        reason = "another crawl is writing it; nothing was done, run again when it has ended"
        raise CatalogError(f"{url}: {reason}") from None


@contextmanager
def reported_errors(what: str) -> Iterator[None]:
    """Turn the database's own errors (disk full, locked, damaged) into one CatalogError about `what`."""
    try:
        yield
    except DBAPIError as error:
        raise CatalogError(f"{what}: {_in_plain_words(str(error.orig))}") from error


def _in_plain_words(message: str) -> str:
    lowered = message.lower()
    if "locked" in lowered or "busy" in lowered:
        return f"another process holds it (waited {BUSY_SECONDS} s); nothing was written, try again"
    if "full" in lowered:
        return "the disk is full; nothing half-written was kept, free space and run again"
    if "not a database" in lowered or "malformed" in lowered:
        return "not a catalog, or damaged; move it away and crawl again"
    if "unable to open" in lowered:
        return "cannot be opened; does its folder exist, and may you write there?"
    return message


def _schema_version(connection: Connection) -> int:
    if not inspect(connection).has_table("catalog_info"):
        return 0
    query = select(catalog_info.c.value).where(catalog_info.c.key == "schema_version")
    return int(connection.execute(query).scalar_one())


def _tune_sqlite(engine: Engine) -> None:
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, or reads would not be in a transaction
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA page_size = 16384")  # of a new file: rows of 1 to 2 KB leave little of such a page empty
        cursor.execute("PRAGMA cache_size = -65536")  # KiB: digests come in any order, and touch pages everywhere
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")  # with WAL: no corruption, at worst the last commit is redone
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))


def dump_json(value: object) -> str:
    """Write JSON as the catalog's columns hold it."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS).decode()


def load_json(text_: str) -> Any:
    """Read JSON as the catalog's columns hold it."""
    return orjson.loads(text_)
