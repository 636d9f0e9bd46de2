"""Sitting an exam: drawn by chance, kept answer by answer, handed in once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotAllowed, NotFound, StaleEdit
from core.training import Answer, Question, grade
from db.store import audit
from db.training.certificates import certify
from db.training.models import ExamAttempt, TrainingCourse, TrainingEnrolment, TrainingRun
from db.training.queries.exam_bank import bank_of, kept_answers, questions_of
from db.training.services.attendance import IN_PORTAL


def start_exam(
    session: Session, *, who: Identity, enrolment_id: int, seed: int, now: datetime
) -> int:
    """Begin the next attempt of one's own exam; an attempt that is open is gone on with.

    Raises:
        NotAllowed: it is somebody else's.
        InvalidInput: attendance is not recorded, the course has no exam or no question to ask, it
            is passed already, or every attempt is used up.
    """
    enrolment = _own(session, who, enrolment_id)
    run = session.get_one(TrainingRun, enrolment.run_id)
    course = session.get_one(TrainingCourse, run.course_id)
    attempts = session.scalars(
        select(ExamAttempt).filter_by(enrolment_id=enrolment_id).order_by(ExamAttempt.number)
    ).all()
    if attempts and attempts[-1].finished_at is None:
        return attempts[-1].id
    _check_open(enrolment, course, [attempt.score or 0.0 for attempt in attempts])
    bank = bank_of(session, course)
    asked = {
        question.identity for attempt in attempts for question in questions_of(attempt.questions)
    }
    questions = bank.draw(course.questions, seed, asked=asked)
    if not questions:
        raise InvalidInput("There is nothing to ask about in this course yet.")
    attempt = ExamAttempt(
        enrolment_id=enrolment_id,
        number=len(attempts) + 1,
        source=IN_PORTAL,
        seed=seed,
        questions=[asdict(question) for question in questions],
        answers=[None] * len(questions),
        score=None,
        started_at=now,
        finished_at=None,
        closes_at=now + timedelta(minutes=course.minutes) if course.minutes else None,
    )
    session.add(attempt)
    session.flush()  # its id is the answer
    audit.record(session, who, "start_exam", ("exam_attempt", attempt.id), now=now)
    return attempt.id


def keep_answer(
    session: Session,
    *,
    who: Identity,
    attempt_id: int,
    position: int,
    choice: Answer,
    now: datetime,
) -> None:
    """Keep one answer of one's own attempt under way; another choice replaces it.

    Args:
        session: of the caller.
        who: the person examined.
        attempt_id: as given by `start_exam`.
        position: of the question, from 0.
        choice: position of the chosen option, from 0; positions where several may be chosen, none
            of them to leave the question open again.
        now: of answering.

    Raises:
        InvalidInput: it is handed in already, its time is over, or the paper has no such question
            or option.
        NotAllowed: it is somebody else's.
    """
    require(who, Action.SEE_OWN_RESULTS)
    attempt = _attempt(session, who, attempt_id)
    if attempt.score is not None:
        raise InvalidInput("This exam was handed in already; its result stands.")
    if is_over(attempt.closes_at, now):
        raise InvalidInput("The time is over; what you answered in time counts.")
    questions = questions_of(attempt.questions)
    if not (0 <= position < len(questions) and _is_offered(questions[position], choice)):
        raise InvalidInput("This answer is not on this paper.")
    answers = kept_answers(attempt)
    answers[position] = choice if isinstance(choice, int) else tuple(sorted(choice)) or None
    attempt.answers = answers
    session.flush()  # whoever locks the attempt next reads it anew


def hand_in(
    session: Session,
    *,
    who: Identity,
    attempt_id: int,
    answers: Mapping[int, Answer],
    now: datetime,
) -> float:
    """Mark an attempt and keep it; handing in again returns the first result.

    Once its time is over what was kept in time is marked, whatever comes now. With a passed exam
    goes a certificate.

    Args:
        session: of the caller.
        who: the person examined.
        attempt_id: as given by `start_exam`.
        answers: position of the question -> position of the chosen option, or positions, as the
            person sees them.
        now: of handing in.

    Raises:
        StaleEdit: an answer was kept from elsewhere that the person does not see; `current` are
            the answers kept.
        NotAllowed: it is somebody else's.
    """
    require(who, Action.SEE_OWN_RESULTS)
    attempt = _attempt(session, who, attempt_id)
    if attempt.score is not None:
        return attempt.score
    saved_answers = kept_answers(attempt)
    if is_over(attempt.closes_at, now):
        return _mark(session, who, attempt, saved_answers, now)
    if any(
        choice not in (None, answers.get(position)) for position, choice in enumerate(saved_answers)
    ):
        raise StaleEdit(
            "Answers were changed in another tab. Look through them, then hand in.", saved_answers
        )
    marked = [answers.get(position) for position in range(len(attempt.questions))]
    return _mark(session, who, attempt, marked, now)


def hand_in_late(session: Session, *, now: datetime) -> int:
    """Mark the exams whose time is over and that nobody handed in; returns how many."""
    left = session.scalars(
        select(ExamAttempt)
        .where(ExamAttempt.score.is_(None), ExamAttempt.closes_at < now)
        .order_by(ExamAttempt.id)
        .with_for_update(skip_locked=True)
    ).all()
    for attempt in left:
        _mark(session, None, attempt, kept_answers(attempt), now)
    return len(left)


def is_over(closes_at: datetime | None, now: datetime) -> bool:
    """Whether the time of an exam is over."""
    return closes_at is not None and now > closes_at


def _mark(
    session: Session,
    who: Identity | None,
    attempt: ExamAttempt,
    answers: Sequence[Answer | None],
    now: datetime,
) -> float:
    marked = {position: answer for position, answer in enumerate(answers) if answer is not None}
    score = grade(questions_of(attempt.questions), marked)
    attempt.answers, attempt.score = list(answers), score
    attempt.finished_at = min(now, attempt.closes_at or now)
    audit.record(session, who, "hand_in", ("exam_attempt", attempt.id), now=now)
    certify(session, who, attempt, now)
    return score


def _is_offered(question: Question, choice: Answer) -> bool:
    """Whether it can be chosen: several options only where several are right."""
    if isinstance(choice, int):
        return not question.also and 0 <= choice < len(question.options)
    return bool(question.also) and set(choice) <= set(range(len(question.options)))


def _attempt(session: Session, who: Identity, attempt_id: int) -> ExamAttempt:
    """One's own attempt, locked until the transaction ends."""
    attempt = session.get(ExamAttempt, attempt_id, with_for_update=True)
    if attempt is None:
        raise NotFound("This exam does not exist any more.")
    _own(session, who, attempt.enrolment_id)
    return attempt


def _own(session: Session, who: Identity, enrolment_id: int) -> TrainingEnrolment:
    require(who, Action.SEE_OWN_RESULTS)
    enrolment = session.get(TrainingEnrolment, enrolment_id, with_for_update=True)
    if enrolment is None:
        raise NotFound("This person is not enrolled in this run.")
    if who.staff_id is None or enrolment.staff_id != who.staff_id:
        raise NotAllowed(
            "An exam is taken by the person enrolled, and by nobody else.",
            user_id=who.user_id,
            subject=("training_run", enrolment.run_id),
        )
    return enrolment


def _check_open(enrolment: TrainingEnrolment, course: TrainingCourse, scores: list[float]) -> None:
    if not course.questions:
        raise InvalidInput("This course has no exam.")
    if not enrolment.attended:
        raise InvalidInput("The exam opens once your attendance is recorded.")
    if any(score >= course.pass_mark for score in scores):
        raise InvalidInput("This exam is passed already.")
    if len(scores) >= course.attempts:
        raise InvalidInput("Every attempt is used up; the course is to be taken again.")
