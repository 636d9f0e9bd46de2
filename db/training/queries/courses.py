"""Courses and their runs, and who is in a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, may_know_names, require, visible_stations
from core.clock.days import day_of
from core.errors import NotFound
from core.people.staff_names import NOBODY, StaffNames
from core.periods import Period
from core.training import Reason, Rules, told_reason
from db.people.models import Staff, Station, User
from db.people.queries.shown_texts import HiddenNames, StaffLabels
from db.store.days import portal_zone
from db.training.models import ExamAttempt, TrainingCourse, TrainingEnrolment, TrainingRun


@dataclass(frozen=True)
class Course:
    """A course as it is shown; see TrainingCourse."""

    id: int
    title: str
    content: str
    method: str
    items: tuple[str, ...]
    sections: tuple[str, ...]
    case_sets: tuple[int, ...]
    posts: tuple[str, ...]
    interval_months: int | None
    questions: int
    minutes: int | None
    pass_mark: float
    practical_mark: float | None
    attempts: int
    active: bool
    version: int
    since: date

    @property
    def rules(self) -> Rules:
        return Rules(
            self.interval_months,
            self.questions > 0,
            pass_mark=self.pass_mark,
            practical_mark=self.practical_mark,
            attempts=self.attempts,
        )


@dataclass(frozen=True)
class RunView:
    """A run with how many are enrolled in it and how many came."""

    id: int
    course_id: int
    course: str
    method: str
    place: str
    starts_on: date
    ends_on: date
    trainer: str
    selection: Period
    enrolled: int
    attended: int


@dataclass(frozen=True)
class Participant:
    """A person in a run; `exams` are the scores by number of the attempt.

    `reason` is None where the reader is told no more than that there were losses.
    """

    enrolment_id: int
    staff_id: int
    staff_no: str
    name: str
    station_code: str
    reason: Reason | None
    attended: bool | None
    attended_on: date | None
    practical: float | None
    exams: dict[int, float]
    note: str


def courses(session: Session, who: Identity) -> tuple[Course, ...]:
    """Every course by title, those not held any more last."""
    require(who, Action.SEE_TRAINING)
    rows = session.scalars(
        select(TrainingCourse).order_by(TrainingCourse.active.desc(), TrainingCourse.title)
    )
    names = HiddenNames(session, who).anywhere
    zone = portal_zone(session)
    return tuple(course_of(row, zone, names) for row in rows)


def course_of(row: TrainingCourse, zone: str, names: StaffNames = NOBODY) -> Course:
    """The course, made on a day of the portal's zone, with these people hidden in its words."""
    return Course(
        id=row.id,
        title=names.hide(row.title),
        content=names.hide(row.content),
        method=row.method,
        items=tuple(row.items),
        sections=tuple(row.sections),
        case_sets=tuple(row.case_sets),
        posts=tuple(row.posts),
        interval_months=row.interval_months,
        questions=row.questions,
        minutes=row.minutes,
        pass_mark=row.pass_mark,
        practical_mark=row.practical_mark,
        attempts=row.attempts,
        active=row.active,
        version=row.version,
        since=day_of(row.created_at, zone),
    )


def runs(session: Session, who: Identity, *, course_id: int | None = None) -> tuple[RunView, ...]:
    """Runs, the newest first; who sees one part of the tree counts only its people."""
    visible = visible_stations(who, Action.SEE_TRAINING)
    counted = (
        select(
            TrainingEnrolment.run_id,
            func.count().label("enrolled"),
            func.count().filter(TrainingEnrolment.attended.is_(True)).label("attended"),
        )
        .join(Staff, Staff.id == TrainingEnrolment.staff_id)
        .where(*_within(visible))
        .group_by(TrainingEnrolment.run_id)
        .subquery()
    )
    query = (
        select(TrainingRun, TrainingCourse.title, User.name, counted.c.enrolled, counted.c.attended)
        .join(TrainingCourse, TrainingCourse.id == TrainingRun.course_id)
        .join(User, User.id == TrainingRun.trainer_id)
        .outerjoin(counted, counted.c.run_id == TrainingRun.id)
        .order_by(TrainingRun.starts_on.desc(), TrainingRun.id.desc())
    )
    if course_id is not None:
        query = query.where(TrainingRun.course_id == course_id)
    hide = HiddenNames(session, who).anywhere.hide
    return tuple(
        RunView(
            id=row.id,
            course_id=row.course_id,
            course=hide(title),
            method=row.method,
            place=hide(row.place),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            trainer=trainer,
            selection=Period(row.selection_first, row.selection_last),
            enrolled=enrolled or 0,
            attended=attended or 0,
        )
        for row, title, trainer, enrolled, attended in session.execute(query)
    )


