"""Many rows written at once: statements made by SQLAlchemy Core, handed to the driver with plain tuples.

Core's own way through its types takes most of the time of a bulk load; JSON comes here as text already.
"""

from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy.sql.dml import UpdateBase

Rows = Sequence[Sequence[object]]


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
