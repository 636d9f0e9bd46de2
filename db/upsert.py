"""Inserts that may meet a row which is there (ON CONFLICT), and changes of many rows at once.

Alike on both databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.models.base import Model, table_of


def dialect_of(session: Session) -> str:
    return session.get_bind().dialect.name


def insert_into(model: type[Model], dialect: str) -> Any:  # noqa: ANN401  one of two Insert types
    return (postgresql if dialect == "postgresql" else sqlite).insert(table_of(model))


def write_each(
    session: Session, model: type[Model], rows: Iterable[tuple[int, Mapping[str, Any]]]
) -> None:
    """Set the given attributes of each row, by its id; those that are alike go in one statement."""
    alike: dict[frozenset[str], list[dict[str, Any]]] = {}
    for row_id, values in rows:
        alike.setdefault(frozenset(values), []).append({**values, "id": row_id})
    for names, group in alike.items():
        if names:
            session.execute(update(model), group)
