"""How types of ours are written into a revision, so that it needs nothing of the portal's code."""

from __future__ import annotations

from typing import Literal

from alembic.autogenerate.api import AutogenContext

from db.store.base import PersonalJson, PersonalText, UtcDateTime


def rendered(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    """The text for what Alembic cannot write by itself; False leaves it to Alembic."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, PersonalText):
        return f"sa.String(length={item.length})" if item.length else "sa.Text()"
    if kind == "type" and isinstance(item, PersonalJson):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False
