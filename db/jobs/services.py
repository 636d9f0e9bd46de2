"""What a person does with jobs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.jobs.kinds import JobKind
from db.jobs import record


def start_again(session: Session, *, who: Identity, job_id: int, now: datetime) -> JobKind:
    """Let a job that stopped wait once more, whoever asked for it.

    Once this is committed, whoever calls has it done.

    Raises:
        NotAllowed: the role does not see to the jobs.
        NotFound: there is no such job.
        OutOfTurn: it did not stop, or was started again meanwhile.
        InvalidInput: a newer job of its key waits or runs.
    """
    require(who, Action.RUN_JOBS)
    return record.restart(session, job_id, who=who, now=now)
