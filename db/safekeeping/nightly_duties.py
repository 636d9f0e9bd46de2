"""What the worker does for the safety of the data, by the clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from huey import SqliteHuey, crontab
from sqlalchemy import Engine

from core.settings import Settings
from db.importing.uploaded_files import drop_old
from db.safekeeping.backups.backup import backup
from db.safekeeping.backups.restore import try_restore
from db.safekeeping.database_key import keys_for
from db.safekeeping.log_sealing import Sealer, checkpoints
from db.safekeeping.log_verification import verify
from db.safekeeping.queries.seals import note_verdict
from db.safekeeping.retention import retain
from db.store.files import files_of
from db.store.session import reading, transaction


def register(huey: SqliteHuey, settings: Settings, engine: Engine) -> None:
    """Have the log sealed every minute, old uploads dropped, and all checked and saved by night."""
    duties = Duties(settings, engine)
    huey.periodic_task(crontab(), name="seal_log")(duties.seal)
    huey.periodic_task(crontab(minute="20", hour="1"), name="check_log")(duties.check)
    huey.periodic_task(crontab(minute="10", hour="3"), name="retain")(duties.retain)
    huey.periodic_task(crontab(minute="23"), name="drop_uploads")(duties.drop_uploads)
    if settings.nightly_backup:
        huey.periodic_task(crontab(minute="40", hour="1"), name="backup")(duties.backup)
        sunday = crontab(minute="10", hour="2", day_of_week="0")
        huey.periodic_task(sunday, name="test_restore")(duties.test_restore)


@dataclass(frozen=True)
class Duties:
    """Each may be repeated at any time; what is done already is left alone."""

    settings: Settings
    engine: Engine

    def seal(self) -> None:
        keys = keys_for(self.engine, self.settings.var_dir)
        Sealer(self.engine, keys, files_of(self.settings)).seal(now=datetime.now(UTC))

    def check(self) -> None:
        keys = keys_for(self.engine, self.settings.var_dir)
        with reading(self.engine) as session:
            verdict = verify(session, keys, checkpoints(files_of(self.settings)))
        with transaction(self.engine) as session:
            note_verdict(session, verdict, now=datetime.now(UTC))

    def retain(self) -> None:
        retain(self.engine, self.settings, now=datetime.now(UTC))

    def drop_uploads(self) -> None:
        """They hold clear personal data, and nobody may come to import them or send others."""
        drop_old(self.settings.var_dir, time.time())

    def backup(self) -> None:
        backup(self.engine, self.settings, self.settings.backups)

    def test_restore(self) -> None:
        try_restore(self.engine, self.settings, self.settings.backups)
