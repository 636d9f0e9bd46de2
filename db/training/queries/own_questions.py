"""Questions that trainers wrote: as exams draw them, and in their words with picture and case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can, require
from core.checklist import Texts
from core.errors import not_found
from core.people.staff_names import StaffNames
from core.training import BankKey, OwnQuestion, TrainerChoices
from db.encounters.models import Turn
from db.encounters.queries.consent import open_to_use
from db.people.queries.shown_texts import before_class
from db.teaching.models import CaseSetMember, CaseSetVersion
from db.training.models import ExamArrangement, ExamAttempt, ExamQuestion, TrainingEnrolment
from db.training.queries.usable_case_sets import case_sets_for, newest_issued


class SpokenTurn(NamedTuple):
    """A turn of the case that a question is about."""

    position: int
    speaker: str
    text: str


class EvidenceCase(NamedTuple):
    """A case that a question may be about: the title of its set, its number there, its turns.

    `positions` are those of the turns, rising.
    """

    member_id: int
    title: str
    number: int
    positions: tuple[int, ...]


@dataclass(frozen=True)
class OwnWording:
    """The texts of a question by language, its options by key.

    `turns` are those of its case, None where it has none. `gone` says that its case may not be
    shown any more.
    """

    question: Texts
    options: Mapping[str, Texts]
    why: Texts
    picture: str | None
    turns: tuple[SpokenTurn, ...] | None
    gone: bool


def choices_of(session: Session, course_id: int) -> TrainerChoices:
    """What trainers say of the questions of a course; own ones in the order they were written."""
    off: set[BankKey] = set()
    places: dict[BankKey, int] = {}
    for row in session.scalars(select(ExamArrangement).filter_by(course_id=course_id)):
        key = row.kind, row.subject, row.level
        if row.off:
            off.add(key)
        if row.place is not None:
            places[key] = row.place
    first = tuple(sorted(places, key=places.__getitem__))
    return TrainerChoices(_own(session, course_id), frozenset(off), first)


def own_wording(session: Session, keys: Collection[int]) -> dict[str, OwnWording]:
    """The words of these questions by key, without staff names, whoever reads them."""
    if not keys:
        return {}
    rows = session.scalars(select(ExamQuestion).where(ExamQuestion.id.in_(keys))).all()
    names, spoken = before_class(session), _turns(session, rows)
    return {str(row.id): _worded(row, names, spoken.get(row.id)) for row in rows}


def evidence_cases(session: Session, who: Identity) -> tuple[EvidenceCase, ...]:
    """Cases of the issued sets that a trainer may use, which may be shown and have turns.

    Raises:
        NotAllowed: the role does not plan training.
    """
    require(who, Action.PLAN_TRAINING)
    titles = case_sets_for(session, who)
    rows = session.execute(
        select(CaseSetMember.id, CaseSetVersion.case_set_id, CaseSetMember.position, Turn.position)
        .join(CaseSetVersion, CaseSetVersion.id == CaseSetMember.version_id)
        .join(Turn, Turn.interaction_id == CaseSetMember.interaction_id)
        .where(
            CaseSetMember.version_id.in_(newest_issued(list(titles))),
            open_to_use(CaseSetMember.interaction_id),
        )
        .order_by(CaseSetVersion.case_set_id, CaseSetMember.position, Turn.position)
    ).all()
    cases = groupby(rows, key=lambda row: tuple(row[:3]))
    return tuple(
        EvidenceCase(member_id, titles[set_id], number, tuple(row[3] for row in turns))
        for (member_id, set_id, number), turns in cases
    )


def seen_picture(session: Session, who: Identity, name: str) -> None:
    """Ask whether a person may see the picture of a question: who plans training, or was asked it.

    Raises:
        NotFound: there is no such picture, or it is not for this person.
    """
    ids = set(map(str, session.scalars(select(ExamQuestion.id).filter_by(picture=name))))
    if not ids or not (can(who, Action.PLAN_TRAINING) or _was_asked(session, who, ids)):
        raise not_found(
            "This picture does not exist.",
            user_id=who.user_id,
            subject=("exam_picture", name),
            exists=bool(ids),
        )


def _own(session: Session, course_id: int) -> tuple[OwnQuestion, ...]:
    """Those that can be asked: of which a case may not be shown any more are left out."""
    rows = session.scalars(
        select(ExamQuestion)
        .where(ExamQuestion.course_id == course_id, ExamQuestion.replaced.is_(False))
        .order_by(ExamQuestion.id)
    ).all()
    spoken = _turns(session, rows)
    return tuple(
        OwnQuestion(
            str(row.id),
            tuple(map(str, range(len(row.options)))),
            frozenset(map(str, row.right)),
            item=row.item,
        )
        for row in rows
        if row.first_turn is None or spoken.get(row.id)
    )


def _was_asked(session: Session, who: Identity, keys: Collection[str]) -> bool:
    if who.staff_id is None or not can(who, Action.SEE_OWN_RESULTS):
        return False
    papers = session.scalars(
        select(ExamAttempt.questions)
        .join(TrainingEnrolment, TrainingEnrolment.id == ExamAttempt.enrolment_id)
        .where(TrainingEnrolment.staff_id == who.staff_id)
    )
    return any(row["kind"] == "own" and row["subject"] in keys for paper in papers for row in paper)


def _worded(
    row: ExamQuestion, names: StaffNames, spoken: Sequence[SpokenTurn] | None
) -> OwnWording:
    def hidden(texts: Texts) -> Texts:
        return {language: names.hide(text) for language, text in texts.items()}

    turns = tuple(turn._replace(text=names.hide(turn.text)) for turn in spoken or ())
    return OwnWording(
        question=hidden(row.question),
        options={str(number): hidden(texts) for number, texts in enumerate(row.options)},
        why=hidden(row.why),
        picture=row.picture,
        turns=turns if row.first_turn is not None else None,
        gone=row.first_turn is not None and not turns,
    )


def _turns(session: Session, rows: Sequence[ExamQuestion]) -> dict[int, list[SpokenTurn]]:
    """What was said in the stretch that each question shows, where its customer allows."""
    ids = [row.id for row in rows if row.first_turn is not None]
    spoken: dict[int, list[SpokenTurn]] = {}
    if not ids:
        return spoken
    rows_of_turns = session.execute(
        select(ExamQuestion.id, Turn.position, Turn.speaker, Turn.text)
        .join(CaseSetMember, CaseSetMember.id == ExamQuestion.member_id)
        .join(Turn, Turn.interaction_id == CaseSetMember.interaction_id)
        .where(
            ExamQuestion.id.in_(ids),
            Turn.position.between(ExamQuestion.first_turn, ExamQuestion.last_turn),
            open_to_use(CaseSetMember.interaction_id),
        )
        .order_by(ExamQuestion.id, Turn.position)
    )
    for key, position, speaker, words in rows_of_turns:
        spoken.setdefault(key, []).append(
            SpokenTurn(position=position, speaker=speaker, text=words)
        )
    return spoken
