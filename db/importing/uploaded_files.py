"""Files that a person or another system sends, until they are imported, replaced or a day old.

They hold clear personal data. What is known of each stands in the database, so that every portal
process sees it; the bytes are written before a row says that they are complete.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, Select, exists, select, update
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput
from core.jobs.states import OPEN
from db.importing.models import UploadedFile
from db.jobs.models import Job
from db.jobs.queries import told_state
from db.store.files import FileKey, FileKind, Files
from db.store.session import transaction

SLOTS = ("rows", "turns")
SILENT = timedelta(minutes=1)
"""Of which no bytes came for so long, an upload is given up."""
_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Upload:
    """A file that came in or comes in; `token` is another one each time."""

    token: str
    name: str
    size: int
    key: FileKey


def begin_upload(session: Session, who: Identity, slot: str, *, now: datetime) -> Upload:
    """Expect the bytes of a file; they go where the key says."""
    require(who, Action.IMPORT)
    row = UploadedFile(
        token=secrets.token_hex(8), user_id=who.user_id, slot=slot, name="", size=0, heard_at=now
    )
    session.add(row)
    return _upload(row)


def hear(session: Session, upload: Upload, *, now: datetime) -> None:
    """Note that bytes still come in."""
    coming_in = UploadedFile.token == upload.token
    session.execute(update(UploadedFile).where(coming_in).values(heard_at=now))


def is_receiving(session: Session, who: Identity, *, now: datetime) -> bool:
    """Whether bytes of a file of the account came in within the last minute."""
    require(who, Action.IMPORT)
    coming_in = select(UploadedFile.token).where(
        UploadedFile.user_id == who.user_id,
        UploadedFile.complete.is_(False),
        UploadedFile.heard_at > now - SILENT,
    )
    return session.scalar(coming_in.limit(1)) is not None


def keep(session: Session, who: Identity, upload: Upload, *, now: datetime) -> list[FileKey]:
    """The file has come in, with its name and size: it takes the place of the one before it.

    Returns:
        The files to be removed once this is committed.
    """
    require(who, Action.IMPORT)
    row = session.scalars(_named(upload)).one()
    former = _remove(session, *_waiting(who, row.slot))
    row.name, row.size, row.complete, row.heard_at = upload.name, upload.size, True, now
    return former


def waiting(session: Session, who: Identity, slot: str) -> Upload | None:
    """What was sent and not yet imported; the newest, where two tabs sent one at once."""
    require(who, Action.IMPORT)
    newest = select(UploadedFile).where(*_waiting(who, slot)).order_by(UploadedFile.id.desc())
    row = session.scalars(newest.limit(1)).one_or_none()
    return _upload(row) if row else None


def discard(session: Session, who: Identity, slot: str) -> list[FileKey]:
    """Forget what waits in a slot; the files to be removed once this is committed."""
    require(who, Action.IMPORT)
    return _remove(session, *_waiting(who, slot))


def give_up(session: Session, upload: Upload) -> list[FileKey]:
    """Forget a file that did not arrive; the files to be removed once this is committed."""
    return _remove(session, UploadedFile.token == upload.token)


def hand_to_job(session: Session, uploads: Iterable[Upload], job_id: int) -> None:
    """Files wait no longer: a job imports them.

    Raises:
        InvalidInput: one is gone, or another job has it.
    """
    for upload in uploads:
        row = session.scalars(_named(upload).with_for_update()).one_or_none()
        if row is None or row.job_id is not None:
            raise upload_gone()
        row.name, row.size, row.complete, row.job_id = upload.name, upload.size, True, job_id


def take_back(session: Session, job_id: int) -> None:
    """Let the files of a job that did not import them wait again."""
    session.execute(update(UploadedFile).where(UploadedFile.job_id == job_id).values(job_id=None))


def files_of_job(session: Session, job_id: int) -> dict[str, FileKey]:
    """The files that a job imports, by slot."""
    rows = session.scalars(select(UploadedFile).where(UploadedFile.job_id == job_id))
    return {row.slot: _upload(row).key for row in rows}


def drop_files_of_job(session: Session, job_id: int) -> list[FileKey]:
    """Forget what a job has imported; the files to be removed once this is committed."""
    return _remove(session, UploadedFile.job_id == job_id)


def drop_old(engine: Engine, files: Files, *, now: datetime) -> int:
    """Remove files that have lain about for a day, those of stopped imports too; how many.

    Those of an import that goes on stay, however long it takes.
    """
    before = now - _KEPT
    going_on = exists().where(Job.id == UploadedFile.job_id, told_state(now).in_(OPEN))
    with transaction(engine) as session:
        old = _remove(session, UploadedFile.heard_at < before, ~going_on)
        stored = {file.key: file.written_at for file in files.list(FileKind.UPLOADS)}
        known = {_upload(row).key for row in session.scalars(select(UploadedFile))}
    strays = [key for key, at in stored.items() if at < before and key not in known]
    files.remove({*old, *strays})
    return len({*old, *strays} & stored.keys())


def upload_gone() -> InvalidInput:
    return InvalidInput("The uploaded file is no longer there. Send it again.")


def _named(upload: Upload) -> Select[UploadedFile]:
    return select(UploadedFile).where(UploadedFile.token == upload.token)


def _waiting(who: Identity, slot: str) -> tuple[ColumnElement[bool], ...]:
    return (
        UploadedFile.user_id == who.user_id,
        UploadedFile.slot == slot,
        UploadedFile.complete.is_(True),
        UploadedFile.job_id.is_(None),
    )


def _remove(session: Session, *conditions: ColumnElement[bool]) -> list[FileKey]:
    rows = session.scalars(select(UploadedFile).where(*conditions)).all()
    for row in rows:
        session.delete(row)
    session.flush()
    return [_upload(row).key for row in rows]


def _upload(row: UploadedFile) -> Upload:
    key = FileKey(FileKind.UPLOADS, f"{row.user_id}/{row.token}")
    return Upload(token=row.token, name=row.name, size=row.size, key=key)
