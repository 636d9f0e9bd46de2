"""The portal's jobs but for imports: rankings on demand, what is due, what is started again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

from sqlalchemy import Engine

from core.inspection.facets import Facets
from core.jobs import kinds
from core.jobs.kinds import LEASE, JobKind
from core.periods import Period, month_of, shift
from core.settings import Settings
from db.files.services.telling import tell_of_files
from db.importing import import_job
from db.improvements.services.telling import tell_of_improvements
from db.inspection.services import photos
from db.inspection.services.standing_draws import draw_standing
from db.inspectors.services.answer_patterns import look_for_patterns
from db.inspectors.services.leans import look_for_leans
from db.jobs import record
from db.jobs.engine import Times, engine_of
from db.jobs.models import Job
from db.jobs.record import Order
from db.jobs.working import Outcome, carry_out
from db.results.queries import rankings, stations
from db.results.queries.data_version import data_version
from db.results.queries.stations import Slice
from db.results.services.rankings import compute_ranking, request_ranking
from db.safekeeping.nightly_duties import Counts, Duty, duties
from db.store import session as sessions
from db.store.days import portal_day
from db.store.event_reading import read_events
from db.store.files import FileKind, files_of
from db.training.services.effects import refresh_effects
from db.training.services.exam_questions import picture_file, unknown_pictures
from db.training.services.exams import hand_in_late
from db.upkeep.recomputing import RECOMPUTING, recompute
from db.warning.services.looking import look_for_warnings
from db.warning.services.telling import tell_of_warnings

DEBOUNCE_SECONDS = 10
"""Submissions of this long are gathered before a ranking is computed anew."""
_OLD = timedelta(minutes=10)
_A_DAY = timedelta(days=1)
_STANDARD_LENGTHS = (1, 3, 12)


class Jobs:
    """The jobs, seen from who asks and from who works; both name the same settings."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self._engine, self._settings, self._files = engine, settings, files_of(settings)
        self._queue = engine_of(settings, self.do)
        regular = [
            Duty(kinds.READ_EVENTS, Times(), self.read_events),
            Duty(kinds.TELL_OF_FILES, Times(), self.tell_of_files),
            Duty(kinds.TELL_OF_ACTIONS, Times(minute="7"), self.tell_of_actions),
            Duty(kinds.TELL_OF_WARNINGS, Times(minute="9"), self.tell_of_warnings),
            Duty(kinds.LOOK_FOR_WARNINGS, Times(minute="20", hour="3"), self.look_for_warnings),
            Duty(kinds.REFRESH_RANKINGS, Times(), self.refresh),
            Duty(kinds.REFRESH_EFFECTS, Times(minute="41"), self.refresh_effects),
            Duty(kinds.DRAW_STANDING, Times(minute="*/15"), self.draw_standing),
            Duty(kinds.LOOK_FOR_PATTERNS, Times(minute="50", hour="3"), self.look_for_patterns),
            Duty(kinds.LOOK_FOR_LEANS, Times(minute="55", hour="3"), self.look_for_leans),
            Duty(kinds.DROP_PHOTOS, Times(minute="17"), self.drop_photos),
            Duty(kinds.HAND_IN_EXAMS, Times(minute="29"), self.hand_in_exams),
        ]
        self._duties = {duty.kind.name: duty for duty in (*regular, *duties(settings, engine))}
        for name, duty in self._duties.items():
            self._queue.every(name, duty.times, partial(self.perform, duty))
        self._queue.every("take_up", Times(), self.take_up)

    def ask_for_ranking(self, slice_: Slice, *, now: datetime, delay: int = 0) -> None:
        """Have a ranking computed, unless that is under way."""
        key = rankings.slice_key(slice_)
        name = "ranking " + " ".join(str(value or "-") for value in key.values())
        with sessions.transaction(self._engine) as session:
            if not request_ranking(session, slice_, now=now):
                return
            job_id = record.ask_or_join(session, Order(kinds.RANKING, name, task=key), now=now)
        if job_id is not None:
            self._queue.put(job_id, delay=delay)

    def have_done(self, job_id: int, kind: JobKind) -> None:
        """Have a job done that waits, which is committed by now."""
        if kind.own_process:
            import_job.start(job_id)
        else:
            self._queue.put(job_id)

    def work(self) -> None:
        """Work off the queue until told to stop by a signal."""
        self._queue.work()

    def do(self, job_id: int) -> None:
        """Do a job of the queue, unless another process has taken it."""
        with sessions.reading(self._engine) as session:
            job = session.get(Job, job_id)
        if job is None:
            return
        if job.kind == kinds.RANKING.name:
            self._carry_out(job_id, partial(self._rank, job.task))
        elif job.kind in RECOMPUTING:
            again = partial(recompute, job.kind, self._engine, self._settings, clock=_now)
            carry_out(self._engine, job_id, again, clock=_now)
        else:
            self._carry_out(job_id, self._duties[job.kind].do)

    def perform(self, duty: Duty) -> None:
        """Do what is due, as a job; not while another worker is at it."""
        with sessions.transaction(self._engine) as session:
            order = Order(duty.kind, duty.kind.name)
            job_id = record.ask_or_join(session, order, now=datetime.now(UTC))
        if job_id is not None:
            self._carry_out(job_id, duty.do)

    def take_up(self) -> None:
        """Queue what has waited for a while: the queue of another machine may hold it, or none."""
        with sessions.reading(self._engine) as session:
            waiting = record.waiting_since(session, datetime.now(UTC) - LEASE)
        for job_id in waiting:
            self._queue.put(job_id)

    def read_events(self) -> Counts:
        """Let whoever reads of what was done act on it."""
        return {"read": read_events(self._engine)}

    def tell_of_files(self) -> Counts:
        """Tell people of files that are due soon, late, or have taken twice their time."""
        with sessions.transaction(self._engine) as session:
            return {"told": tell_of_files(session, now=datetime.now(UTC))}

    def tell_of_actions(self) -> Counts:
        """Tell people of actions that are due soon, late, or can be judged."""
        with sessions.transaction(self._engine) as session:
            return {"told": tell_of_improvements(session, now=datetime.now(UTC))}

    def tell_of_warnings(self) -> Counts:
        """Tell people of warnings that nobody took in time, or whose delay is over."""
        with sessions.transaction(self._engine) as session:
            return {"told": tell_of_warnings(session, now=datetime.now(UTC))}

    def look_for_warnings(self) -> Counts:
        """Bring the warnings up to what the data say now."""
        looked = look_for_warnings(self._engine, now=datetime.now(UTC))
        return {"cells": sum(rule.cells for rule in looked.rules), "raised": looked.raised}

    def draw_standing(self) -> Counts:
        """Put into queues what the standing plan draws now."""
        with sessions.transaction(self._engine) as session:
            return draw_standing(session, now=datetime.now(UTC))._asdict()

    def look_for_patterns(self) -> Counts:
        """Look for the same answer all through, given faster than encounters can be read."""
        with sessions.transaction(self._engine) as session:
            return {"inspectors": look_for_patterns(session, now=datetime.now(UTC))}

    def look_for_leans(self) -> Counts:
        """Look for inspectors who are harder or easier on a group than colleagues are."""
        with sessions.transaction(self._engine) as session:
            return {"leans": look_for_leans(session, now=datetime.now(UTC))}

    def refresh_effects(self) -> Counts:
        """Compute the effects of trainings that are missing or a day behind."""
        with sessions.transaction(self._engine) as session:
            return {"computed": refresh_effects(session, now=datetime.now(UTC))}

    def refresh(self) -> Counts:
        """Ask for every standard ranking that is missing, or behind and old."""
        now = datetime.now(UTC)
        with sessions.reading(self._engine) as session:
            version = data_version(session)
            behind = []
            running = month_of(portal_day(session, now))
            for slice_ in _standard(stations.covered(session), running):
                ranking = rankings.snapshot(session, slice_)
                if ranking is None or (
                    ranking.version != version and now - ranking.computed_at > _OLD
                ):
                    behind.append(slice_)
        for slice_ in behind:
            self.ask_for_ranking(slice_, now=now)
        return {"asked": len(behind)}

    def drop_photos(self, now: datetime | None = None) -> Counts:
        """Remove photos that no evidence shows, and files that were never taken up."""
        before = (now or datetime.now(UTC)) - _A_DAY
        with sessions.transaction(self._engine) as session:
            lost = photos.drop_lost(session, before=before)
        self._files.remove(map(photos.photo_file, lost))
        old, old_pictures = (
            {
                PurePath(file.key.name).stem
                for file in self._files.list(kind)
                if file.written_at < before
            }
            for kind in (FileKind.PHOTOS, FileKind.EXAM_PICTURES)
        )
        with sessions.reading(self._engine) as session:
            unknown = photos.unknown(session, old)
            pictures = unknown_pictures(session, old_pictures)
        self._files.remove(map(photos.photo_file, unknown))
        self._files.remove(map(picture_file, pictures))
        return {"files": len(lost | unknown) + len(pictures)}

    def hand_in_exams(self, now: datetime | None = None) -> Counts:
        """Mark exams whose time is over and that nobody handed in."""
        with sessions.transaction(self._engine) as session:
            return {"marked": hand_in_late(session, now=now or datetime.now(UTC))}

    def _rank(self, key: Mapping[str, Any]) -> Outcome:
        slice_ = Slice(
            Period(key["first"], key["last"]),
            key["checklist_id"],
            channel=key["channel"] or None,
            sample_class=key["sample_class"] or None,
            facets=Facets.parse(key.get("facets", "")),
        )
        problem = compute_ranking(self._engine, slice_, now=datetime.now(UTC))
        if problem is not None:
            raise problem
        return {}

    def _carry_out(self, job_id: int, do: Callable[[], Outcome]) -> None:
        carry_out(self._engine, job_id, lambda _working: do(), clock=_now)


def _now() -> datetime:
    return datetime.now(UTC)


def _standard(covered: tuple[stations.Covered, ...], running: int) -> list[Slice]:
    """The last month, three and twelve that are over of every checklist's random sample."""
    spans: dict[int, Period] = {}
    for row in covered:
        if row.sample_class == "random":
            last = min(row.last, max(row.first, shift(running, -1)))
            other = spans.get(row.checklist_id, Period(row.first, last))
            first = min(row.first, other.first)
            spans[row.checklist_id] = Period(first, max(last, other.last))
    return [
        Slice(period, checklist, sample_class="random")
        for checklist, (first, last) in spans.items()
        for period in dict.fromkeys(
            Period(max(first, shift(last, 1 - length)), last) for length in _STANDARD_LENGTHS
        )
    ]
