"""Exams whose questions are made of checklist items and of cases, drawn by a seed."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal

from core.checklist.model import Texts
from core.errors import InvalidInput
from core.training.exam_words import consequence_asked

Kind = Literal["rule", "level", "follows", "belongs", "case", "standard", "section", "consequence"]
POINTS_ONLY = "points"
CONSEQUENCES = (POINTS_ONLY, "flag", "cap", "section_zero", "form_zero")
_OPTIONS = 4
FEWEST_OPTIONS = 3
_BESIDE_A_GRAVER = 0.5
_TRIES = 100
_WEIGHTS = {"common": 3.0, "part": 2.0, "length": 1.0}
"""How much each sign must tell nothing, where not all can."""


@dataclass(frozen=True)
class ExamItem:
    """A checklist item one can be asked about.

    `section` is where it stands, `others` are further sections of other checklists. `effect` is
    the gravest critical effect of missing it, or POINTS_ONLY. `taught` is False for items that only
    serve as wrong answers, `worded` where an item lacks a name or a text of its own. `title` is its
    section's; `guidance` is empty where another item has the same; `levels` are the texts of its
    levels by key, empty where two read the same. `weight` is above 0: a heavier item is asked
    about sooner.
    """

    item: str
    section: str
    effect: str
    taught: bool
    worded: bool = True
    others: frozenset[str] = frozenset()
    name: Texts = field(default_factory=dict)
    text: Texts = field(default_factory=dict)
    title: Texts = field(default_factory=dict)
    guidance: Texts = field(default_factory=dict)
    levels: Mapping[str, Texts] = field(default_factory=dict)
    weight: float = 1.0

    @property
    def sections(self) -> frozenset[str]:
        return self.others | {self.section}


@dataclass(frozen=True)
class ExamLesson:
    """A case's question and answer; `key` names the case."""

    key: str
    answer: str
    question: str = ""


