"""Files that other systems hand in: a job for each, one at a time for each account."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from core.errors import InvalidInput, NotFound
from db.importing.import_job import Job, JobTask
from db.importing.uploaded_files import Upload

_REMEMBERED = 50  # of each account; what the log and the list of imports hold stays
_TOKEN = re.compile("[0-9a-f]{16}")


class StillRunning(InvalidInput):
    """The account's last file is being imported."""


def refuse_if_busy(var_dir: Path, user_id: int) -> None:
    """Raise StillRunning while a file of the account is being imported."""
    if any(_runs(job) for job in _jobs(var_dir, user_id)):
        raise StillRunning("The last file is still being imported. Send this one afterwards.")


def begin(var_dir: Path, task: JobTask, rows: Upload) -> None:
    """Start working on a file; its job is named by the upload's token.

    Raises:
        StillRunning: one at a time; whoever calls sees to it that none begins meanwhile.
    """
    refuse_if_busy(var_dir, task.user_id)
    for job in _jobs(var_dir, task.user_id)[_REMEMBERED - 1 :]:
        shutil.rmtree(job.folder, ignore_errors=True)
    _job(var_dir, task.user_id, rows.token).begin(task, rows, None)


def job_of(var_dir: Path, user_id: int, token: str) -> Job:
    """The job of a file that this account handed in.

    Raises:
        NotFound: there is none, or it was too long ago, or another account's.
    """
    job = _job(var_dir, user_id, token)
    if not (_TOKEN.fullmatch(token) and (job.folder / "task.json").exists()):
        raise NotFound("There is no such import.")
    return job


def _job(var_dir: Path, user_id: int, token: str) -> Job:
    return Job(var_dir / "imports" / f"{user_id}-{token}")


def _jobs(var_dir: Path, user_id: int) -> list[Job]:
    """Those of an account, the newest first."""
    begun = (var_dir / "imports").glob(f"{user_id}-*/task.json")
    newest_first = sorted(begun, key=_written_at, reverse=True)
    return [Job(path.parent) for path in newest_first]


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # forgotten meanwhile
        return 0.0


def _runs(job: Job) -> bool:
    state = job.state()
    return state is not None and state.runs
