"""Many rows written at once: statements made by SQLAlchemy Core, handed to the driver with plain tuples.

Core's own way through its types takes most of the time of a bulk load; JSON comes here as text already.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import JSON, Connection, Table, insert
from sqlalchemy.sql.dml import UpdateBase

from catalog.dialects import copy_rows, dump_json, insert_new

Rows = Sequence[Sequence[object]]


def add_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Rows, *, only_new: bool = False
) -> None:
    """Insert rows, the fastest way there is; `only_new` leaves those alone whose key is there already.

    `columns` name their values; JSON columns take text.
    """
    if rows and not copy_rows(connection, table, columns, rows, only_new=only_new):
        write_rows(connection, insert_new(connection, table) if only_new else insert(table), columns, rows)


def add_mappings(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that all have the same columns; values of JSON columns become text, and None becomes NULL."""
    if not rows:
        return
    columns = list(rows[0])
    as_json = {column.name for column in table.columns if isinstance(column.type, JSON)}
    ways = [dump_json if column in as_json else _as_it_is for column in columns]
    given = [
        [None if row[column] is None else way(row[column]) for column, way in zip(columns, ways, strict=True)]
        for row in rows
    ]
    add_rows(connection, table, columns, given)


def write_rows(connection: Connection, statement: UpdateBase, columns: Sequence[str], rows: Rows) -> None:
    """Run an INSERT, UPDATE or DELETE once for each row.

    `columns` name the statement's parameters in the order of a row's values: the inserted columns, or the names of
    its `bindparam`s. JSON columns take text.
    """
    if not rows:
        return
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(columns))
    if not compiled.positional:
        connection.exec_driver_sql(str(compiled), [dict(zip(columns, row, strict=True)) for row in rows])
        return
    order = [columns.index(name) for name in compiled.positiontup or ()]
    in_order = order == list(range(len(columns)))
    given = [tuple(row) for row in rows] if in_order else [tuple(row[at] for at in order) for row in rows]
    connection.exec_driver_sql(str(compiled), given)


def _as_it_is(value: object) -> object:
    return value
