"""What the worker does for the safety of the data, by the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from core.jobs import kinds
from core.jobs.kinds import JobKind
from core.settings import Settings
from db.importing.import_job import drop_strays
from db.importing.uploaded_files import drop_old
from db.jobs.engine import Times
from db.jobs.record import forget_old
from db.safekeeping.backups.backup import backup
from db.safekeeping.backups.restore import try_restore
from db.safekeeping.database_key import keys_for
from db.safekeeping.log_sealing import Sealer, checkpoints
from db.safekeeping.log_verification import verify
from db.safekeeping.queries.seals import note_verdict
from db.safekeeping.retention import retain
from db.store.event_reading import drop_read
from db.store.files import files_of
from db.store.session import reading, transaction

Counts = dict[str, int]


@dataclass(frozen=True)
class Duty:
    """Something done by the clock, each time as a job; `do` gives the counts of its outcome."""

    kind: JobKind
    times: Times
    do: Callable[[], Counts]


def duties(settings: Settings, engine: Engine) -> list[Duty]:
    """The log is sealed every minute, old uploads dropped, and all checked and saved by night."""
    keeper = Duties(settings, engine)
    on_sunday = Times(minute="10", hour="2", day_of_week="0")
    by_night = [
        Duty(kinds.BACKUP, Times(minute="40", hour="1"), keeper.backup),
        Duty(kinds.TEST_RESTORE, on_sunday, keeper.test_restore),
    ]
    return [
        Duty(kinds.SEAL_LOG, Times(), keeper.seal),
        Duty(kinds.CHECK_LOG, Times(minute="20", hour="1"), keeper.check),
        Duty(kinds.RETAIN, Times(minute="10", hour="3"), keeper.retain),
        Duty(kinds.DROP_UPLOADS, Times(minute="23"), keeper.drop_uploads),
        *(by_night if settings.nightly_backup else ()),
    ]


@dataclass(frozen=True)
class Duties:
    """Each may be repeated at any time; what is done already is left alone."""

    settings: Settings
    engine: Engine

    def seal(self) -> Counts:
        keys = keys_for(self.engine, self.settings.var_dir)
        sealer = Sealer(self.engine, keys, files_of(self.settings))
        return {"entries": sealer.seal(now=datetime.now(UTC))}

    def check(self) -> Counts:
        keys = keys_for(self.engine, self.settings.var_dir)
        with reading(self.engine) as session:
            verdict = verify(session, keys, checkpoints(files_of(self.settings)))
        with transaction(self.engine) as session:
            note_verdict(session, verdict, now=datetime.now(UTC))
        return {"entries": verdict.entries, "findings": len(verdict.findings)}

    def retain(self) -> Counts:
        """What is over its time of keeping goes, and so do old jobs and events that are read."""
        now = datetime.now(UTC)
        removed = retain(self.engine, self.settings, now=now)
        with transaction(self.engine) as session:
            forget_old(session, now=now)
        drop_read(self.engine, now=now)
        return {"removed": sum(removed.values())}

    def drop_uploads(self) -> Counts:
        """They hold clear personal data, and nobody may come to import them or send others."""
        files, now = files_of(self.settings), datetime.now(UTC)
        dropped = drop_old(self.engine, files, now=now)
        return {"files": dropped + drop_strays(self.engine, files, now=now)}

    def backup(self) -> Counts:
        made = backup(self.engine, self.settings, self.settings.backups)
        return {"rows": sum(made.manifest.rows.values()), "bytes": made.size}

    def test_restore(self) -> Counts:
        tried = try_restore(self.engine, self.settings, self.settings.backups)
        return {"rows": sum(tried.manifest.rows.values())}
