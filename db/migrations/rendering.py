"""How types of ours are written into a revision, so that it needs nothing of the portal's code."""

from __future__ import annotations

from typing import Literal

from db.store.base import UtcDateTime


def rendered(kind: str, item: object, _context: object) -> str | Literal[False]:
    """The text for what Alembic cannot write by itself; False leaves it to Alembic."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False
