"""Sealing the audit log in the background: no submission ever waits for it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, Row, select
from sqlalchemy.orm import Session

from core.clock.days import day_of
from core.safekeeping.seals import Batch, Seal, digest, mac
from db.safekeeping.models import AuditSeal, OpeningDay
from db.store.days import LOG_ZONE
from db.store.files import FileKey, FileKind, Files
from db.store.keys import Keys
from db.store.models import AuditEvent
from db.store.session import dialect_of, insert_into, reading, transaction
from db.store.settling import settled

PURPOSE = "audit seal"
OPENINGS = ("view", "preview", "print", "listen", "unmask")
"""What counts as opening an encounter."""
_CHECKPOINTS = FileKey(FileKind.CHECKPOINTS, "checkpoints.jsonl")
_BATCH = 5_000


class Checkpoint(NamedTuple):
    """The newest seal at some moment, written down outside the database."""

    number: int
    last: int
    mac: str
    at: str


@dataclass(frozen=True)
class Sealer:
    """Seals what is settled and writes a checkpoint after it."""

    engine: Engine
    keys: Keys
    files: Files

    def seal(self, *, now: datetime) -> int:
        """Seal every settled entry; how many there were."""
        upto, sealed = settled(self.engine, AuditEvent), 0
        while count := self._seal_batch(upto, now):
            sealed += count
        self._write_checkpoint()
        return sealed

    def _seal_batch(self, upto: int, now: datetime) -> int:
        """The entries are read and hashed first; only the seal itself needs the write lock."""
        with reading(self.engine) as session:
            before = newest_seal(session)
            rows = _entries_after(session, before.batch.last if before else 0, upto)
        if not rows:
            return 0
        first = before.batch.last + 1 if before else 1
        batch = Batch(
            first=first, last=rows[-1].id, entries=len(rows), newest_at=max(row.at for row in rows)
        )
        number = before.number + 1 if before else 1
        seal = AuditSeal(
            id=number,  # two sealers at once would meet here, and one of them fails
            first_id=batch.first,
            last_id=batch.last,
            entries=batch.entries,
            newest_at=batch.newest_at,
            mac=mac(
                self.keys.derive(PURPOSE),
                before=before.mac if before else "",
                number=number,
                batch=batch,
                entries=digest(map(tuple, rows)),
            ),
            sealed_at=now,
        )
        with transaction(self.engine) as session:
            session.add(seal)
            _count_openings(session, rows)
        return len(rows)

    def _write_checkpoint(self) -> None:
        with reading(self.engine) as session:
            newest = newest_seal(session)
        written = checkpoints(self.files)
        if newest is None or (written and written[-1].number >= newest.number):
            return
        point = Checkpoint(
            number=newest.number,
            last=newest.batch.last,
            mac=newest.mac,
            at=newest.sealed_at.isoformat(),
        )
        self.files.append(_CHECKPOINTS, f"{json.dumps(point._asdict())}\n".encode())


def checkpoints(files: Files) -> list[Checkpoint]:
    """Every checkpoint, oldest first; a line that a crash cut short is left out."""
    lines = (files.read(_CHECKPOINTS) or b"").decode().splitlines()
    return [Checkpoint(**json.loads(line)) for line in lines if line.endswith("}")]


def newest_seal(session: Session) -> Seal | None:
    row = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    return seal_of(row) if row else None


def seal_of(row: AuditSeal) -> Seal:
    batch = Batch(
        first=row.first_id, last=row.last_id, entries=row.entries, newest_at=row.newest_at
    )
    return Seal(
        number=row.id,
        batch=batch,
        mac=row.mac,
        sealed_at=row.sealed_at,
        pruned_at=row.pruned_at,
        prune_mac=row.prune_mac,
    )


def entries_between(session: Session, first: int, last: int) -> list[Row[Any]]:
    """Whole entries in the order of their numbers, both ends included."""
    return _read(session, first, last, None)


def _entries_after(session: Session, sealed: int, upto: int) -> list[Row[Any]]:
    return _read(session, sealed + 1, upto, _BATCH)


def _read(session: Session, first: int, last: int, limit: int | None) -> list[Row[Any]]:
    query = (
        select(
            AuditEvent.id,
            AuditEvent.at,
            AuditEvent.user_id,
            AuditEvent.action,
            AuditEvent.object_type,
            AuditEvent.object_id,
            AuditEvent.reason,
            AuditEvent.details,
        )
        .where(AuditEvent.id.between(first, last))
        .order_by(AuditEvent.id)
        .limit(limit)
    )
    return list(session.execute(query))


def _count_openings(session: Session, rows: Sequence[Row[Any]]) -> None:
    counted: Counter[tuple[date, int]] = Counter(
        (day_of(row.at, LOG_ZONE), row.user_id)
        for row in rows
        if row.user_id and row.action in OPENINGS
    )
    insert = insert_into(OpeningDay, dialect_of(session))
    if counted:
        session.execute(
            insert.on_conflict_do_update(
                index_elements=["day", "user_id"],
                set_={"opened": OpeningDay.opened + insert.excluded.opened},
            ),
            [
                {"day": day, "user_id": user, "opened": opened}
                for (day, user), opened in sorted(counted.items())
            ],
        )
