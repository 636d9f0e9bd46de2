"""What the database remembers of an import: its progress, its counts, who ran it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from core.access import Identity
from db.encounters.models import ImportBatch
from db.store import audit
from db.store.session import transaction


@dataclass
class RowCounts:
    """How many rows were read, and what became of them."""

    read: int = 0
    added: int = 0
    unchanged: int = 0
    updated: int = 0
    refused: int = 0


def begin(engine: Engine, kind: str, file_name: str, who: Identity | None, now: datetime) -> int:
    """Note the start of an import; gives its number."""
    with transaction(engine) as session:
        batch = ImportBatch(
            kind=kind,
            file_name=file_name[:255],
            user_id=who.user_id if who else None,
            started_at=now,
            counts={**asdict(RowCounts()), "share": 0.0},
        )
        session.add(batch)
        session.flush()  # its number is what the caller needs
        return batch.id


def advance(session: Session, batch_id: int, counts: RowCounts, share: float) -> None:
    """Note how far an import has come, in the transaction of its rows."""
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id)
        .values(counts={**asdict(counts), "share": share})
    )


def finish(
    engine: Engine, batch_id: int, counts: RowCounts, who: Identity | None, now: datetime
) -> None:
    with transaction(engine) as session:
        session.execute(
            update(ImportBatch)
            .where(ImportBatch.id == batch_id)
            .values(counts={**asdict(counts), "share": 1.0}, finished_at=now)
        )
        subject = ("import", batch_id)
        audit.record(session, who, "import", subject, now=now, **asdict(counts))
