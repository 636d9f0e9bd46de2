"""Up to which row of a growing table nothing can appear any more, without holding a writer up.

SQLite has one writer, so numbers appear in order. In PostgreSQL a transaction may commit a lower
number after a higher one; but whoever holds a number also holds a lock on the table until its end.
"""

from __future__ import annotations

import time

from sqlalchemy import Engine, func, select, text

from db.store.base import Model, table_of
from db.store.session import reading

_PATIENCE_SECONDS = 5.0
_HOLDERS = text(
    "SELECT DISTINCT virtualtransaction FROM pg_locks WHERE locktype = 'relation'"
    " AND relation = CAST(:name AS regclass) AND mode = 'RowExclusiveLock'"
)


def settled(engine: Engine, model: type[Model]) -> int:
    """The highest `id` below which every row is there, or never will be.

    0 where a transaction that may still add one takes too long, such as an import.
    """
    table = table_of(model)
    with reading(engine) as session:
        newest = session.scalar(select(func.max(table.c.id))) or 0
    if engine.dialect.name == "sqlite" or _writers_have_ended(engine, table.name):
        return newest
    return 0


def _writers_have_ended(engine: Engine, table: str) -> bool:
    """Wait for those who write to a table now, and for nobody who comes after them."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        waiting = set(connection.scalars(_HOLDERS, {"name": table}))
        while waiting := waiting & set(connection.scalars(_HOLDERS, {"name": table})):
            if time.monotonic() > give_up:
                return False
            time.sleep(0.02)
    return True
