"""Where a catalog is: its address read, and shown without what is secret in it.

Not for connecting: that is dialects.py.
"""

import re
from dataclasses import dataclass

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from catalog.errors import CatalogError

_POSTGRESQL = "postgresql+psycopg"
# What of an address may hold a secret beside the password that stands before the host.
_SECRET = ("password", "sslpassword", "passfile", "sslkey")
_BACKENDS = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Address:
    """A catalog's address, and how it may be shown."""

    url: URL
    shown: str

    @property
    def file(self) -> str | None:
        """Give the path of a SQLite file; None for a server, or for a catalog in memory."""
        in_file = self.url.get_backend_name() == "sqlite" and self.url.database not in (None, "", ":memory:")
        return self.url.database if in_file else None


def read_address(url: str) -> Address:
    """Read a SQLAlchemy URL. Raises CatalogError when it is none, or one of a database that we do not speak to."""
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername=_POSTGRESQL)
        backend = parsed.get_dialect().name
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        shown = re.sub(r"(?<=://).*@", "***@", url)  # greedy: a password may hold an @ itself
        reason = "not a catalog's address; use a path, or postgresql+psycopg://user:password@host/database"
        raise CatalogError(f"{shown}: {reason}") from error
    shown = parsed.difference_update_query(_SECRET).render_as_string(hide_password=True)
    if backend not in _BACKENDS:
        raise CatalogError(f"{shown}: a catalog lies in SQLite or PostgreSQL, not in {backend}")
    return Address(parsed, shown)
