"""All rows of a catalog, to compare one with itself at another time or in another database."""

from typing import Any

from sqlalchemy import Engine, MetaData, select


def all_rows(engine: Engine, *, but: tuple[str, ...] = ("leased_until",)) -> dict[str, list[tuple[str, ...]]]:
    """Give every table's rows as the database has them, in an order of their own, some columns left out."""
    held = MetaData()
    held.reflect(engine)
    rows: dict[str, list[tuple[str, ...]]] = {}
    with engine.connect() as connection:
        for name, table in held.tables.items():
            columns: list[Any] = [column for column in table.columns if column.name not in but]
            rows[name] = sorted(tuple(map(repr, row)) for row in connection.execute(select(*columns)))
    return rows
