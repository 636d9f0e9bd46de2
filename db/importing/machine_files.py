"""Files that other systems hand in: a job for each, one at a time for each account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import InvalidInput, NotFound
from core.jobs.kinds import IMPORT
from db.importing import import_job, uploaded_files
from db.importing.import_job import ImportTask
from db.importing.uploaded_files import Upload
from db.jobs.queries import JobView, own_jobs
from db.jobs.record import AskedJob

_REMEMBERED = 50  # of each account; what the log and the list of imports hold stays


class StillRunning(InvalidInput):
    """The account's last file comes in or is being imported."""


def expect_file(session: Session, who: Identity, *, now: datetime) -> Upload:
    """Expect the bytes of a file; an account sends one at a time.

    Raises:
        StillRunning: another comes in, or is being imported.
    """
    if any(job.is_open for job in own_jobs(session, who, IMPORT, now=now, limit=1)):
        raise _still_running()
    if uploaded_files.is_receiving(session, who, now=now):
        raise StillRunning("The last file is still coming in. Send this one afterwards.")
    return uploaded_files.begin_upload(session, who, "rows", now=now)


def begin(
    session: Session, *, who: Identity, task: ImportTask, rows: Upload, now: datetime
) -> AskedJob:
    """Make a file that came in a job.

    Raises:
        StillRunning: another one became a job meanwhile.
    """
    job = import_job.begin(session, who=who, task=task, uploads={"rows": rows}, now=now)
    if job is None:
        raise _still_running()
    return job


def job_of(session: Session, who: Identity, token: str, *, now: datetime) -> JobView:
    """The job of a file that this account handed in, by what the account was told.

    Raises:
        NotFound: there is none, or it was too long ago, or another account's.
    """
    jobs = own_jobs(session, who, IMPORT, now=now, limit=_REMEMBERED)
    if job := next((job for job in jobs if job.token == token), None):
        return job
    raise NotFound("There is no such import.")


def confirm(session: Session, who: Identity, token: str, *, now: datetime) -> int:
    """Agree to an import that waits for that; the id of its job.

    Raises:
        NotFound: as in `job_of`.
        OutOfTurn: it does not wait for that, or not any more.
        InvalidInput: the account's next import runs already.
    """
    job = job_of(session, who, token, now=now)
    import_job.agree(session, who, job, now=now)
    return job.id


def _still_running() -> StillRunning:
    return StillRunning("The last file is still being imported. Send this one afterwards.")
