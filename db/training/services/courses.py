"""Courses, the yearly plan and the runs of courses, made and changed by who plans training."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.periods import Period, month_of
from core.training import windows_of
from core.training.exam import FEWEST_OPTIONS
from db.store import audit
from db.store.form_rows import existing, store
from db.training.models import (
    TrainingCourse,
    TrainingEffect,
    TrainingEnrolment,
    TrainingPlan,
    TrainingPlanLine,
    TrainingRun,
)
from db.training.queries.exam_bank import bank_of

METHODS = ("internal", "external", "online", "case_analysis", "simulation", "coaching")
MOST_ATTEMPTS = 3
_MOST_QUESTIONS = 60
_MOST_MONTHS = 60
MOST_MINUTES = 240
_VERSIONED = (
    *("title", "content", "items", "sections", "case_sets"),
    *("questions", "minutes", "pass_mark", "practical_mark"),
)
"""What makes it another version of the course when it changes."""


@dataclass(frozen=True)
class CourseData:
    """What is entered for a course; see TrainingCourse for what the fields mean."""

    title: str
    content: str
    method: str
    items: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    case_sets: tuple[int, ...] = ()
    posts: tuple[str, ...] = ()
    interval_months: int | None = None
    questions: int = 0
    minutes: int | None = None
    pass_mark: float = 80.0
    practical_mark: float | None = None
    attempts: int = MOST_ATTEMPTS
    active: bool = True


@dataclass(frozen=True)
class LineData:
    """What is entered for a line of the plan."""

    course_id: int | None
    goal: str
    method: str
    starts_on: date
    ends_on: date
    people: int


@dataclass(frozen=True)
class RunData:
    """What is entered for a run; `selection` are the months people are picked by."""

    course_id: int | None
    method: str
    place: str
    starts_on: date
    ends_on: date
    selection: Period


def save_course(
    session: Session, *, who: Identity, course_id: int | None, data: CourseData, now: datetime
) -> int:
    """Make a course (`course_id` None) or change one; returns its id.

    Raises:
        InvalidInput: no title, an unknown method, a figure outside its range, or a case set is
            chosen of which the exam could ask nothing.
    """
    require(who, Action.PLAN_TRAINING)
    _check_course(data)
    course = existing(session, TrainingCourse, course_id) or TrainingCourse(
        created_by=who.user_id, created_at=now
    )
    if data.questions and not set(data.case_sets) <= set(course.case_sets or ()):
        _check_case_sets(session, data)
    lists = {
        name: list(getattr(data, name)) for name in ("items", "sections", "case_sets", "posts")
    }
    fields = asdict(data) | lists
    changed = any(getattr(course, name) != fields[name] for name in _VERSIONED)
    if course_id is not None and changed:
        fields["version"] = course.version + 1
    return store(session, who, course, fields, "training_course", now)


def save_goals(session: Session, *, who: Identity, year: int, goals: str, now: datetime) -> int:
    """Keep what the training of a year is for; the plan is made with the first word of it."""
    require(who, Action.PLAN_TRAINING)
    if not 2000 <= year <= 2100:
        raise InvalidInput("{year} is no year to plan for.", year=year)
    plan = session.scalars(select(TrainingPlan).filter_by(year=year)).one_or_none()
    if plan is None:
        plan = TrainingPlan(year=year)
        session.add(plan)
    plan.goals, plan.changed_by, plan.changed_at = goals.strip(), who.user_id, now
    session.flush()  # lines and the audit event name the id
    audit.record(session, who, "save", ("training_plan", plan.id), now=now, fields=["goals"])
    return plan.id


def save_line(
    session: Session, *, who: Identity, line_id: int | None, data: LineData, now: datetime
) -> int:
    """Add a line to the plan of the year it starts in, or change one; returns its id."""
    require(who, Action.PLAN_TRAINING)
    _check_dates(data.starts_on, data.ends_on)
    _check_method(data.method)
    if data.people < 1:
        raise InvalidInput("A course needs at least one person.")
    _active_course(session, data.course_id)
    year = data.starts_on.year
    plan_id = session.scalar(select(TrainingPlan.id).filter_by(year=year)) or save_goals(
        session, who=who, year=year, goals="", now=now
    )
    line = existing(session, TrainingPlanLine, line_id) or TrainingPlanLine()
    fields = asdict(data) | {"plan_id": plan_id}
    return store(session, who, line, fields, "training_plan_line", now)


def drop_line(session: Session, *, who: Identity, line_id: int, now: datetime) -> None:
    """Take a line out of the plan."""
    require(who, Action.PLAN_TRAINING)
    line = session.get(TrainingPlanLine, line_id)
    if line is None:
        raise NotFound("This entry does not exist any more.")
    session.delete(line)
    audit.record(session, who, "discard", ("training_plan_line", line_id), now=now)


def save_run(
    session: Session, *, who: Identity, run_id: int | None, data: RunData, now: datetime
) -> int:
    """Open a run of a course, or change one; returns its id.

    Raises:
        InvalidInput: the days are in the wrong order, people are picked by months that do not lie
            before the run (their rebound could not be told from progress), or the course would
            change under the people enrolled.
    """
    require(who, Action.PLAN_TRAINING)
    _check_dates(data.starts_on, data.ends_on)
    _check_method(data.method)
    windows_of(data.selection, data.starts_on, data.ends_on, month_of(data.ends_on))
    if run_id is None or data.course_id is None:
        _active_course(session, data.course_id)
    run = existing(session, TrainingRun, run_id) or TrainingRun(
        trainer_id=who.user_id, created_at=now
    )
    if run_id is not None and run.course_id != data.course_id and _has_people(session, run_id):
        raise InvalidInput("People are enrolled already; the course stays.")
    fields = {name: value for name, value in asdict(data).items() if name != "selection"}
    fields |= {"selection_first": data.selection.first, "selection_last": data.selection.last}
    effect = session.get(TrainingEffect, run_id) if run_id is not None else None
    if effect is not None:
        session.delete(effect)  # computed over other months
    return store(session, who, run, fields, "training_run", now)


def _check_course(data: CourseData) -> None:
    if not data.title.strip():
        raise InvalidInput("Fill in every required field.")
    _check_method(data.method)
    _within("questions", data.questions, 0, _MOST_QUESTIONS)
    _within("pass mark", data.pass_mark, 1, 100)
    _within("attempts", data.attempts, 1, MOST_ATTEMPTS)
    if data.practical_mark is not None:
        _within("practical mark", data.practical_mark, 1, 100)
    if data.minutes is not None:
        _within("minutes", data.minutes, 1, MOST_MINUTES)
    if data.interval_months is not None:
        _within("months", data.interval_months, 1, _MOST_MONTHS)
    if data.questions and not (data.items or data.sections or data.case_sets):
        raise InvalidInput("An exam needs items, sections or case sets to draw questions from.")


def _check_case_sets(session: Session, data: CourseData) -> None:
    sets = TrainingCourse(items=[], sections=[], case_sets=list(data.case_sets))
    answers = {lesson.answer for lesson in bank_of(session, sets).lessons}
    if len(answers) < FEWEST_OPTIONS:
        raise InvalidInput(
            "The exam could ask nothing of these case sets: {count} of their issued cases have a"
            " question and an answer of their own, and {fewest} are needed to choose from.",
            count=len(answers),
            fewest=FEWEST_OPTIONS,
        )


def _within(what: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise InvalidInput(
            "{what}: {value} does not lie between {low} and {high}.",
            what=what,
            value=value,
            low=low,
            high=high,
        )


def _check_dates(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise InvalidInput("The last day lies before the first.")


def _check_method(method: str) -> None:
    if method not in METHODS:
        raise InvalidInput("Unknown method of training: {method}.", method=method)


def _active_course(session: Session, course_id: int | None) -> None:
    if course_id is None:
        raise InvalidInput("Choose the course first.")
    course = session.get(TrainingCourse, course_id)
    if course is None or not course.active:
        raise NotFound("This course does not exist, or is not held any more.")


def _has_people(session: Session, run_id: int) -> bool:
    return (
        session.scalars(select(TrainingEnrolment.id).filter_by(run_id=run_id)).first() is not None
    )
