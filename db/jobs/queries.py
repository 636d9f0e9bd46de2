"""Reading jobs: their state as it is told, one's own, all of the portal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.jobs.kinds import KINDS, LEASE, JobKind
from core.jobs.states import OPEN, JobState
from db.jobs.models import Job
from db.people.models import User


@dataclass(frozen=True)
class JobView:
    """A job as it stands; `share` is 0 to 1. `outcome` holds counts or a problem once it ended."""

    id: int
    token: str
    kind: str
    task: Mapping[str, Any]
    file_name: str
    state: JobState
    share: float
    counts: Mapping[str, int]
    asked_at: datetime
    begun_at: datetime | None
    heard_at: datetime
    ended_at: datetime | None
    outcome: Mapping[str, Any]
    put_away: bool

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class ListedJob(NamedTuple):
    """A job with the person or other system that asked for it; empty for the portal itself."""

    job: JobView
    asked_by: str


def told_state(now: datetime) -> ColumnElement[str]:
    """The state that is told: whose process has been silent for too long has stopped.

    What waits for the worker may wait long; what is started at once and gives no sign never began.
    """
    at_once = Job.kind.in_([kind.name for kind in KINDS.values() if kind.own_process])
    at_work = or_(Job.state == JobState.RUNNING, and_(Job.state == JobState.WAITING, at_once))
    return case(
        (and_(at_work, Job.heard_at < now - LEASE), JobState.STOPPED.value), else_=Job.state
    )


def own_jobs(
    session: Session, who: Identity, job_kind: JobKind, *, now: datetime, limit: int
) -> list[JobView]:
    """What the person, or the account of another system, asked for; newest first."""
    rows = session.execute(
        select(Job, told_state(now))
        .where(Job.asked_by == who.user_id, Job.kind == job_kind.name)
        .order_by(Job.id.desc())
        .limit(limit)
    )
    return [_job_view(job, state) for job, state in rows]


def jobs(
    session: Session,
    who: Identity,
    *,
    state: JobState | None = None,
    after: int | None = None,
    now: datetime,
    limit: int = 25,
) -> list[ListedJob]:
    """Every job, newest first, from behind the one with the id `after` on.

    Raises:
        NotAllowed: the role does not see to the jobs.
    """
    require(who, Action.RUN_JOBS)
    told = told_state(now)
    conditions = [told == state] if state else []
    if after is not None:
        conditions.append(Job.id < after)
    rows = session.execute(
        select(Job, told, User.name, User.username)
        .outerjoin(User, User.id == Job.asked_by)
        .where(*conditions)
        .order_by(Job.id.desc())
        .limit(limit)
    )
    return [
        ListedJob(_job_view(job, told), f"{name} ({username})" if username else "")
        for job, told, name, username in rows
    ]


def _job_view(job: Job, state: str) -> JobView:
    return JobView(
        id=job.id,
        token=job.token,
        kind=job.kind,
        task=job.task,
        file_name=job.file_name,
        state=JobState(state),
        share=job.share,
        counts=job.counts,
        asked_at=job.asked_at,
        begun_at=job.begun_at,
        heard_at=job.heard_at,
        ended_at=job.ended_at,
        outcome=job.outcome,
        put_away=job.put_away_at is not None,
    )
