"""Whether a run worked, computed from everybody's scores and kept; pages read what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.effect import Effect, Estimate, training_effect
from core.errors import InvalidInput, NotFound
from core.periods import Period
from core.training import Windows, people_of, windows_of
from db.results.queries.data_version import data_version
from db.store import audit
from db.store.days import portal_day
from db.training.models import TrainingCourse, TrainingEffect, TrainingEnrolment, TrainingRun
from db.training.queries.taught_items import newest_month, tallies, taught_items

_KEPT_FRESH = timedelta(days=400)
"""Runs that ended longer ago keep the effect they have; no new month belongs to them."""


def compute_effect(session: Session, *, who: Identity, run_id: int, now: datetime) -> None:
    """Compute the effect of a run anew.

    Raises:
        NotFound: there is no such run.
        InvalidInput: nobody's attendance is recorded yet.
    """
    require(who, Action.PLAN_TRAINING)
    run = session.get(TrainingRun, run_id)
    if run is None:
        raise NotFound("This run of the course does not exist any more.")
    if not _attended(session, [run.id]):
        raise InvalidInput("Record who came first.")
    _compute(session, run, now)
    audit.record(session, who, "compute", ("training_run", run_id), now=now)


def refresh_effects(session: Session, *, now: datetime, limit: int = 5) -> int:
    """Compute the effects that are missing or a day behind the data; returns how many.

    A few at a time, the newest runs first, so that the caller's transaction stays short.
    """
    version, today = data_version(session), portal_day(session, now)
    rows = session.execute(
        select(TrainingRun, TrainingEffect)
        .outerjoin(TrainingEffect, TrainingEffect.run_id == TrainingRun.id)
        .where(
            TrainingRun.ends_on.between(today - _KEPT_FRESH, today),
            TrainingRun.id.in_(
                select(TrainingEnrolment.run_id).where(TrainingEnrolment.attended.is_(True))
            ),
        )
        .order_by(TrainingRun.ends_on.desc())
    )
    behind = [run for run, effect in rows if effect is None or _is_old(effect, version, now)]
    for run in behind[:limit]:
        _compute(session, run, now)
    return len(behind[:limit])


def _is_old(effect: TrainingEffect, version: int, now: datetime) -> bool:
    is_behind = effect.data_version != version
    return is_behind and now - effect.computed_at > timedelta(days=1)


def _compute(session: Session, run: TrainingRun, now: datetime) -> None:
    course = session.get_one(TrainingCourse, run.course_id)
    selection = Period(run.selection_first, run.selection_last)
    newest = newest_month(session) or selection.last
    windows = windows_of(selection, run.starts_on, run.ends_on, newest)
    span = Period(selection.first, max(window.last for window in windows if window))
    by_staff = tallies(session, taught_items(session, course), span)
    monthly = {
        staff: {month: tally.scores for month, tally in months.items()}
        for staff, months in by_staff.items()
    }
    trained = _attended(session, [run.id])
    people = people_of(monthly, trained, windows, leave_out=_elsewhere(session, run))
    payload = _payload(training_effect(people), windows, unmeasured=len(trained))
    effect = session.get(TrainingEffect, run.id) or TrainingEffect(run_id=run.id)
    effect.data_version = data_version(session)
    effect.computed_at, effect.payload = now, payload
    session.add(effect)


def _attended(session: Session, run_ids: list[int]) -> set[int]:
    return set(
        session.scalars(
            select(TrainingEnrolment.staff_id).where(
                TrainingEnrolment.run_id.in_(run_ids), TrainingEnrolment.attended.is_(True)
            )
        )
    )


def _elsewhere(session: Session, run: TrainingRun) -> set[int]:
    """Who came to another run of the same course."""
    others = select(TrainingRun.id).where(
        TrainingRun.course_id == run.course_id, TrainingRun.id != run.id
    )
    return _attended(session, list(session.scalars(others)))


def _payload(effect: Effect, windows: Windows, *, unmeasured: int) -> dict[str, Any]:
    return {
        "windows": [list(window) if window else None for window in windows],
        "trained": effect.trained,
        "scored": effect.scored,
        "unmeasured": unmeasured - effect.trained,
        "sentence": [effect.sentence.template, dict(effect.sentence.values)],
        "estimate": _estimate(effect.estimate) if effect.estimate else None,
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "method": estimate.method.value,
        "people": estimate.people,
        "rise": estimate.rise,
        "expected": estimate.expected,
        "effect": estimate.effect,
        "lower": estimate.interval.lower,
        "upper": estimate.interval.upper,
        "error": estimate.error,
        "freedom": estimate.freedom,
        "spread": estimate.spread,
    }
