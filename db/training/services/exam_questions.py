"""What trainers do with the questions of a course: write, change, switch off, put in order."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Texts
from core.errors import InvalidInput, NotFound
from core.i18n import CONTENT_LANGUAGES
from core.training import BankKey
from core.training.exam import FEWEST_OPTIONS
from db.store import audit
from db.store.files import FileKey, FileKind
from db.store.form_rows import store
from db.training.models import (
    ExamArrangement,
    ExamAttempt,
    ExamQuestion,
    TrainingCourse,
    TrainingEnrolment,
    TrainingRun,
)
from db.training.queries.exam_bank import bank_of
from db.training.queries.own_questions import evidence_cases

MOST_OPTIONS = 6
MOST_CHARACTERS = 2000
_PICTURE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class CaseStretch:
    """A case of a set and the turns of it that are shown, by their positions, both included."""

    member_id: int
    first: int
    last: int


@dataclass(frozen=True)
class QuestionData:
    """What is entered for a question; see ExamQuestion for what the fields mean."""

    question: Texts
    options: tuple[Texts, ...]
    right: tuple[int, ...]
    why: Texts = field(default_factory=dict)
    item: str = ""
    picture: str | None = None
    case: CaseStretch | None = None


def picture_file(name: str) -> FileKey:
    """Where the picture of a question is kept."""
    return FileKey(FileKind.EXAM_PICTURES, f"{name[:2]}/{name}.jpg")


def unknown_pictures(session: Session, names: Collection[str]) -> set[str]:
    """Those names that no question has."""
    named = select(ExamQuestion.picture).where(ExamQuestion.picture.in_(names))
    return set(names) - set(session.scalars(named))


def save_question(
    session: Session,
    *,
    who: Identity,
    course_id: int,
    question_id: int | None,
    data: QuestionData,
    now: datetime,
) -> int:
    """Write a question (`question_id` None) or change one; returns its id.

    One that was asked already stays as it is for the papers it stands on, and another takes its
    place in the bank.

    Raises:
        InvalidInput: no text; options that are too few, too many, alike, or not in each language
            of the question; none or all of them right; turns that the case does not have.
        NotFound: there is no such course, question or case.
    """
    require(who, Action.PLAN_TRAINING)
    _course(session, course_id)
    row = _own(session, course_id, question_id)
    fields = _checked(data) | _case(session, who, data.case, row)
    if row is not None and _was_asked(session, row):
        row.replaced = True
        new = _new(who, course_id, now)
        question_id = store(session, who, new, fields, "exam_question", now)
        _pass_on(session, course_id, old=row.id, new=question_id)
        return question_id
    return store(session, who, row or _new(who, course_id, now), fields, "exam_question", now)


def switch_questions(
    session: Session,
    *,
    who: Identity,
    course_id: int,
    keys: Collection[BankKey],
    off: bool,
    now: datetime,
) -> None:
    """Leave questions out of the exams of a course from now on, or ask them again.

    Raises:
        InvalidInput: the course has no such question.
        NotFound: there is no such course.
    """
    require(who, Action.PLAN_TRAINING)
    course = _course(session, course_id)
    _check_keys(session, course, keys)
    rows = _arrangement(session, course_id)
    for key in keys:
        _arranged(session, course_id, rows, key).off = off
    audit.record(
        session,
        who,
        "switch_questions",
        ("training_course", course_id),
        now=now,
        off=off,
        questions=["/".join(key) for key in sorted(keys)],
    )


def order_questions(
    session: Session, *, who: Identity, course_id: int, first: Sequence[BankKey], now: datetime
) -> None:
    """Let these come first on every paper they are drawn for, in this order; the others by chance.

    Raises:
        InvalidInput: the course has no such question.
        NotFound: there is no such course.
    """
    require(who, Action.PLAN_TRAINING)
    course = _course(session, course_id)
    _check_keys(session, course, first)
    rows = _arrangement(session, course_id)
    for row in rows.values():
        row.place = None
    for order, key in enumerate(dict.fromkeys(first)):
        _arranged(session, course_id, rows, key).place = order
    audit.record(
        session,
        who,
        "order_questions",
        ("training_course", course_id),
        now=now,
        questions=["/".join(key) for key in first],
    )


def _checked(data: QuestionData) -> dict[str, object]:
    """The fields of a question, without white space around texts and languages without text."""
    question, why = _filled(data.question), _filled(data.why)
    options = [_filled(texts) for texts in data.options]
    if not question:
        raise InvalidInput("Fill in every required field.")
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise InvalidInput(
            "A question offers {fewest} to {most} answers.",
            fewest=FEWEST_OPTIONS,
            most=MOST_OPTIONS,
        )
    if any(set(texts) != set(question) for texts in options):
        raise InvalidInput("Every answer has to be there in each language of the question.")
    for language in question:
        if len({texts[language].casefold() for texts in options}) < len(options):
            raise InvalidInput("Two answers read the same.")
    right = sorted(set(data.right))
    if not right or not set(right) < set(range(len(options))):
        raise InvalidInput("At least one answer is right, and at least one is wrong.")
    if data.picture is not None and not _PICTURE.fullmatch(data.picture):
        raise NotFound("This picture does not exist.")
    return {
        "question": question,
        "options": options,
        "right": right,
        "why": why,
        "item": data.item,
        "picture": data.picture,
    }


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    filled = {
        language: texts[language].strip()
        for language in CONTENT_LANGUAGES
        if texts.get(language, "").strip()
    }
    if any(len(text) > MOST_CHARACTERS for text in filled.values()):
        raise InvalidInput("A text has at most {most} characters.", most=MOST_CHARACTERS)
    return filled


def _case(
    session: Session, who: Identity, stretch: CaseStretch | None, row: ExamQuestion | None
) -> dict[str, object]:
    """The fields of the case; one that stood in the question before may stay in it."""
    if stretch is None:
        return {"member_id": None, "first_turn": None, "last_turn": None}
    fields: dict[str, object] = {
        "member_id": stretch.member_id,
        "first_turn": stretch.first,
        "last_turn": stretch.last,
    }
    if row is not None and all(getattr(row, name) == value for name, value in fields.items()):
        return fields
    usable = {case.member_id: case.positions for case in evidence_cases(session, who)}
    if stretch.member_id not in usable:
        raise NotFound("This case is no longer available.")
    if not {stretch.first, stretch.last} <= set(usable[stretch.member_id]):
        raise InvalidInput("The case has no such turn.")
    if stretch.last < stretch.first:
        raise InvalidInput("The last turn lies before the first.")
    return fields


def _new(who: Identity, course_id: int, now: datetime) -> ExamQuestion:
    return ExamQuestion(course_id=course_id, written_by=who.user_id, written_at=now)


def _own(session: Session, course_id: int, question_id: int | None) -> ExamQuestion | None:
    if question_id is None:
        return None
    row = session.get(ExamQuestion, question_id)
    if row is None or row.course_id != course_id or row.replaced:
        raise NotFound("This entry does not exist any more.")
    return row


def _was_asked(session: Session, row: ExamQuestion) -> bool:
    papers = session.scalars(
        select(ExamAttempt.questions)
        .join(TrainingEnrolment, TrainingEnrolment.id == ExamAttempt.enrolment_id)
        .join(TrainingRun, TrainingRun.id == TrainingEnrolment.run_id)
        .where(TrainingRun.course_id == row.course_id)
    )
    own = ("own", str(row.id))
    return any((put["kind"], put["subject"]) == own for paper in papers for put in paper)


def _pass_on(session: Session, course_id: int, *, old: int, new: int) -> None:
    """Whether the question is off, and its place, hold for the one that replaces it."""
    row = session.get(ExamArrangement, (course_id, "own", str(old), ""))
    if row is not None:
        row.subject = str(new)


def _arrangement(session: Session, course_id: int) -> dict[BankKey, ExamArrangement]:
    rows = session.scalars(select(ExamArrangement).filter_by(course_id=course_id))
    return {(row.kind, row.subject, row.level): row for row in rows}


def _arranged(
    session: Session, course_id: int, rows: dict[BankKey, ExamArrangement], key: BankKey
) -> ExamArrangement:
    if key not in rows:
        kind, subject, level = key
        rows[key] = ExamArrangement(
            course_id=course_id, kind=kind, subject=subject, level=level, off=False
        )
        session.add(rows[key])
    return rows[key]


def _check_keys(session: Session, course: TrainingCourse, keys: Collection[BankKey]) -> None:
    there = {question.bank_key for question in bank_of(session, course).every_question()}
    if not set(keys) <= there:
        raise InvalidInput("This course has no such question.")


def _course(session: Session, course_id: int) -> TrainingCourse:
    """The course, locked: who changes its questions at the same time waits."""
    course = session.get(TrainingCourse, course_id, with_for_update=True)
    if course is None:
        raise NotFound("This course does not exist, or is not held any more.")
    return course
