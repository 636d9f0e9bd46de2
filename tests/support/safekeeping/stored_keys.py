"""What a database holds of its key, and everything else it holds."""

from __future__ import annotations

from sqlalchemy import select

from db.safekeeping.models import DatabaseKey
from db.store.base import Model
from db.store.session import reading


def everything(engine):
    """Each table's rows."""
    with reading(engine) as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table))))
            for table in Model.metadata.sorted_tables
        }


def stored(engine):
    """The id of the key, and of the one that a change has begun with."""
    with reading(engine) as session:
        row = session.get_one(DatabaseKey, 1)
        return row.key_id, row.next_id
