"""Making a backup of a portal in use, and noting how that went."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.settings import Settings
from db.migrations import migrate
from db.safekeeping.backups import archive, dumps
from db.safekeeping.backups.archive import Archive, Manifest
from db.safekeeping.database_key import keys_for
from db.safekeeping.models import BackupRun
from db.store.files import FileKind, Files, files_of
from db.store.session import transaction

_BEFORE = (FileKind.CHECKPOINTS,)  # a checkpoint must not be newer than the log that it speaks of
_AFTER = (FileKind.RECORDINGS, FileKind.PHOTOS, FileKind.EXAM_PICTURES)
_KEYS = (FileKind.KEYS,)


def backup(engine: Engine, settings: Settings, backups: Path, *, with_key: bool = False) -> Archive:
    """Save database and files, remove backups that need not be kept, note the outcome.

    Recordings, photos and pictures follow the database: what it names was on disk before, and they
    are added but not changed. Uploads and other work in progress stay out.
    """
    started = datetime.now(UTC)
    keys = keys_for(engine, settings.var_dir)
    files, folder = files_of(settings), archive.begin(backups, started)
    try:
        _copy(files, folder / archive.FILES, _BEFORE)
        rows = dumps.save(engine, folder)
        _copy(files, folder / archive.FILES, (*_AFTER, *(_KEYS if with_key else ())))
        made = archive.finish(
            folder,
            Manifest(
                made_at=started.isoformat(),
                database=engine.dialect.name,
                revision=migrate.revision(engine) or "",
                key_id=keys.id,
                rows=rows,
                digests=archive.digests(folder),
            ),
        )
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        with transaction(engine) as session:
            note(session, "backup", folder.stem, started, problem=str(error))
        raise
    archive.rotate(backups)
    with transaction(engine) as session:
        note(session, "backup", made.folder.name, started, size=made.size)
    return made


def note(
    session: Session,
    kind: str,
    name: str,
    started: datetime,
    *,
    size: int | None = None,
    problem: str = "",
) -> None:
    session.add(
        BackupRun(
            kind=kind,
            name=name,
            started_at=started,
            finished_at=datetime.now(UTC),
            size=size,
            problem=problem,
        )
    )


def _copy(files: Files, target: Path, kinds: Iterable[FileKind]) -> None:
    for stored in (stored for kind in kinds for stored in files.list(kind)):
        copy = target / str(stored.key)
        copy.parent.mkdir(parents=True, exist_ok=True)
        with (
            suppress(FileNotFoundError),  # removed meanwhile, as with a discarded draft
            files.open(stored.key) as source,
            copy.open("wb") as copied,
        ):
            shutil.copyfileobj(source, copied)
