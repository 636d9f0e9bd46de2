"""Where everybody stands with every course, by person and by station."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.errors import NotAllowed
from core.people.staff_names import NOBODY, StaffNames
from core.training import CompetencyState, Standing, Taking, standing_of
from db.people.models import Staff, Station
from db.people.queries.shown_texts import HiddenNames, StaffLabels
from db.store.days import portal_zone
from db.training.models import ExamAttempt, TrainingCourse, TrainingEnrolment, TrainingRun
from db.training.queries.courses import Course, course_of

URGENT = (Standing.OVERDUE, Standing.RETRAIN, Standing.RESIT, Standing.ABSENT)


@dataclass(frozen=True)
class StationStanding:
    """How many people of a station stand where, by course id."""

    station_id: int
    station_code: str
    counts: dict[int, dict[Standing, int]]

    def urgent(self) -> int:
        return sum(counts.get(s, 0) for counts in self.counts.values() for s in URGENT)


class PersonStanding(NamedTuple):
    """A person's standing by course id; `label` is a pseudonym unless names may be known."""

    staff_id: int
    label: str
    states: dict[int, CompetencyState]


class _Person(NamedTuple):
    id: int
    station_id: int
    post: str
    employed_from: date | None


_Takings = dict[tuple[int, int], list[Taking]]


def course_states(session: Session, course: Course, today: date) -> dict[int, CompetencyState]:
    """Where everybody who works here stands with a course, by staff id."""
    takings = _takings(session, [TrainingRun.course_id == course.id])
    return {
        person.id: state
        for person in _people(session, [])
        if (state := _state(course, person, takings, today))
    }


def station_standings(session: Session, who: Identity, today: date) -> tuple[StationStanding, ...]:
    """Every station one may see whose people stand somewhere, the most urgent first."""
    visible = visible_stations(who, Action.SEE_TRAINING)
    scope = [] if visible is None else [Staff.station_id.in_(visible)]
    courses = _active_courses(session)
    takings = _takings(session, scope)
    codes = dict(session.execute(select(Station.id, Station.code)).all())
    by_station: dict[int, StationStanding] = {}
    for person in _people(session, scope):
        for course in courses:
            state = _state(course, person, takings, today)
            if state is not None:
                station_id = person.station_id
                row = by_station.setdefault(
                    station_id, StationStanding(station_id, codes[station_id], {})
                )
                counts = row.counts.setdefault(course.id, {})
                counts[state.standing] = counts.get(state.standing, 0) + 1
    return tuple(sorted(by_station.values(), key=lambda row: (-row.urgent(), row.station_code)))


def person_standings(
    session: Session, who: Identity, station_id: int, today: date
) -> tuple[PersonStanding, ...]:
    """The people of a station who stand somewhere, in the order of their labels.

    In the order of their numbers it would tell whose pseudonym is whose.

    Raises:
        NotAllowed: the station lies outside what the person may see.
    """
    visible = visible_stations(who, Action.SEE_TRAINING)
    if visible is not None and station_id not in visible:
        raise NotAllowed(
            "Your role does not permit this.", user_id=who.user_id, subject=("station", station_id)
        )
    scope = [Staff.station_id == station_id]
    takings = _takings(session, scope)
    people = _people(session, scope)
    labels = StaffLabels.for_training(session, who)
    labels.prepare({person.id for person in people})
    courses = _active_courses(session)
    rows = []
    for person in people:
        states = {c.id: state for c in courses if (state := _state(c, person, takings, today))}
        if states:
            rows.append(PersonStanding(person.id, labels.label(person.id, station_id), states))
    return tuple(sorted(rows, key=lambda row: row.label))


def own_states(
    session: Session, hiding: HiddenNames, staff_id: int, today: date
) -> dict[int, tuple[Course, CompetencyState]]:
    """A person's own standing by course id."""
    scope = [Staff.id == staff_id]
    takings = _takings(session, scope)
    people = _people(session, scope)
    return {
        course.id: (course, state)
        for course in _active_courses(session, hiding.anywhere)
        for person in people
        if (state := _state(course, person, takings, today))
    }


def _state(
    course: Course, person: _Person, takings: _Takings, today: date
) -> CompetencyState | None:
    required = None
    if course.interval_months is not None and (not course.posts or person.post in course.posts):
        required = max(course.since, person.employed_from or course.since)
    taken = takings.get((course.id, person.id), [])
    if not taken and required is None:
        return None
    return standing_of(course.rules, taken, today=today, required_since=required)


def _active_courses(session: Session, names: StaffNames = NOBODY) -> list[Course]:
    zone, active = portal_zone(session), TrainingCourse.active.is_(True)
    rows = session.scalars(select(TrainingCourse).where(active).order_by(TrainingCourse.title))
    return [course_of(row, zone, names) for row in rows]


def _people(session: Session, scope: Iterable[ColumnElement[bool]]) -> list[_Person]:
    rows = session.execute(
        select(Staff.id, Staff.station_id, Staff.post, Staff.employed_from)
        .where(Staff.active.is_(True), *scope)
        .order_by(Staff.staff_no)
    )
    return [_Person(*row) for row in rows]


def _takings(session: Session, scope: Iterable[ColumnElement[bool]]) -> _Takings:
    """Everything taken, by course and person, oldest run first."""
    conditions = list(scope)
    exams: dict[int, list[float]] = {}
    scores = session.execute(
        select(ExamAttempt.enrolment_id, ExamAttempt.score)
        .join(TrainingEnrolment, TrainingEnrolment.id == ExamAttempt.enrolment_id)
        .join(TrainingRun, TrainingRun.id == TrainingEnrolment.run_id)
        .join(Staff, Staff.id == TrainingEnrolment.staff_id)
        .where(ExamAttempt.score.is_not(None), *conditions)
        .order_by(ExamAttempt.enrolment_id, ExamAttempt.number)
    )
    for enrolment_id, score in scores:
        exams.setdefault(enrolment_id, []).append(score or 0.0)
    rows = session.execute(
        select(TrainingEnrolment, TrainingRun.course_id, TrainingRun.ends_on)
        .join(TrainingRun, TrainingRun.id == TrainingEnrolment.run_id)
        .join(Staff, Staff.id == TrainingEnrolment.staff_id)
        .where(*conditions)
        .order_by(TrainingRun.ends_on, TrainingRun.id)
    )
    takings: _Takings = {}
    for row, course_id, ends_on in rows:
        taking = Taking(
            ends_on, row.attended, row.attended_on, tuple(exams.get(row.id, ())), row.practical
        )
        takings.setdefault((course_id, row.staff_id), []).append(taking)
    return takings
