"""Reading what was imported, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.encounters.models import ImportBatch
from db.people.models import User


class ImportRow(NamedTuple):
    """One import; `finished_at` is None while it runs, or when it stopped before its end."""

    id: int
    kind: str
    file_name: str
    user_name: str | None
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, int | float]


def recent_imports(session: Session, who: Identity, *, limit: int = 20) -> list[ImportRow]:
    require(who, Action.IMPORT)
    rows = session.execute(
        select(
            ImportBatch.id,
            ImportBatch.kind,
            ImportBatch.file_name,
            User.name.label("user_name"),
            ImportBatch.started_at,
            ImportBatch.finished_at,
            ImportBatch.counts,
        )
        .join(User, User.id == ImportBatch.user_id, isouter=True)
        .order_by(ImportBatch.id.desc())
        .limit(limit)
    )
    return [ImportRow(**row._asdict()) for row in rows]
