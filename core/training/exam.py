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

Kind = Literal[
    "rule", "level", "follows", "belongs", "case", "own", "standard", "section", "consequence"
]
BankKey = tuple[str, str, str]
"""Names a question of the bank in a course: its kind, its subject, and of which level it is."""
Answer = int | tuple[int, ...]
"""The place of the chosen option; of several answers the places, rising."""
POINTS_ONLY = "points"
CONSEQUENCES = (POINTS_ONLY, "flag", "cap", "section_zero", "form_zero")
_OPTIONS = 4
FEWEST_OPTIONS = 3
_BESIDE_A_GRAVER = 0.5
_TRIES = 100
_TRIES_LISTED = 8
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
class OwnQuestion:
    """A question that a trainer wrote.

    `item` is the checklist item it is about, empty for none; it is drawn in that item's turn, by
    its weight and ahead of what is made of it. `options` are keys, all of which are offered, and
    `right` those that are right, one or several.
    """

    key: str
    options: tuple[str, ...]
    right: frozenset[str]
    item: str = ""


@dataclass(frozen=True)
class TrainerChoices:
    """What trainers add to the questions of a course.

    Their own ones, which of all are `off`, and which come `first` on a paper, in this order.
    """

    own: tuple[OwnQuestion, ...] = ()
    off: frozenset[BankKey] = frozenset()
    first: tuple[BankKey, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question: `options` are keys of what is offered, `right` the place of the right one.

    Where several are right, `also` are the places of the further ones.

    rule: to which item this guidance belongs; level: which text is the level `about` of the item;
    follows: which item, missed, leads to the consequence `about` at worst, the subject or another;
    belongs: which item stands in the section `about`; case: which answer belongs to this case; own:
    as a trainer wrote it. Old papers have three others: standard: which text is the standard of
    this item; section: where it stands; consequence: what missing it leads to.
    """

    kind: Kind
    subject: str
    options: tuple[str, ...]
    right: int
    about: str = ""
    also: tuple[int, ...] = ()

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes it the same question, whatever is offered besides."""
        return self.kind, self.subject, self.about

    @property
    def bank_key(self) -> BankKey:
        """What it is in the bank, whichever consequence it asks for."""
        return self.kind, self.subject, self.about if self.kind == "level" else ""

    @property
    def right_places(self) -> frozenset[int]:
        return frozenset({self.right, *self.also})

    def is_right(self, answer: Answer | None) -> bool:
        """Whether exactly the right options are chosen: part of them is no answer."""
        chosen = (answer,) if isinstance(answer, int) else answer or ()
        return frozenset(chosen) == self.right_places


def draw(
    entries: Sequence[ExamItem],
    lessons: Sequence[ExamLesson],
    count: int,
    seed: int,
    *,
    asked: Collection[tuple[str, str, str]] = (),
    choices: TrainerChoices = TrainerChoices(),
) -> tuple[Question, ...]:
    """As many different questions as asked for, or all there are; the same seed draws the same.

    Subjects are drawn first, heavier items sooner, so that no item is asked twice before each was
    asked once. Those drawn that trainers put first come first. Every question offers up to four
    answers in random order, at least three; one that a trainer wrote all of its own. What is
    offered besides the right answer is chosen so that likeness to the question tells nothing.

    Args:
        entries: the items, those that are not taught serve as wrong answers.
        lessons: the cases that may be asked about.
        count: of questions, at least 1.
        seed: of the draw.
        asked: identities of questions put before, which are put again only where others lack.
        choices: of the trainers.

    Raises:
        InvalidInput: fewer than one question asked for.
    """
    if count < 1:
        raise InvalidInput("An exam needs at least one question.")
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    subjects = _with_own(_questions(entries, lessons, rng), choices, rng)
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
    places = {key: place for place, key in enumerate(choices.first)}
    return tuple(
        sorted(drawn[:count], key=lambda question: places.get(question.bank_key, len(places)))
    )


def every_question(
    entries: Sequence[ExamItem], lessons: Sequence[ExamLesson], own: Sequence[OwnQuestion]
) -> tuple[Question, ...]:
    """All that a course may ask, each once: own ones first, then by item, as one draw puts them."""
    rng = random.Random(0)  # noqa: S311  an example of what is offered
    made = _questions(entries, lessons, rng)
    for entry in entries:  # whether one asks for a consequence may hang on which, and so on chance
        if entry.taught and all(question.kind != "follows" for question in made[entry.item]):
            tries = (_follows(entry, entries, _graver(entries), rng) for _ in range(_TRIES_LISTED))
            made[entry.item] += filter(None, [next(filter(None, tries), None)])
    written = _with_own({}, TrainerChoices(own=tuple(own)), rng)
    by_key: dict[BankKey, Question] = {}
    for questions in (*written.values(), *made.values()):
        for question in questions:
            by_key.setdefault(question.bank_key, question)
    return tuple(by_key.values())


def grade(questions: Sequence[Question], answers: Mapping[int, Answer]) -> float:
    """Percent of the questions answered rightly, 0 to 100; what was left out is wrong.

    Args:
        questions: as drawn.
        answers: place of the question -> place of the chosen option, or places.

    Raises:
        InvalidInput: no question.
    """
    if not questions:
        raise InvalidInput("An exam needs at least one question.")
    right = sum(
        question.is_right(answers.get(position)) for position, question in enumerate(questions)
    )
    return 100 * right / len(questions)


def _questions(
    entries: Sequence[ExamItem], lessons: Sequence[ExamLesson], rng: random.Random
) -> dict[str, list[Question]]:
    """Every question there is by subject, in the order in which they are put.

    Where an item stands comes last: it is what common sense answers best.
    """
    by_subject: dict[str, list[Question]] = {}
    graver = _graver(entries)
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


def _with_own(
    made: Mapping[str, list[Question]],
    choices: TrainerChoices,
    rng: random.Random,
) -> dict[str, list[Question]]:
    """By subject what is written and what is made, without what is switched off."""
    by_subject: dict[str, list[Question]] = {}
    for written in choices.own:
        options = rng.sample(written.options, len(written.options))
        right, *also = (place for place, key in enumerate(options) if key in written.right)
        question = Question("own", written.key, tuple(options), right, also=tuple(also))
        by_subject.setdefault(written.item or f"own {written.key}", []).append(question)
    for subject, questions in made.items():
        by_subject.setdefault(subject, []).extend(questions)
    return {
        subject: [question for question in questions if question.bank_key not in choices.off]
        for subject, questions in by_subject.items()
    }


def _rule(entry: ExamItem, entries: Sequence[ExamItem], rng: random.Random) -> Question | None:
    if not (entry.guidance and entry.worded):
        return None
    names = {other.item: other.name for other in entries if other.worded}
    wrong = [key for key, name in names.items() if name != entry.name]
    others = _unrevealing(entry.guidance, entry.item, wrong, names, rng)
    return _question("rule", entry.item, entry.item, others, rng)


def _graver(entries: Sequence[ExamItem]) -> list[str]:
    return [o.item for o in entries if o.worded and not o.taught and o.effect != POINTS_ONLY]


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