def planned_course(session: Session, who: Identity, course_id: int) -> TrainingCourse:
    """A course as it is stored, for who plans training.

    Raises:
        NotAllowed: the role does not plan training.
        NotFound: there is no such course.
    """
    require(who, Action.PLAN_TRAINING)
    course = session.get(TrainingCourse, course_id)
    if course is None:
        raise NotFound("This course does not exist, or is not held any more.")
    return course


def roster(session: Session, who: Identity, run_id: int) -> tuple[Participant, ...]:
    """The people of a run by station and number, with names for who teaches it.

    To others who may not know their names they are pseudonyms, without numbers.

    Raises:
        NotFound: there is no such run.
        NotAllowed: the role does not see training.
    """
    visible = visible_stations(who, Action.SEE_TRAINING)
    run = session.get(TrainingRun, run_id)
    if run is None:
        raise NotFound("This run of the course does not exist any more.")
    exams = _exam_scores(session, run_id)
    rows = session.execute(
        select(TrainingEnrolment, Staff.staff_no, Staff.name, Station)
        .join(Staff, Staff.id == TrainingEnrolment.staff_id)
        .join(Station, Station.id == Staff.station_id)
        .where(TrainingEnrolment.run_id == run_id, *_within(visible))
    ).all()
    sizes = dict(
        session.execute(
            select(Staff.station_id, func.count())
            .where(Staff.active.is_(True))
            .group_by(Staff.station_id)
        ).all()
    )
    hide = HiddenNames(session, who).anywhere.hide
    labels = StaffLabels.for_training(session, who)
    known = {
        station.id: run.trainer_id == who.user_id or may_know_names(who, station.id)
        for _row, _number, _name, station in rows
    }
    people = [
        Participant(
            enrolment_id=row.id,
            staff_id=row.staff_id,
            staff_no=number if known[station.id] else "",
            name=name if known[station.id] else labels.label(row.staff_id, station.id),
            station_code=station.code,
            reason=told_reason(
                Reason(row.reason),
                named=may_know_names(who, station.id),
                people=sizes.get(station.id, 0),
            ),
            attended=row.attended,
            attended_on=row.attended_on,
            practical=row.practical,
            exams=exams.get(row.id, {}),
            note=hide(row.note),
        )
        for row, number, name, station in rows
    ]
    # In the order of numbers pseudonyms would tell whose is whose.
    return tuple(
        sorted(people, key=lambda person: (person.station_code, person.staff_no or person.name))
    )


def _exam_scores(session: Session, run_id: int) -> dict[int, dict[int, float]]:
    """What was reached in the exams of a run, by enrolment and number of the attempt."""
    scores: dict[int, dict[int, float]] = {}
    attempts = session.execute(
        select(ExamAttempt.enrolment_id, ExamAttempt.number, ExamAttempt.score)
        .join(TrainingEnrolment, TrainingEnrolment.id == ExamAttempt.enrolment_id)
        .where(TrainingEnrolment.run_id == run_id, ExamAttempt.score.is_not(None))
    )
    for enrolment_id, number, score in attempts:
        scores.setdefault(enrolment_id, {})[number] = score or 0.0
    return scores


def _within(visible: frozenset[int] | None) -> list[ColumnElement[bool]]:
    return [] if visible is None else [Staff.station_id.in_(visible)]
