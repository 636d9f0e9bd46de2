"""Inserts that may meet a row which is there (ON CONFLICT), alike on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from db.models.base import Model, table_of


def dialect_of(session: Session) -> str:
    return session.get_bind().dialect.name


def insert_into(model: type[Model], dialect: str) -> Any:  # noqa: ANN401  one of two Insert types
    return (postgresql if dialect == "postgresql" else sqlite).insert(table_of(model))
