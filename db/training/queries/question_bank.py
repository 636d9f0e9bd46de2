"""The questions of a course as trainers look through them, with what sittings say of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import NotFound
from core.training import BankKey, Question
from core.training.item_statistics import NEVER_ASKED, ItemStatistics, item_statistics
from db.training.models import (
    ExamAttempt,
    ExamQuestion,
    TrainingEnrolment,
    TrainingRun,
)
from db.training.queries.courses import planned_course
from db.training.queries.exam_bank import (
    Wording,
    bank_of,
    kept_answers,
    questions_of,
    wording,
)
from db.training.queries.own_questions import OwnWording, own_wording
from db.training.queries.usable_case_sets import AskableSet, askable_sets


@dataclass(frozen=True)
class BankRow:
    """A question of the bank; of what is offered beside the right answer `question` is an example.

    `order` is where it comes on a paper, from 0, None where chance says.
    """

    question: Question
    off: bool
    order: int | None
    statistics: ItemStatistics


@dataclass(frozen=True)
class QuestionBank:
    """All that a course may ask, the ordered ones first, with the texts and the case sets.

    `answers` are how many different answers of cases there are to offer: below FEWEST_OPTIONS no
    case can be asked about. `hidden` are own questions whose case may not be shown any more.
    """

    rows: tuple[BankRow, ...]
    wording: Wording
    sets: tuple[AskableSet, ...]
    answers: int
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class WrittenQuestion:
    """A question as its form shows it; see ExamQuestion."""

    id: int
    wording: OwnWording
    right: tuple[int, ...]
    item: str
    member_id: int | None
    first_turn: int | None
    last_turn: int | None


def question_bank(session: Session, who: Identity, course_id: int) -> QuestionBank:
    """What a course may ask.

    Raises:
        NotAllowed: the role does not plan training.
        NotFound: there is no such course.
    """
    course = planned_course(session, who, course_id)
    bank = bank_of(session, course)
    questions = bank.every_question()
    figures = item_statistics(_first_sittings(session, course_id))
    places = {key: order for order, key in enumerate(bank.choices.first)}
    ordered = sorted(questions, key=lambda question: places.get(question.bank_key, len(places)))
    written = set(
        session.scalars(select(ExamQuestion.id).filter_by(course_id=course_id, replaced=False))
    )
    return QuestionBank(
        rows=tuple(
            BankRow(
                question=question,
                off=question.bank_key in bank.choices.off,
                order=places.get(question.bank_key),
                statistics=figures.get(question.bank_key, NEVER_ASKED),
            )
            for question in ordered
        ),
        wording=wording(session, questions),
        sets=askable_sets(session, who, course.case_sets),
        answers=len({lesson.answer for lesson in bank.lessons}),
        hidden=tuple(sorted(set(map(str, written)) - {own.key for own in bank.choices.own})),
    )


def written_question(session: Session, who: Identity, question_id: int) -> WrittenQuestion:
    """A question that a trainer wrote, to be changed.

    Raises:
        NotAllowed: the role does not plan training.
        NotFound: there is no such question.
    """
    require(who, Action.PLAN_TRAINING)
    row = session.get(ExamQuestion, question_id)
    if row is None:
        raise NotFound("This entry does not exist any more.")
    [texts] = own_wording(session, [question_id]).values()
    return WrittenQuestion(
        id=row.id,
        wording=texts,
        right=tuple(row.right),
        item=row.item,
        member_id=row.member_id,
        first_turn=row.first_turn,
        last_turn=row.last_turn,
    )


def _first_sittings(session: Session, course_id: int) -> Iterator[dict[BankKey, bool]]:
    """Which questions each person answered rightly at the first exam of the course in the portal.

    Resits are left out: who was asked before is not the same person any more.
    """
    first = (
        select(TrainingEnrolment.staff_id, func.min(ExamAttempt.id).label("id"))
        .join(ExamAttempt, ExamAttempt.enrolment_id == TrainingEnrolment.id)
        .join(TrainingRun, TrainingRun.id == TrainingEnrolment.run_id)
        .where(TrainingRun.course_id == course_id, ExamAttempt.source == "portal")
        .group_by(TrainingEnrolment.staff_id)
        .subquery()
    )
    attempts = session.scalars(
        select(ExamAttempt)
        .join(first, first.c.id == ExamAttempt.id)
        .where(ExamAttempt.score.is_not(None))
    )
    for attempt in attempts:
        answers = kept_answers(attempt)
        yield {
            question.bank_key: question.is_right(answers[order])
            for order, question in enumerate(questions_of(attempt.questions))
        }
