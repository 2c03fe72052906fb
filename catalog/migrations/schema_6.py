"""From schema 5 to 6: a place is leased by one of several crawls; servers found, tools counted by indices."""

from typing import TYPE_CHECKING

from sqlalchemy import Column

from catalog.dialects import TEXT

if TYPE_CHECKING:
    from alembic.operations import Operations

_NEW = (
    ("server", "name"),
    ("server", "package_id"),
    ("package", "name"),
    ("package", "target"),
    ("snapshot", "looked_at"),
    ("issue", "cause"),
)
_COUNTED = ("server_id", "definition_digest", "category", "risk")
_OLD = (("assessment", "server_id"), ("assessment", "category"), ("assessment", "risk"))


def upgrade(operations: "Operations") -> None:
    """Add what is new; no row changes."""
    operations.add_column("package", Column("leased_until", TEXT, nullable=True))
    for table, column in _NEW:
        operations.create_index(f"ix_{table}_{column}", table, [column])
    operations.create_index("ix_assessment_counted", "assessment", _COUNTED)
    for table, column in _OLD:
        operations.drop_index(f"ix_{table}_{column}", table)


def downgrade(operations: "Operations") -> None:
    """Take it away again; a place that is leased is due again."""
    for table, column in _OLD:
        operations.create_index(f"ix_{table}_{column}", table, [column])
    operations.drop_index("ix_assessment_counted", "assessment")
    for table, column in _NEW:
        operations.drop_index(f"ix_{table}_{column}", table)
    operations.drop_column("package", "leased_until")
