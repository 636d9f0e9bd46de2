"""What is kept of an import: progress and counts in the database, refused rows in a file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from core.access import Identity
from db.encounters.models import ImportBatch
from db.store import audit
from db.store.session import transaction
from db.tabular.tables import Refusal

_SHOWN = 20
Translate = Callable[[str], str]


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


class Refusals:
    """Counts refused rows, keeps the first ones to show and writes all of them to a file."""

    def __init__(self, file: TextIO | None, translate: Translate) -> None:
        self._file, self._translate = file, translate
        self._mark = (0, 0)
        self.count = 0
        self.first: list[Refusal] = []

    def add(self, refusal: Refusal) -> None:
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append(refusal)
        if self._file:
            reason = replace(refusal, sentence=self._translate(refusal.sentence))
            csv.writer(self._file).writerow([refusal.line, refusal.column, str(reason)])

    def mark(self) -> None:
        """What is refused up to here stands for every pass over the file."""
        self._mark = (self.count, self._file.tell() if self._file else 0)

    def rewind(self) -> None:
        """Forget what was refused since the mark, before the file is read again."""
        self.count, position = self._mark
        del self.first[self.count :]
        if self._file:
            self._file.seek(position)
            self._file.truncate()


@contextmanager
def refusals(path: Path | None, translate: Translate = str) -> Iterator[Refusals]:
    """Refusals that also go into a CSV file with line, column and reason, if a path is given."""
    with ExitStack() as stack:
        file = None
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            csv.writer(file).writerow(["line", "column", "reason"])
        yield Refusals(file, translate)
