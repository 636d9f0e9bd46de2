"""Who takes part in a run, who came, and how the tests went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isclose

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.safekeeping.masking import masked
from core.text.identifiers import normal_identifier
from core.training import Reason
from db.people.identifiers import staff_ids
from db.people.models import Staff
from db.store import audit
from db.training.models import (
    ExamAttempt,
    TrainingCourse,
    TrainingEffect,
    TrainingEnrolment,
    TrainingRun,
)
from db.training.queries.courses import Participant, roster

IN_PORTAL, ELSEWHERE = "portal", "recorded"


@dataclass(frozen=True)
class AttendanceResult:
    """What is recorded of a person in a run.

    `exams` are scores of exams held elsewhere, percent by number of the attempt; what is recorded
    of the attempts in `cleared_exams` is taken back. `attended` None leaves open whether the
    person came.
    """

    enrolment_id: int
    attended: bool | None
    attended_on: date | None = None
    practical: float | None = None
    exams: Mapping[int, float] = field(default_factory=dict)
    note: str = ""
    cleared_exams: frozenset[int] = frozenset()


def enrol(
    session: Session,
    *,
    who: Identity,
    run_id: int,
    staff: Mapping[int, Reason],
    now: datetime,
) -> int:
    """Enrol people in a run, each with the reason; who is in it already stays. Returns how many."""
    require(who, Action.PLAN_TRAINING)
    _run(session, run_id)
    active = set(
        session.scalars(select(Staff.id).where(Staff.id.in_(list(staff)), Staff.active.is_(True)))
    )
    if active != set(staff):
        raise NotFound("Some of these people do not work here any more.")
    inside = set(session.scalars(select(TrainingEnrolment.staff_id).filter_by(run_id=run_id)))
    new = sorted(set(staff) - inside)
    session.add_all(
        TrainingEnrolment(
            run_id=run_id,
            staff_id=staff_id,
            reason=staff[staff_id].value,
            enrolled_by=who.user_id,
            enrolled_at=now,
        )
        for staff_id in new
    )
    _forget_effect(session, run_id)
    audit.record(session, who, "enrol", ("training_run", run_id), now=now, staff=new)
    return len(new)


def enrol_numbers(
    session: Session, *, who: Identity, run_id: int, numbers: Iterable[str], now: datetime
) -> int:
    """Enrol people by their staff numbers, all or none.

    Raises:
        InvalidInput: names the numbers nobody has.
    """
    require(who, Action.PLAN_TRAINING)
    staff_numbers = {normal for number in numbers if (normal := normal_identifier(number))}
    people = staff_ids(session, staff_numbers)
    ids = {number: people.get(number, "staff_no") for number in staff_numbers}
    active = set(
        session.scalars(select(Staff.id).where(Staff.id.in_(ids.values()), Staff.active.is_(True)))
    )
    if missing := sorted(number for number, row_id in ids.items() if row_id not in active):
        raise InvalidInput("Nobody has the staff number {numbers}.", numbers=", ".join(missing))
    reasons = dict.fromkeys(active, Reason.CHOSEN)
    return enrol(session, who=who, run_id=run_id, staff=reasons, now=now)


def withdraw(session: Session, *, who: Identity, enrolment_id: int, now: datetime) -> None:
    """Take a person out of a run, as long as nothing is recorded of them."""
    require(who, Action.PLAN_TRAINING)
    enrolment = session.get(TrainingEnrolment, enrolment_id)
    if enrolment is None:
        raise NotFound("This person is not enrolled in this run.")
    if enrolment.attended is not None or _attempts(session, enrolment_id):
        raise InvalidInput("Attendance or an exam is recorded already; it is kept.")
    session.delete(enrolment)
    audit.record(
        session,
        who,
        "withdraw",
        ("training_run", enrolment.run_id),
        now=now,
        staff=[enrolment.staff_id],
    )


def record_results(
    session: Session,
    *,
    who: Identity,
    run_id: int,
    results: Sequence[AttendanceResult],
    now: datetime,
) -> int:
    """Record attendance and results of people in a run, all or none; returns how many changed.

    Raises:
        InvalidInput: a day outside the run, a score outside 0 to 100, results of someone absent,
            an attempt out of turn or one that was taken in the portal.
        NotFound: the person is not in this run.
    """
    require(who, Action.PLAN_TRAINING)
    run = _run(session, run_id)
    course = session.get_one(TrainingCourse, run.course_id)
    changed = [
        result.enrolment_id for result in results if _record(session, run, course, result, now)
    ]
    if changed:
        _forget_effect(session, run_id)
        audit.record(session, who, "record", ("training_run", run_id), now=now, entries=changed)
    return len(changed)


def _record(
    session: Session,
    run: TrainingRun,
    course: TrainingCourse,
    result: AttendanceResult,
    now: datetime,
) -> bool:
    enrolment = session.get(TrainingEnrolment, result.enrolment_id)
    if enrolment is None or enrolment.run_id != run.id:
        raise NotFound("This person is not enrolled in this run.")
    attempts = _attempts(session, enrolment.id)
    _check(run, course, result, has_exam=bool(attempts.keys() - result.cleared_exams))
    day = (result.attended_on or run.ends_on) if result.attended else None
    fields = {
        "attended": result.attended,
        "attended_on": day,
        "practical": result.practical,
        "note": masked(result.note.strip()),
    }
    changed = [name for name, value in fields.items() if getattr(enrolment, name) != value]
    for name in changed:
        setattr(enrolment, name, fields[name])
    cleared = [
        _clear_exam(session, attempts, number)
        for number in sorted(result.cleared_exams, reverse=True)
    ]
    examined = [
        _record_exam(session, enrolment, attempts, number, score, now)
        for number, score in sorted(result.exams.items())
    ]
    if changed or any(cleared) or any(examined):
        enrolment.recorded_at = now
        return True
    return False


def _check(
    run: TrainingRun, course: TrainingCourse, result: AttendanceResult, *, has_exam: bool
) -> None:
    if result.attended_on and not run.starts_on <= result.attended_on <= run.ends_on:
        raise InvalidInput("The day of attendance lies outside the run.")
    if not result.attended and (result.exams or result.practical is not None or has_exam):
        raise InvalidInput("There are results of someone who is not marked as having come.")
    if result.exams and not course.questions:
        raise InvalidInput("This course has no exam.")
    if result.practical is not None and course.practical_mark is None:
        raise InvalidInput("This course has no practical test.")
    for score in (
        *result.exams.values(),
        *([] if result.practical is None else [result.practical]),
    ):
        if not 0 <= score <= 100:
            raise InvalidInput("A result is a percentage from 0 to 100.")
    if any(not 1 <= number <= course.attempts for number in result.exams):
        raise InvalidInput("This course allows {count} attempts.", count=course.attempts)


def _record_exam(
    session: Session,
    enrolment: TrainingEnrolment,
    attempts: dict[int, ExamAttempt],
    number: int,
    score: float,
    now: datetime,
) -> bool:
    attempt = attempts.get(number)
    if attempt is not None and attempt.source == IN_PORTAL:
        if attempt.score is not None and isclose(attempt.score, score, abs_tol=1e-9):
            return False  # a workbook keeps fewer digits
        raise InvalidInput("Attempt {number} was taken in the portal; it stands.", number=number)
    if attempt is not None:
        changed, attempt.score = attempt.score != score, score
        return changed
    if number > 1 and number - 1 not in attempts:
        raise InvalidInput("Attempt {number} comes before the one ahead of it.", number=number)
    attempts[number] = ExamAttempt(
        enrolment_id=enrolment.id,
        number=number,
        source=ELSEWHERE,
        seed=0,
        questions=[],
        answers=[],
        score=score,
        started_at=now,
        finished_at=now,
        closes_at=None,
    )
    session.add(attempts[number])
    return True


def _clear_exam(session: Session, attempts: dict[int, ExamAttempt], number: int) -> bool:
    """Take back what was recorded of an attempt; whether there was anything."""
    attempt = attempts.get(number)
    if attempt is None:
        return False
    if attempt.source == IN_PORTAL:
        raise InvalidInput("Attempt {number} was taken in the portal; it stands.", number=number)
    if number + 1 in attempts:
        raise InvalidInput("Attempt {number} comes before the one ahead of it.", number=number + 1)
    session.delete(attempts.pop(number))
    return True


def _attempts(session: Session, enrolment_id: int) -> dict[int, ExamAttempt]:
    rows = session.scalars(select(ExamAttempt).filter_by(enrolment_id=enrolment_id))
    return {row.number: row for row in rows}


def _run(session: Session, run_id: int) -> TrainingRun:
    """The run, locked: who changes its people at the same time waits."""
    run = session.get(TrainingRun, run_id, with_for_update=True)
    if run is None:
        raise NotFound("This run of the course does not exist any more.")
    return run


def _forget_effect(session: Session, run_id: int) -> None:
    """What was computed of a run holds no longer."""
    session.execute(delete(TrainingEffect).where(TrainingEffect.run_id == run_id))


def open_roster(
    session: Session, *, who: Identity, run_id: int, now: datetime
) -> tuple[Participant, ...]:
    """The people of a run, and the note that this person saw them.

    Raises:
        NotFound: there is no such run.
    """
    people = roster(session, who, run_id)
    audit.record(session, who, "view", ("training_run", run_id), now=now, people=len(people))
    return people
