"""Tables that are changed behind the back of the revisions."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.operations import Operations

from db.migrations import migrate

LACKING = (
    "ALTER TABLE authenticator DROP COLUMN begun_in",
    "table authenticator: column begun_in is missing",
)


def run(engine, *statements):
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def altered(engine, change):
    """Change a table as a revision would, made anew where SQLite cannot do otherwise."""
    with migrate._changing(engine) as connection:
        change(Operations(MigrationContext.configure(connection)))
