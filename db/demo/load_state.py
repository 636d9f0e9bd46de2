"""Whether the demo was loaded, known without importing what loads it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.store.models import Meta

META = "demo"


def state(session: Session) -> str | None:
    """None before the demo was loaded, else loading or done."""
    return session.scalar(select(Meta.value).where(Meta.key == META))
