"""Exams whose questions are made of checklist items and of cases, drawn by a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from core.errors import InvalidInput

Kind = Literal["standard", "section", "consequence", "case"]
POINTS_ONLY = "points"
CONSEQUENCES = (POINTS_ONLY, "flag", "cap", "section_zero", "form_zero")
_OPTIONS = 4
_FEWEST_OPTIONS = 3


@dataclass(frozen=True)
class ExamItem:
    """A checklist item one can be asked about.

    `section` is where it stands, `others` are further sections of other checklists. `effect` is
    the gravest critical effect of missing it, or POINTS_ONLY. `taught` is False for items that only
    serve as wrong answers, `worded` where an item lacks a name or a text of its own.
    """

    item: str
    section: str
    effect: str
    taught: bool
    worded: bool = True
    others: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ExamLesson:
    """A case's question and answer; `key` names the case."""

    key: str
    answer: str


@dataclass(frozen=True)
class Question:
    """One question: `options` are keys of what is offered, `right` the place of the right one.

    standard: which text is the standard of this item; section: where the item stands;
    consequence: what missing it leads to; case: which answer belongs to this case.
    """

    kind: Kind
    subject: str
    options: tuple[str, ...]
    right: int


def draw(
    entries: Sequence[ExamItem], lessons: Sequence[ExamLesson], count: int, seed: int
) -> tuple[Question, ...]:
    """As many different questions as asked for, or all there are; the same seed draws the same.

    Subjects are drawn first, so that no item is asked twice before each was asked once. Every
    question offers up to four answers in random order, at least three.

    Raises:
        InvalidInput: fewer than one question asked for.
    """
    if count < 1:
        raise InvalidInput("An exam needs at least one question.")
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    subjects = _questions(entries, lessons, rng)
    drawn: list[Question] = []
    order = list(subjects)
    rng.shuffle(order)
    while len(drawn) < count and any(subjects.values()):
        for subject in order:
            if subjects[subject] and len(drawn) < count:
                drawn.append(subjects[subject].pop(rng.randrange(len(subjects[subject]))))
    return tuple(drawn)


def grade(questions: Sequence[Question], answers: Mapping[int, int]) -> float:
    """Percent of the questions answered rightly, 0 to 100; what was left out is wrong.

    Args:
        questions: as drawn.
        answers: place of the question -> place of the chosen option.

    Raises:
        InvalidInput: no question.
    """
    if not questions:
        raise InvalidInput("An exam needs at least one question.")
    right = sum(
        answers.get(position) == question.right for position, question in enumerate(questions)
    )
    return 100 * right / len(questions)


def _questions(
    entries: Sequence[ExamItem], lessons: Sequence[ExamLesson], rng: random.Random
) -> dict[str, list[Question]]:
    """Every question there is, by subject."""
    items = [entry.item for entry in entries if entry.worded]
    sections = list(dict.fromkeys(entry.section for entry in entries))
    by_subject: dict[str, list[Question]] = {}
    for entry in entries:
        if entry.taught:
            wrong = [section for section in sections if section not in entry.others]
            made = (
                _question("standard", entry.item, entry.item, items if entry.worded else (), rng),
                _question("section", entry.item, entry.section, wrong, rng),
                _question("consequence", entry.item, entry.effect, CONSEQUENCES, rng),
            )
            by_subject[entry.item] = [question for question in made if question]
    answers = {lesson.answer: lesson.key for lesson in lessons}
    for lesson in lessons:
        own = answers[lesson.answer]
        question = _question("case", lesson.key, own, answers.values(), rng)
        by_subject[f"case {lesson.key}"] = [question] if question else []
    return by_subject


def _question(
    kind: Kind, subject: str, right: str, offered: Iterable[str], rng: random.Random
) -> Question | None:
    others = [option for option in dict.fromkeys(offered) if option != right]
    if len(others) + 1 < _FEWEST_OPTIONS:
        return None
    options = [right, *rng.sample(others, min(_OPTIONS - 1, len(others)))]
    rng.shuffle(options)
    return Question(kind, subject, tuple(options), options.index(right))
