"""Catalogs of older releases brought up to this one, step by step from the first released schema on.

A step is a module with `upgrade` and `downgrade`, written with Alembic's operations. Schema versions are whole numbers
in one row, one after the other, so Alembic's graph of revisions, its own table and its settings are not needed.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, update

from catalog.errors import CatalogError
from catalog.migrations import schema_6
from catalog.models import catalog_info

FIRST_VERSION = 5
STEPS = {6: schema_6}  # by the version that each leads to


def migrate(connection: Connection, version: int, wanted: int) -> None:
    """Bring a catalog's tables from one schema version to another, up or down, in the transaction of `connection`."""
    # Hardly any run needs it, and it takes longer to load than most commands take.
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.operations import Operations  # noqa: PLC0415

    operations = Operations(MigrationContext.configure(connection))
    for step in range(version + 1, wanted + 1):
        STEPS[step].upgrade(operations)
    for step in range(version, wanted, -1):
        STEPS[step].downgrade(operations)
    noted = update(catalog_info).where(catalog_info.c.key == "schema_version").values(value=str(wanted))
    connection.execute(noted)


def back_up(file: Path, version: int) -> Path:
    """Copy a SQLite catalog beside itself, whole or not at all, before it is migrated; give the copy's path.

    Others may read it meanwhile. Raises CatalogError when there is no room for it.
    """
    copy = file.with_name(f"{file.name}.schema{version}.bak")
    unfinished = copy.with_name(f"{copy.name}.part")
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
            source.backup(target)
        unfinished.replace(copy)
    except (OSError, sqlite3.Error) as error:
        reason = f"could not be copied to {copy.name} ({error}), so it was not migrated; free space and run again"
        raise CatalogError(f"{file}: {reason}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return copy
