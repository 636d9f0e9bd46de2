"""A person's own training: what is due, what was taken, the exam to sit; nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import NotAllowed, NotFound
from core.training import Answer, CompetencyState, Question, Standing
from db.people.queries.shown_texts import HiddenNames
from db.store.days import portal_zone
from db.training.models import (
    ExamAttempt,
    TrainingCertificate,
    TrainingCourse,
    TrainingEnrolment,
    TrainingRun,
)
from db.training.queries.course_standing import own_states
from db.training.queries.courses import Course, course_of
from db.training.queries.exam_bank import Wording, kept_answers, questions_of, wording


@dataclass(frozen=True)
class OwnRun:
    """A run one is enrolled in; `exams` are one's scores in order.

    `under_way` tells of an exam begun and not handed in: questions answered, and questions.
    `certificate` is the id of that of the exam passed here.
    """

    enrolment_id: int
    course: Course
    place: str
    starts_on: date
    ends_on: date
    attended: bool | None
    exams: tuple[float, ...]
    practical: float | None
    under_way: tuple[int, int] | None = None
    certificate: int | None = None

    @property
    def exam_is_open(self) -> bool:
        """Whether one may sit the exam now, or go on with it."""
        if self.under_way:
            return bool(self.attended)
        passed = any(score >= self.course.pass_mark for score in self.exams)
        left = len(self.exams) < self.course.attempts
        return bool(self.attended and self.course.questions and left and not passed)


@dataclass(frozen=True)
class OwnTraining:
    """Where one stands with each course, and the runs one is in, the newest first."""

    states: tuple[tuple[Course, CompetencyState], ...]
    runs: tuple[OwnRun, ...]


@dataclass(frozen=True)
class ExamPaper:
    """An attempt: its questions and texts, the answers so far, the score once it is handed in.

    The run it belongs to, and `begun_at`, tell it from others of the same course. Answers count
    until `closes_at`, None without a time limit; `timed_out` says that it ended the exam.
    """

    attempt_id: int
    course: Course
    place: str
    starts_on: date
    ends_on: date
    number: int
    begun_at: datetime
    closes_at: datetime | None
    timed_out: bool
    certificate: int | None
    questions: tuple[Question, ...]
    wording: Wording
    answers: tuple[Answer | None, ...]
    score: float | None


def own_training(session: Session, who: Identity, today: date) -> OwnTraining:
    """What concerns the person who looks.

    Raises:
        NotAllowed: the role has no results of its own.
    """
    require(who, Action.SEE_OWN_RESULTS)
    staff_id = who.staff_id or 0
    order = list(Standing)
    hiding = HiddenNames(session, who)
    states = sorted(
        own_states(session, hiding, staff_id, today).values(),
        key=lambda pair: (order.index(pair[1].standing), pair[0].title),
    )
    return OwnTraining(tuple(states), _runs(session, hiding, staff_id))


def paper(session: Session, who: Identity, attempt_id: int) -> ExamPaper:
    """One's own attempt.

    Raises:
        NotFound: there is no such attempt.
        NotAllowed: it is somebody else's.
    """
    require(who, Action.SEE_OWN_RESULTS)
    row = session.execute(
        select(ExamAttempt, TrainingEnrolment.staff_id, TrainingRun, TrainingCourse)
        .join(TrainingEnrolment, TrainingEnrolment.id == ExamAttempt.enrolment_id)
        .join(TrainingRun, TrainingRun.id == TrainingEnrolment.run_id)
        .join(TrainingCourse, TrainingCourse.id == TrainingRun.course_id)
        .where(ExamAttempt.id == attempt_id)
    ).one_or_none()
    if row is None:
        raise NotFound("This exam does not exist any more.")
    attempt, staff_id, run, course = row
    if who.staff_id is None or staff_id != who.staff_id:
        raise NotAllowed(
            "An exam is taken by the person enrolled, and by nobody else.",
            user_id=who.user_id,
            subject=("exam_attempt", attempt_id),
        )
    questions, names = questions_of(attempt.questions), HiddenNames(session, who).anywhere
    certificates = select(TrainingCertificate.id).filter_by(attempt_id=attempt.id)
    return ExamPaper(
        attempt_id=attempt.id,
        course=course_of(course, portal_zone(session), names),
        place=names.hide(run.place),
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        number=attempt.number,
        begun_at=attempt.started_at,
        closes_at=attempt.closes_at,
        timed_out=attempt.finished_at is not None and attempt.finished_at == attempt.closes_at,
        certificate=session.scalar(certificates),
        questions=questions,
        wording=wording(session, questions),
        answers=tuple(kept_answers(attempt)),
        score=attempt.score,
    )


def _runs(session: Session, hiding: HiddenNames, staff_id: int) -> tuple[OwnRun, ...]:
    exams: dict[int, list[float]] = {}
    under_way: dict[int, tuple[int, int]] = {}
    certificates = dict(
        session.execute(
            select(ExamAttempt.enrolment_id, TrainingCertificate.id)
            .join(TrainingCertificate, TrainingCertificate.attempt_id == ExamAttempt.id)
            .join(TrainingEnrolment, TrainingEnrolment.id == ExamAttempt.enrolment_id)
            .where(TrainingEnrolment.staff_id == staff_id)
        ).all()
    )
    attempts = session.scalars(
        select(ExamAttempt)
        .join(TrainingEnrolment, TrainingEnrolment.id == ExamAttempt.enrolment_id)
        .where(TrainingEnrolment.staff_id == staff_id)
        .order_by(ExamAttempt.number)
    )
    for attempt in attempts:
        if attempt.score is not None:
            exams.setdefault(attempt.enrolment_id, []).append(attempt.score)
        else:
            answers = kept_answers(attempt)
            answered = sum(choice is not None for choice in answers)
            under_way[attempt.enrolment_id] = (answered, len(answers))
    rows = session.execute(
        select(TrainingEnrolment, TrainingRun, TrainingCourse)
        .join(TrainingRun, TrainingRun.id == TrainingEnrolment.run_id)
        .join(TrainingCourse, TrainingCourse.id == TrainingRun.course_id)
        .where(TrainingEnrolment.staff_id == staff_id)
        .order_by(TrainingRun.starts_on.desc(), TrainingRun.id.desc())
    )
    zone = portal_zone(session)
    return tuple(
        OwnRun(
            enrolment_id=row.id,
            course=course_of(course, zone, hiding.anywhere),
            place=hiding.anywhere.hide(run.place),
            starts_on=run.starts_on,
            ends_on=run.ends_on,
            attended=row.attended,
            exams=tuple(exams.get(row.id, ())),
            practical=row.practical,
            under_way=under_way.get(row.id),
            certificate=certificates.get(row.id),
        )
        for row, run, course in rows
    )
