"""Doing a job: begun once, with signs of life while it lasts, its end noted whatever happens."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.errors import PortalError
from core.jobs.kinds import LEASE, PULSE
from db.jobs import record
from db.jobs.record import BegunJob, JobLost
from db.store.session import transaction

Clock = Callable[[], datetime]
Outcome = Mapping[str, Any]
Note = Callable[[Session, BegunJob, datetime], None]
_LOOK = 1.0  # seconds; progress is told this often at most
_log = logging.getLogger(__name__)
_UNEXPECTED = "It ended before its end, for a reason that the portal's log on the server tells."


class HoldJob(Exception):
    """What the job would do, of which it has done nothing: somebody must agree first."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class Working:
    """A job at work: tells its progress, and learns that another process has it by now."""

    def __init__(self, engine: Engine, job: BegunJob, clock: Clock) -> None:
        self.job = job
        self._engine, self._clock = engine, clock
        self._progress: tuple[float, Mapping[str, int]] = (0.0, {})
        self._lock, self._over, self._lost = Lock(), Event(), Event()
        self._storing = Lock()  # else a sign of life could meet the end and take it for a loss

    def report(self, share: float, counts: Mapping[str, int]) -> None:
        """Tell how far it is; written at the next sign of life.

        Raises:
            JobLost: another process does it by now, so that this one stops.
        """
        if self._lost.is_set():
            raise JobLost("Another process does this job by now.")
        with self._lock:
            self._progress = (share, dict(counts))

    def pulse(self, on_loss: Callable[[], None]) -> None:
        """Give signs of life until it is over; one that cannot be stored is given again."""
        told, told_at, is_heard = self._progress, time.monotonic(), True
        while not self._over.wait(_LOOK):
            with self._lock:
                progress = self._progress
            if progress == told and time.monotonic() - told_at < PULSE.total_seconds():
                continue
            try:
                self._give_sign()
            except JobLost:
                self._lost.set()
                on_loss()
                return
            except OperationalError:
                if is_heard:
                    _log.warning(
                        "job %s goes on; the database is busy and notes no progress", self.job.id
                    )
                is_heard = False
                continue
            told, told_at, is_heard = progress, time.monotonic(), True

    def end(self, note: Note) -> None:
        """Note how it ended, under a pulse that goes on until that is stored."""
        last = time.monotonic() + LEASE.total_seconds()
        while True:
            try:
                with self._storing:
                    with transaction(self._engine) as session:
                        self._report(session)
                        note(session, self.job, self._clock())
                    self._over.set()
            except OperationalError:
                if time.monotonic() > last:
                    raise
                time.sleep(_LOOK)
            else:
                return

    def is_over(self) -> None:
        self._over.set()

    def _give_sign(self) -> None:
        with self._storing:
            if not self._over.is_set():
                with transaction(self._engine) as session:
                    self._report(session)

    def _report(self, session: Session) -> None:
        with self._lock:
            share, counts = self._progress
        record.report(session, self.job, share=share, counts=counts, now=self._clock())


def _logged(job_id: int, error: BaseException) -> None:
    """In the background nobody else hears of what a person is told nothing of."""
    if not isinstance(error, PortalError):
        _log.error("job %s stopped", job_id, exc_info=error)


def carry_out(
    engine: Engine,
    job_id: int,
    work: Callable[[Working], Outcome],
    *,
    clock: Clock,
    on_loss: Callable[[], None] = lambda: None,
    on_error: Callable[[int, BaseException], None] = _logged,
) -> None:
    """Do a job that waits, unless another process has taken it, and note what came of it.

    An error that a person may meet fails it, HoldJob holds it; any other stops it.

    Args:
        on_loss: what to do, in another thread, once another process has it.
        on_error: what to do, once it is noted, about an error that ended it.
    """
    with transaction(engine) as session:
        job = record.begin(session, job_id, now=clock())
    if job is None:
        return
    working = Working(engine, job, clock)
    pulse = Thread(target=working.pulse, args=(on_loss,), daemon=True)
    pulse.start()
    try:
        note, error = _done(working, work)
        working.end(note)
    except JobLost:
        _log.warning("job %s went on in another process", job.id)
        return
    finally:
        working.is_over()
        pulse.join()
    if error is not None:
        on_error(job.id, error)


def _done(
    working: Working, work: Callable[[Working], Outcome]
) -> tuple[Note, BaseException | None]:
    """Do the work; how its end is to be noted, and the error that ended it."""
    try:
        outcome = work(working)
    except JobLost:
        raise
    except HoldJob as held:
        outlook = held.outcome
        return lambda session, job, now: record.hold(session, job, outlook, now=now), None
    except PortalError as error:
        problem = error
        return lambda session, job, now: record.fail(session, job, problem, now=now), error
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  handed to who called
        unexpected = PortalError(_UNEXPECTED)
        return lambda session, job, now: record.stop(session, job, unexpected, now=now), error
    return lambda session, job, now: record.finish(session, job, outcome, now=now), None
