"""Where SQLite and PostgreSQL differ, all of it: opening, writing alone, upserts, order of text, many rows at once.

Not for what the catalog holds; and everything else is written once, for both.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Insert, String, Table, column, event, func, select, text
from sqlalchemy import table as sql_table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlmodel import create_engine

from catalog.address import Address

BUSY_SECONDS = 20
_CONNECT_SECONDS = 10
_WRITING = 0x746F6F6C  # any number that no other program locks in the same database

# Without it PostgreSQL sorts by its locale; a site's pages must not depend on that.
TEXT = String().with_variant(String(collation="C"), "postgresql")


def make_engine(address: Address) -> Engine:
    """Make the engine of a catalog; nothing is connected yet. Raises ImportError when the driver is not installed."""
    if address.url.get_backend_name() == "sqlite":
        engine = create_engine(address.url, json_serializer=dump_json, json_deserializer=load_json)
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        address.url,
        json_serializer=dump_json,
        json_deserializer=load_json,
        isolation_level="REPEATABLE READ",  # what one reader reads is of one moment, as it is in SQLite
        connect_args={} if "connect_timeout" in address.url.query else {"connect_timeout": _CONNECT_SECONDS},
    )


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a transaction in which nobody else writes, so that what is read in it still holds when it is written.

    Others wait for it, in SQLite for at most BUSY_SECONDS. Fetch and work out before, not in it.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execution_options(begins="BEGIN IMMEDIATE")
        else:  # each statement then sees what was committed while the lock was waited for
            connection.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            if engine.dialect.name != "sqlite":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")
            yield connection


@contextmanager
def holding(engine: Engine, what: str) -> Iterator[bool]:
    """Tell whether nobody else holds a thing of this name, and hold it; the system frees it when a process dies.

    In SQLite nobody else can: `hold_catalog` keeps other crawls out.
    """
    if engine.dialect.name == "sqlite":
        yield True
        return
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        free = bool(connection.scalar(select(func.pg_try_advisory_lock(_WRITING, func.hashtext(what)))))
        try:
            yield free
        finally:
            if free:
                connection.execute(select(func.pg_advisory_unlock(_WRITING, func.hashtext(what))))


def has_many_crawlers(engine: Engine) -> bool:
    """Tell whether several crawls may write at once; a SQLite file is held by one, see `hold_catalog`."""
    return engine.dialect.name != "sqlite"


def insert_new(connection: Connection, table: Table) -> Insert:
    """Give an INSERT that leaves rows alone that are there already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def copy_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[object]], *, only_new: bool
) -> bool:
    """Write rows by PostgreSQL's COPY; False where there is no such thing and nothing was done.

    `only_new` leaves rows alone that are there already; COPY itself cannot, so they go by way of a temporary table.
    """
    if connection.dialect.name == "sqlite":
        return False
    quote = connection.dialect.identifier_preparer.quote
    own, named = quote(table.name), ", ".join(map(quote, columns))
    if not only_new:
        _copy(connection, f"COPY {own} ({named}) FROM STDIN", rows)
        return True
    copied = sql_table("new_row", *map(column, columns))
    connection.execute(text(f"CREATE TEMPORARY TABLE new_row AS SELECT {named} FROM {own} WITH NO DATA"))  # noqa: S608
    _copy(connection, f"COPY new_row ({named}) FROM STDIN", rows)
    connection.execute(insert_new(connection, table).from_select(list(columns), select(copied)))
    connection.execute(text("DROP TABLE new_row"))
    return True


def _copy(connection: Connection, statement: str, rows: Sequence[Sequence[object]]) -> None:
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(statement, None, error) from error


def dump_json(value: object) -> str:
    """Write JSON as the catalog's columns hold it."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS).decode()


def load_json(stored: str | bytes) -> Any:
    """Read JSON as the catalog's columns hold it."""
    return orjson.loads(stored)


def _tune_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below, or reads would not be in a transaction
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA page_size = 16384")  # of a new file: rows of 1 to 2 KB leave little of such a page empty
    cursor.execute("PRAGMA cache_size = -65536")  # KiB: digests come in any order, and touch pages everywhere
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")  # with WAL: no corruption, at worst the last commit is redone
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begins", "BEGIN"))
