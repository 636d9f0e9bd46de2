"""The plan of a year, beside what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.people.queries.shown_texts import HiddenNames
from db.training.models import (
    TrainingCourse,
    TrainingEnrolment,
    TrainingPlan,
    TrainingPlanLine,
    TrainingRun,
)


@dataclass(frozen=True)
class PlanLine:
    """A line of the plan; `held` are the people who came to runs of the course in its year."""

    id: int
    course_id: int
    course: str
    goal: str
    method: str
    starts_on: date
    ends_on: date
    people: int
    held: int


@dataclass(frozen=True)
class PlanView:
    year: int
    goals: str
    lines: tuple[PlanLine, ...]


def plan(session: Session, who: Identity, year: int) -> PlanView:
    """The plan of a year, empty if nobody has made one."""
    require(who, Action.SEE_TRAINING)
    saved_plan = session.scalars(select(TrainingPlan).filter_by(year=year)).one_or_none()
    if saved_plan is None:
        return PlanView(year, "", ())
    rows = session.execute(
        select(TrainingPlanLine, TrainingCourse.title)
        .join(TrainingCourse, TrainingCourse.id == TrainingPlanLine.course_id)
        .where(TrainingPlanLine.plan_id == saved_plan.id)
        .order_by(TrainingPlanLine.starts_on, TrainingPlanLine.id)
    ).all()
    held = _held(session, year)
    hide = HiddenNames(session, who).anywhere.hide
    lines = tuple(
        PlanLine(
            id=row.id,
            course_id=row.course_id,
            course=hide(title),
            goal=hide(row.goal),
            method=row.method,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            people=row.people,
            held=held.get(row.course_id, 0),
        )
        for row, title in rows
    )
    return PlanView(year, hide(saved_plan.goals), lines)


def _held(session: Session, year: int) -> dict[int, int]:
    rows = session.execute(
        select(TrainingRun.course_id, func.count())
        .join(TrainingEnrolment, TrainingEnrolment.run_id == TrainingRun.id)
        .where(
            TrainingEnrolment.attended.is_(True),
            TrainingRun.starts_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .group_by(TrainingRun.course_id)
    )
    return dict(rows.all())
