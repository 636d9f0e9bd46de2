"""The tables of the search index, which are no models."""

from __future__ import annotations

from alembic import op

from db import search_index


def install() -> None:
    for statement in search_index.CREATE[op.get_bind().dialect.name]:
        op.execute(statement)


def remove() -> None:
    op.execute(search_index.DROP)
