"""What becomes of a job, step by step: asked for, begun, reported on, ended, asked for again.

Each step may be taken by another process on another machine. None commits.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import InvalidInput, NotFound, OutOfTurn, PortalError
from core.jobs.kinds import KEPT, KINDS, JobKind
from core.jobs.states import JOB, OPEN, JobState
from db.jobs.models import Job
from db.jobs.queries import told_state
from db.store.base import table_of
from db.store.moving import move
from db.store.session import dialect_of, insert_into


class JobLost(PortalError):
    """The job was given to another process, because nothing was heard of this one for too long."""


@dataclass(frozen=True)
class Order:
    """What is to be done; see the columns of the table."""

    kind: JobKind
    key: str
    task: Mapping[str, Any] = field(default_factory=dict)
    file_name: str = ""


class AskedJob(NamedTuple):
    """A job that waits; `token` names it in addresses and to other systems."""

    id: int
    token: str


@dataclass(frozen=True)
class BegunJob:
    """A job at work, and the mark of the process that does it."""

    id: int
    holder: str
    token: str
    asked_by: int | None
    task: Mapping[str, Any]
    file_name: str


def ask(session: Session, order: Order, *, asked_by: int | None, now: datetime) -> AskedJob | None:
    """Note that a job is wanted; None while one of its key waits or runs.

    One whose process went away is in nobody's way.
    """
    stop_lost(session, order.key, now)
    values = {
        "token": secrets.token_hex(8),
        "kind": order.kind.name,
        "key": order.key,
        "asked_by": asked_by,
        "task": dict(order.task),
        "file_name": order.file_name[:255],
        "asked_at": now,
        "heard_at": now,
    }
    claim = insert_into(Job, dialect_of(session)).values(values).on_conflict_do_nothing()
    columns = table_of(Job).c
    row = session.execute(claim.returning(columns.id, columns.token)).one_or_none()
    return AskedJob(*row) if row else None


def ask_or_join(session: Session, order: Order, *, now: datetime) -> int | None:
    """What the portal itself wants done: the job that is to be begun, a new or a waiting one.

    None while one of its key is at work.
    """
    asked = ask(session, order, asked_by=None, now=now)
    if asked is not None:
        return asked.id
    waiting = select(Job.id).where(Job.key == order.key, Job.state == JobState.WAITING)
    return session.scalar(waiting)


def waiting_since(session: Session, moment: datetime) -> list[int]:
    """The jobs for the worker that were asked for before a moment and wait still."""
    at_once = [kind.name for kind in KINDS.values() if kind.own_process]
    return list(
        session.scalars(
            select(Job.id)
            .where(Job.state == JobState.WAITING, Job.heard_at < moment, Job.kind.not_in(at_once))
            .order_by(Job.id)
        )
    )


def begin(session: Session, job_id: int, *, now: datetime) -> BegunJob | None:
    """Take a job that waits; None where it does no longer: another process has taken it."""
    job = session.get(Job, job_id)
    if job is None:
        return None
    try:
        move(session, job, JOB.by("begin_job"), who=None, now=now)
    except OutOfTurn:
        return None
    job.holder, job.begun_at, job.heard_at = secrets.token_hex(8), now, now
    return BegunJob(
        id=job.id,
        holder=job.holder,
        token=job.token,
        asked_by=job.asked_by,
        task=job.task,
        file_name=job.file_name,
    )


def report(
    session: Session, job: BegunJob, *, share: float, counts: Mapping[str, int], now: datetime
) -> None:
    """Give a sign of life, and how far it is.

    Raises:
        JobLost: another process does it by now.
    """
    heard = (
        update(Job)
        .where(Job.id == job.id, Job.holder == job.holder, Job.state == JobState.RUNNING)
        .values(share=share, counts=dict(counts), heard_at=now)
        .returning(Job.id)
    )
    if session.scalar(heard) is None:
        raise _lost()


def finish(session: Session, job: BegunJob, outcome: Mapping[str, Any], *, now: datetime) -> None:
    """Note what came of it.

    Raises:
        JobLost: another process does it by now.
    """
    row = _end(session, job, "finish_job", outcome, now)
    row.share = 1.0


def fail(session: Session, job: BegunJob, error: PortalError, *, now: datetime) -> None:
    """Note why it cannot be done; done again it would end the same way.

    Raises:
        JobLost: another process does it by now.
    """
    _end(session, job, "fail_job", {"problem": error_data(error)}, now)


def stop(session: Session, job: BegunJob, error: PortalError, *, now: datetime) -> None:
    """Note that it ended before its end, for a reason that may be another next time.

    Raises:
        JobLost: another process does it by now.
    """
    _end(session, job, "stop_job", {"problem": error_data(error)}, now)


def hold(session: Session, job: BegunJob, outcome: Mapping[str, Any], *, now: datetime) -> None:
    """Note what it would do: it has done nothing, and waits until somebody agrees.

    Raises:
        JobLost: another process does it by now.
    """
    _end(session, job, "hold_job", outcome, now)


def restart(session: Session, job_id: int, *, who: Identity, now: datetime) -> JobKind:
    """Let a job that stopped wait once more; whoever calls has asked for the right.

    Raises:
        NotFound: there is no such job.
        OutOfTurn: it did not stop, or was started again meanwhile.
        InvalidInput: a newer job of its key waits or runs.
    """
    return KINDS[_wait_again(session, _locked(session, job_id), "start_again", who, now).kind]


def agree(
    session: Session, job_id: int, *, who: Identity, task: Mapping[str, Any], now: datetime
) -> None:
    """Let a job that is held wait once more, with the task to which somebody agrees.

    Raises:
        NotFound, OutOfTurn, InvalidInput: as in `restart`.
    """
    _wait_again(session, _locked(session, job_id), "agree_to_job", who, now).task = dict(task)


def decline(session: Session, job_id: int, *, who: Identity, now: datetime) -> None:
    """Note that nobody agrees to a job that is held.

    Raises:
        NotFound, OutOfTurn: as in `restart`.
    """
    job = _locked(session, job_id)
    move(session, job, JOB.by("decline_job"), who=who, now=now)
    job.outcome = {"problem": error_data(PortalError("Nothing was done, as nobody agreed to it."))}
    job.put_away_at = now


def put_away(session: Session, job_id: int, *, now: datetime) -> None:
    """Note that whoever asked has read how it ended."""
    session.execute(update(Job).where(Job.id == job_id).values(put_away_at=now))


def stop_lost(session: Session, key: str, now: datetime) -> None:
    """Note of the open job of a key that it stopped, where that is so."""
    lost = select(Job).where(
        Job.key == key, Job.state.in_(OPEN), told_state(now) == JobState.STOPPED
    )
    for job in session.scalars(lost.with_for_update()):
        move(session, job, JOB.by("stop_job"), who=None, now=now)
        job.ended_at = job.heard_at


def forget_old(session: Session, *, now: datetime) -> None:
    """Remove jobs that ended long ago."""
    session.execute(delete(Job).where(Job.heard_at < now - KEPT, told_state(now).not_in(OPEN)))


def error_data(error: PortalError) -> dict[str, Any]:
    """An error as it is stored: its sentence, and what fills it."""
    values = [{"name": name, "text": value} for name, value in error.values.items()]
    return {"sentence": error.sentence, "values": values}


def error_of(outcome: Mapping[str, Any]) -> PortalError | None:
    """The error in an outcome."""
    problem = outcome.get("problem")
    if problem is None:
        return None
    values = {value["name"]: value["text"] for value in problem["values"]}
    return PortalError(problem["sentence"], **values)


def _locked(session: Session, job_id: int) -> Job:
    job = session.scalars(select(Job).where(Job.id == job_id).with_for_update()).one_or_none()
    if job is None:
        raise NotFound("There is no such job.")
    return job


def _wait_again(session: Session, job: Job, deed: str, who: Identity, now: datetime) -> Job:
    stop_lost(session, job.key, now)
    session.refresh(job, ["state"])
    try:
        move(session, job, JOB.by(deed), who=who, now=now)
    except IntegrityError as error:
        raise InvalidInput("A newer job of this kind waits or runs already.") from error
    job.holder, job.begun_at, job.ended_at = "", None, None
    job.heard_at, job.share, job.counts, job.outcome = now, 0.0, {}, {}
    return job


def _end(
    session: Session, job: BegunJob, deed: str, outcome: Mapping[str, Any], now: datetime
) -> Job:
    row = session.scalars(select(Job).where(Job.id == job.id).with_for_update()).one_or_none()
    if row is None or row.holder != job.holder or row.state != JobState.RUNNING:
        raise _lost()
    if KINDS[row.kind].last_only:
        _drop_former(session, row, JOB.by(deed).target)
    move(session, row, JOB.by(deed), who=None, now=now)
    row.outcome, row.heard_at, row.ended_at = dict(outcome), now, now
    return row


def _drop_former(session: Session, job: Job, state: str) -> None:
    """Of what ended well the last of a kind is enough, of what did not the last of each key."""
    former = delete(Job).where(Job.kind == job.kind, Job.state == state, Job.id != job.id)
    if state != JobState.DONE:
        former = former.where(Job.key == job.key)
    session.execute(former)


def _lost() -> JobLost:
    return JobLost("Another process does this job by now.")
