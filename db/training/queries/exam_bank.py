"""What exams are drawn from, and how their questions read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.checklist import Checklist, Item, Section, Texts, text_in
from core.training import (
    Answer,
    ExamItem,
    ExamLesson,
    Question,
    TrainerChoices,
    draw,
    every_question,
)
from core.training.exam import CONSEQUENCES
from db.checklists.queries.texts import newest_checklists
from db.encounters.queries.consent import open_to_use
from db.people.queries.shown_texts import before_class
from db.teaching.models import CaseSetMember
from db.training.models import ExamAttempt, TrainingCourse
from db.training.queries.own_questions import OwnWording, choices_of, own_wording
from db.training.queries.taught_items import taught_items
from db.training.queries.usable_case_sets import newest_issued


class Bank(NamedTuple):
    """What a course may ask: of items, of cases, and what its trainers add and leave out."""

    entries: tuple[ExamItem, ...]
    lessons: tuple[ExamLesson, ...]
    choices: TrainerChoices = TrainerChoices()

    def draw(
        self, count: int, seed: int, *, asked: Collection[tuple[str, str, str]] = ()
    ) -> tuple[Question, ...]:
        """A paper, see `core.training.draw`."""
        return draw(self.entries, self.lessons, count, seed, asked=asked, choices=self.choices)

    def every_question(self) -> tuple[Question, ...]:
        """All that can be asked, switched off or not."""
        return every_question(self.entries, self.lessons, self.choices.own)


class CaseQuestion(NamedTuple):
    question: str
    answer: str


@dataclass
class Wording:
    """Texts by key. What is gone since is not among them.

    `effects` are the gravest consequences of missing items, `places` the sections they stand in.
    """

    names: dict[str, Texts] = field(default_factory=dict)
    standards: dict[str, Texts] = field(default_factory=dict)
    guidance: dict[str, Texts] = field(default_factory=dict)
    levels: dict[str, dict[str, Texts]] = field(default_factory=dict)
    sections: dict[str, Texts] = field(default_factory=dict)
    lessons: dict[str, CaseQuestion] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    own: dict[str, OwnWording] = field(default_factory=dict)


def bank_of(session: Session, course: TrainingCourse) -> Bank:
    """Every item of the checklists that have taught items, and the questions of its case sets.

    Sections of the same name count as one, and two items with the same words are not told apart;
    guidance that two items share belongs to neither.
    """
    taught = taught_items(session, course)
    section_keys: dict[str, list[str]] = {}
    items: dict[str, Item] = {}
    titles: dict[str, str] = {}
    first_titles: dict[str, Texts] = {}
    for checklist in newest_checklists(session).values():
        if taught.isdisjoint(checklist.by_key):
            continue
        for section, item in _items(checklist):
            title = text_in(section.title, "en") or section.key
            section_key = titles.setdefault(title, f"{checklist.key}/{section.key}")
            section_keys.setdefault(item.key, []).append(section_key)
            items.setdefault(item.key, item)
            first_titles.setdefault(item.key, section.title)
    once = Counter(
        text_in(texts, "en") for item in items.values() for texts in (item.text, item.guidance)
    )
    lessons = _of_sets(session, course.case_sets)
    return Bank(
        tuple(
            _entry(item, first_titles[key], section_keys[key], once, taught=key in taught)
            for key, item in items.items()
        ),
        tuple(
            ExamLesson(key=key, answer=text.answer, question=text.question)
            for key, text in lessons.items()
        ),
        choices_of(session, course.id) if course.id else TrainerChoices(),
    )


def wording(session: Session, questions: Iterable[Question]) -> Wording:
    """The texts that these questions need, in the newest words."""
    texts, questions = Wording(), tuple(questions)
    for checklist in newest_checklists(session).values():
        for section in checklist.sections:
            key = f"{checklist.key}/{section.key}"
            texts.sections.setdefault(key, section.title)
            for item in section.items:
                texts.places.setdefault(item.key, []).append(key)
        for item in checklist.items():
            texts.names.setdefault(item.key, item.name)
            texts.standards.setdefault(item.key, item.text or item.term)
            texts.guidance.setdefault(item.key, item.guidance)
            texts.levels.setdefault(item.key, _levels(item))
            texts.effects.setdefault(item.key, _gravest(item))
    cases = {key for q in questions if q.kind == "case" for key in (q.subject, *q.options)}
    texts.lessons = _lessons(session, CaseSetMember.id.in_([int(key) for key in cases]))
    texts.own = own_wording(session, {int(q.subject) for q in questions if q.kind == "own"})
    return texts


def questions_of(rows: list[Any]) -> tuple[Question, ...]:
    """Questions as they were put, from the form they are stored in."""
    return tuple(
        Question(
            kind=row["kind"],
            subject=row["subject"],
            options=tuple(row["options"]),
            right=row["right"],
            about=row.get("about", ""),
            also=tuple(row.get("also", ())),
        )
        for row in rows
    )


def kept_answers(attempt: ExamAttempt) -> list[Answer | None]:
    """The chosen option of each question, or options; None where none is chosen yet."""
    answers = [tuple(answer) if isinstance(answer, list) else answer for answer in attempt.answers]
    return (answers + [None] * len(attempt.questions))[: len(attempt.questions)]


def _items(checklist: Checklist) -> Iterable[tuple[Section, Item]]:
    for section in checklist.sections:
        for item in section.items:
            if item.scored:
                yield section, item


def _entry(
    item: Item, title: Texts, places: list[str], texts: Counter[str], *, taught: bool
) -> ExamItem:
    worded = bool(item.term and item.text) and texts[text_in(item.text, "en")] == 1
    others = frozenset(places[1:]) - {places[0]}
    return ExamItem(
        item=item.key,
        section=places[0],
        effect=_gravest(item),
        taught=taught,
        worded=worded,
        others=others,
        name=item.name,
        text=item.text,
        title=title,
        guidance=item.guidance if texts[text_in(item.guidance, "en")] == 1 else {},
        levels=_levels(item),
        weight=item.weight or 1.0,
    )


def _gravest(item: Item) -> str:
    return CONSEQUENCES[
        max((CONSEQUENCES.index(effect.kind) for effect in item.effects), default=0)
    ]


def _levels(item: Item) -> dict[str, Texts]:
    """The texts of its levels by key, where it has levels and no two read the same."""
    levels = {option.key: option.text for option in item.options if text_in(option.text, "en")}
    different = len({text_in(text, "en") for text in levels.values()}) == len(levels)
    return levels if item.kind == "graded" and different else {}


def _of_sets(session: Session, set_ids: list[int]) -> dict[str, CaseQuestion]:
    """The cases of the newest issued version of each set."""
    return _lessons(session, CaseSetMember.version_id.in_(newest_issued(set_ids)))


def _lessons(session: Session, condition: ColumnElement[bool]) -> dict[str, CaseQuestion]:
    """Cases with both a question and an answer, if the customer allows; without staff names."""
    hide = before_class(session).hide
    rows = session.execute(
        select(CaseSetMember.id, CaseSetMember.question, CaseSetMember.answer)
        .where(
            condition,
            CaseSetMember.question != "",
            CaseSetMember.answer != "",
            open_to_use(CaseSetMember.interaction_id),
        )
        .order_by(CaseSetMember.id)
    )
    return {
        str(key): CaseQuestion(question=hide(question), answer=hide(answer))
        for key, question, answer in rows
    }