@dataclass(frozen=True)
class Question:
    """One question: `options` are keys of what is offered, `right` the place of the right one.

    rule: to which item this guidance belongs; level: which text is the level `about` of the item;
    follows: which item, missed, leads to the consequence `about` at worst, the subject or another;
    belongs: which item stands in the section `about`; case: which answer belongs to this case. Old
    papers have three others: standard: which text is the standard of this item; section: where it
    stands; consequence: what missing it leads to.
    """

    kind: Kind
    subject: str
    options: tuple[str, ...]
    right: int
    about: str = ""

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes it the same question, whatever is offered besides."""
        return self.kind, self.subject, self.about


def draw(
    entries: Sequence[ExamItem],
    lessons: Sequence[ExamLesson],
    count: int,
    seed: int,
    *,
    asked: Collection[tuple[str, str, str]] = (),
) -> tuple[Question, ...]:
    """As many different questions as asked for, or all there are; the same seed draws the same.

    Subjects are drawn first, heavier items sooner, so that no item is asked twice before each was
    asked once. Every question offers up to four answers in random order, at least three. What is
    offered besides the right answer is chosen so that likeness to the question tells nothing.

    Args:
        entries: the items, those that are not taught serve as wrong answers.
        lessons: the cases that may be asked about.
        count: of questions, at least 1.
        seed: of the draw.
        asked: identities of questions put before, which are put again only where others lack.

    Raises:
        InvalidInput: fewer than one question asked for.
    """
    if count < 1:
        raise InvalidInput("An exam needs at least one question.")
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    subjects = _questions(entries, lessons, rng)
    weights = {entry.item: entry.weight for entry in entries}
    order = sorted(subjects, key=lambda subject: -(rng.random() ** (1 / weights.get(subject, 1.0))))
    drawn: list[Question] = []
    for put_before in (False, True):
        left = [
            [
                question
                for question in subjects[subject]
                if (question.identity in asked) == put_before
            ]
            for subject in order
        ]
        for in_turn in zip_longest(*left):
            drawn += filter(None, in_turn)
    return tuple(drawn[:count])


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
    """Every question there is by subject, in the order in which they are put.

    Where an item stands comes last: it is what common sense answers best.
    """
    by_subject: dict[str, list[Question]] = {}
    graver = [o.item for o in entries if o.worded and not o.taught and o.effect != POINTS_ONLY]
    rng.shuffle(graver)
    for entry in entries:
        if entry.taught:
            first = [_rule(entry, entries, rng), _follows(entry, entries, graver, rng)]
            first += [_level(entry, level, rng) for level in entry.levels]
            made = [question for question in first if question]
            rng.shuffle(made)
            made += filter(None, [_belongs(entry, entries, rng)])
            by_subject[entry.item] = made
    answers = {lesson.answer: lesson.key for lesson in lessons}
    texts = {lesson.key: {"": lesson.answer} for lesson in lessons}
    for lesson in lessons:
        own = answers[lesson.answer]
        wrong = [key for key in answers.values() if key != own]
        others = _unrevealing({"": lesson.question}, own, wrong, texts, rng, at_any_rate=True)
        question = _question("case", lesson.key, own, others, rng)
        by_subject[f"case {lesson.key}"] = [question] if question else []
    return by_subject


def _rule(entry: ExamItem, entries: Sequence[ExamItem], rng: random.Random) -> Question | None:
    if not (entry.guidance and entry.worded):
        return None
    names = {other.item: other.name for other in entries if other.worded}
    wrong = [key for key, name in names.items() if name != entry.name]
    others = _unrevealing(entry.guidance, entry.item, wrong, names, rng)
    return _question("rule", entry.item, entry.item, others, rng)


def _level(entry: ExamItem, level: str, rng: random.Random) -> Question | None:
    wrong = [other for other in entry.levels if other != level]
    others = rng.sample(wrong, min(_OPTIONS - 1, len(wrong)))
    return _question("level", entry.item, level, others, rng, about=level)


def _follows(
    entry: ExamItem, entries: Sequence[ExamItem], graver: list[str], rng: random.Random
) -> Question | None:
    """Which item has a consequence: this one, or a graver one beside it where it has none.

    Were it always this one, what the course is about would tell. Each of the graver is taken once.
    """
    worded = {other.item: other for other in entries if other.worded}
    if entry.item not in worded:
        return None
    beside = entry.effect == POINTS_ONLY and bool(graver) and rng.random() < _BESIDE_A_GRAVER
    right = graver.pop() if beside else entry.item
    effect = worded[right].effect
    texts = {item: other.text for item, other in worded.items()}
    wrong = [item for item, other in worded.items() if other.effect != effect]
    others = _unrevealing(consequence_asked(effect), right, wrong, texts, rng)
    if beside and others and entry.item not in others:
        others[rng.randrange(len(others))] = entry.item
    return _question("follows", entry.item, right, others, rng, about=effect)


def _belongs(entry: ExamItem, entries: Sequence[ExamItem], rng: random.Random) -> Question | None:
    texts = {other.item: other.text for other in entries if other.worded}
    if entry.item not in texts:
        return None
    wrong = [o.item for o in entries if o.item in texts and entry.section not in o.sections]
    others = _unrevealing(entry.title, entry.item, wrong, texts, rng)
    return _question("belongs", entry.item, entry.item, others, rng, about=entry.section)


def _question(
    kind: Kind,
    subject: str,
    right: str,
    others: Sequence[str],
    rng: random.Random,
    *,
    about: str = "",
) -> Question | None:
    if len(others) + 1 < FEWEST_OPTIONS:
        return None
    options = [right, *others]
    rng.shuffle(options)
    return Question(kind, subject, tuple(options), options.index(right), about)


def _unrevealing(
    asked: Texts,
    right: str,
    wrong: Sequence[str],
    texts: Mapping[str, Texts],
    rng: random.Random,
    *,
    at_any_rate: bool = False,
) -> list[str]:
    """Wrong answers beside which neither likeness to the question nor length tells the right one.

    Of some drawn at random those are taken among which the right one has, by every sign, about the
    place that chance gives it. Empty where it is always the one most like the question, unless
    some are wanted `at_any_rate`.
    """
    signs = {key: _signs(asked, texts[key]) for key in (right, *wrong)}
    own = signs[right]
    if not at_any_rate and not all(
        any(signs[key][sign] > own[sign] for key in wrong) for sign in own if sign[0] == "common"
    ):
        return []
    places = {(kind, language[:2]): rng.randrange(_OPTIONS) for kind, language in own}
    most = min(_OPTIONS - 1, len(wrong))

    def distance(offered: Sequence[str]) -> float:
        return sum(
            _WEIGHTS[sign[0]] * abs(place(sign, offered) - places[sign[0], sign[1][:2]])
            for sign in own
        )

    def place(sign: tuple[str, str], offered: Sequence[str]) -> float:
        values = [signs[key][sign] for key in offered]
        return sum((value > own[sign]) + (value == own[sign]) / 2 for value in values)

    return min((rng.sample(wrong, most) for _ in range(_TRIES)), key=distance)


def _signs(asked: Texts, answer: Texts) -> dict[tuple[str, str], float]:
    """What somebody who knows nothing could go by, in each language."""
    signs: dict[tuple[str, str], float] = {}
    for language, question in asked.items():
        text = answer.get(language, "").casefold()
        shared = len(set(question.casefold()) & set(text))
        signs["common", language] = shared
        signs["part", language] = shared / max(1, len(set(text)))
        signs["length", language] = len(text)
    return signs
