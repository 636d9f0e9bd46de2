"""Doing anew what is derived from what is stored: jobs that an operator begins at the terminal."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from core.errors import InvalidInput
from core.jobs import kinds
from core.jobs.kinds import JobKind
from core.settings import Settings
from db.encounters.search_index import reindex
from db.jobs import record
from db.jobs.record import Order
from db.jobs.working import Clock, Working, carry_out
from db.safekeeping.database_key import keys_for
from db.safekeeping.nightly_duties import Counts
from db.safekeeping.remasking import remask
from db.store import audit
from db.store.session import transaction
from db.upkeep.rebuild import Progress, rebuild
from db.upkeep.rescore import rescore

Recomputing = Callable[[Engine, Settings, Progress, Clock], Counts]


def _rebuild(engine: Engine, _settings: Settings, progress: Progress, clock: Clock) -> Counts:
    with transaction(engine) as session:
        read = rebuild(session, progress)
        reindex(session, progress)
        audit.record(session, None, "rebuild", ("rollups", ""), now=clock(), read=read)
    return {"read": read}


def _rescore(engine: Engine, _settings: Settings, progress: Progress, clock: Clock) -> Counts:
    tally = rescore(engine, progress)
    read, changed = tally.read, tally.changed
    with transaction(engine) as session:
        about = ("inspections", "")
        audit.record(session, None, "rescore", about, now=clock(), read=read, changed=changed)
    return {"read": read, "changed": changed, "after": tally.after}


def _remask(engine: Engine, settings: Settings, progress: Progress, clock: Clock) -> Counts:
    done = remask(engine, keys_for(engine, settings.var_dir), progress)
    read, texts = done.read, done.texts
    with transaction(engine) as session:
        about = ("interaction", "")
        audit.record(session, None, "remask", about, now=clock(), read=read, texts=texts)
    return {"read": read, "texts": texts, "hidden": done.hidden}


RECOMPUTING: dict[str, Recomputing] = {
    kinds.REBUILD.name: _rebuild,
    kinds.RESCORE.name: _rescore,
    kinds.REMASK.name: _remask,
}
"""By the name of the kind of job."""


def recompute(
    kind: str,
    engine: Engine,
    settings: Settings,
    working: Working,
    *,
    clock: Clock,
    show: Progress = lambda _done, _total: None,
) -> Counts:
    """Do one as a job that tells how far it is, to `show` as well; what came of it."""

    def progress(done: int, total: int) -> None:
        show(done, total)
        working.report(done / max(1, total), {"read": done})

    return RECOMPUTING[kind](engine, settings, progress, clock)


def recompute_here(
    kind: JobKind, engine: Engine, settings: Settings, *, clock: Clock, show: Progress
) -> Counts:
    """Ask for one and do it in this process.

    Raises:
        InvalidInput: it is being done already.
    """
    with transaction(engine) as session:
        job = record.ask(session, Order(kind, kind.name), asked_by=None, now=clock())
    if job is None:
        raise InvalidInput(
            "This is being done already, or was cut off less than a minute ago: the page of jobs"
            " shows how it goes."
        )
    counts: list[Counts] = []

    def work(working: Working) -> Counts:
        counts.append(recompute(kind.name, engine, settings, working, clock=clock, show=show))
        return counts[0]

    carry_out(engine, job.id, work, clock=clock, on_error=_raised)
    if not counts:
        raise InvalidInput("Another process does this job by now.")
    return counts[0]


def _raised(_job_id: int, error: BaseException) -> None:
    raise error
