"""Opening the catalog: made when it is new, migrated when it is older, its errors as one clear line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from catalog.address import Address, read_address
from catalog.dialects import BUSY_SECONDS, dump_json, make_engine, writing
from catalog.errors import CatalogError
from catalog.migrations import FIRST_VERSION, back_up, migrate
from catalog.models import SCHEMA_VERSION, catalog_info

__all__ = ["dump_json", "hold_catalog", "open_catalog", "reported_errors"]

_UNREACHABLE = "no PostgreSQL can be reached there; is it running, and are host and port right?"
# What a database says, in any case, and what is told instead; the first that fits; nothing: its own words.
_PLAIN = (
    ("password authentication failed", "the server refuses this user or password; correct the catalog's address"),
    ("no password supplied", "the server asks for a password; write it into the catalog's address"),
    ("no pg_hba.conf entry", "the server does not let this user in from here; allow it in its pg_hba.conf"),
    ('role "', "the server knows no such user; make it with `createuser`, or correct the catalog's address"),
    ("permission denied", "this user may not do that; let it own the database"),
    ("no schema has been selected", "this user may not do that; let it own the database"),
    ("server closed the connection", "the server ended the connection; nothing half-written was kept, run again"),
    ("terminating connection", "the server ended the connection; nothing half-written was kept, run again"),
    ("too many clients", "the server has no connection free; run fewer at once, or raise its max_connections"),
    ("fatal:", ""),
    *((said, _UNREACHABLE) for said in ("connection failed", "connection is bad", "resolve host", "timeout expired")),
    ("locked", f"another process holds it (waited {BUSY_SECONDS} s); nothing was written, try again"),
    ("busy", f"another process holds it (waited {BUSY_SECONDS} s); nothing was written, try again"),
    ("full", "the disk is full; nothing half-written was kept, free space and run again"),
    ("no space left", "the disk is full; nothing half-written was kept, free space and run again"),
    ("not a database", "not a catalog, or damaged; move it away and crawl again"),
    ("malformed", "not a catalog, or damaged; move it away and crawl again"),
    ("unable to open", "cannot be opened; does its folder exist, and may you write there?"),
    ("readonly database", "may not be written; it lies where you may only read"),
)


def open_catalog(url: str, *, create: bool = True) -> Engine:
    """Open the catalog at a SQLAlchemy URL: made when it is new, migrated when an older release made it.

    A SQLite file is copied beside itself before it is migrated. Raises CatalogError when it is missing (and not
    `create`), out of reach, locked, damaged, or made by a newer release.
    """
    address = read_address(url)
    try:
        engine = make_engine(address)
    except ImportError as error:
        reason = "PostgreSQL's driver is not installed; install toolrisk with its extra `postgres`"
        raise CatalogError(f"{address.shown}: {reason}") from error
    # Connecting would leave an empty file where there was none.
    if not create and address.file is not None and not Path(address.file).exists():
        raise _missing(address)
    try:
        with reported_errors(address.shown):
            with engine.connect() as connection:
                version = _schema_version(connection)
            if version == 0 and not create:
                raise _missing(address)
            if version != SCHEMA_VERSION:
                _bring_up(engine, address)
    except CatalogError:
        engine.dispose()
        raise
    return engine


@contextmanager
def hold_catalog(url: str) -> Iterator[None]:
    """Let nobody else crawl into a SQLite file meanwhile; the system frees it when a process dies.

    In PostgreSQL several may crawl at once: each leases the places it looks at. Raises CatalogError when the file is
    held by somebody.
    """
    address = read_address(url)
    if address.file is None:
        yield
        return
    try:
        with FileLock(f"{address.file}.lock", blocking=False):
            yield
    except Timeout:
        reason = "another crawl is writing it; nothing was done, run again when it has ended"
        raise CatalogError(f"{address.shown}: {reason}") from None


@contextmanager
def reported_errors(what: str) -> Iterator[None]:
    """Turn the database's own errors (out of reach, disk full, locked, damaged) into one CatalogError about `what`."""
    try:
        yield
    except DBAPIError as error:
        raise CatalogError(f"{what}: {_in_plain_words(str(error.orig))}") from error


def _in_plain_words(message: str) -> str:
    lowered = message.lower()
    if 'database "' in lowered and "does not exist" in lowered:
        return "the server has no such database; make it with `createdb`, or correct the catalog's address"
    plain = (told for said, told in _PLAIN if said in lowered)
    return next(plain, "") or message.rpartition("FATAL:")[2].strip().partition("\n")[0]


def _missing(address: Address) -> CatalogError:
    return CatalogError(f"{address.shown}: there is no catalog yet; run `toolrisk crawl` first")


def _schema_version(connection: Connection) -> int:
    if not inspect(connection).has_table("catalog_info"):
        return 0
    query = select(catalog_info.c.value).where(catalog_info.c.key == "schema_version")
    return int(connection.execute(query).scalar_one())


def _bring_up(engine: Engine, address: Address) -> None:
    """Make the tables, or bring those of an older release up to this one; of several processes, one does it."""
    with writing(engine) as connection:
        version = _schema_version(connection)
        if version == 0:
            SQLModel.metadata.create_all(connection)
            connection.execute(insert(catalog_info).values(key="schema_version", value=str(SCHEMA_VERSION)))
            return
        if version > SCHEMA_VERSION:
            raise CatalogError(
                f"{address.shown}: made by a newer release (schema {version}, this one knows {SCHEMA_VERSION});"
                " install that release, or take another catalog"
            )
        if version < FIRST_VERSION:
            raise CatalogError(
                f"{address.shown}: made before the first release (schema {version}); move it away and crawl again"
            )
        if version != SCHEMA_VERSION and address.file is not None:
            back_up(Path(address.file), version)
        migrate(connection, version, SCHEMA_VERSION)
