"""The demo's exams, taken by who knows nothing and by who looks things up in the standards."""

from __future__ import annotations

import statistics
from itertools import product

import pytest

from core.i18n import translations
from core.training import draw, grade
from core.training.exam_words import CONSEQUENCE_WORDS, FOLLOWS
from db.demo.training import COURSES
from db.training.models import TrainingCourse
from db.training.queries.exam_bank import bank_of, wording
from tests.support.databases import sqlite_only

pytestmark = sqlite_only
SEEDS = range(60)


@pytest.fixture
def banks(session):
    """Course and bank of each of the demo's courses, from the standards as they are shipped."""
    return [
        (data, bank_of(session, TrainingCourse(**vars(data) | {"case_sets": []})))
        for data in COURSES
    ]


def test_each_course_has_as_many_questions_as_it_asks_for(banks):
    for course, bank in banks:
        assert {len(draw(bank.entries, bank.lessons, course.questions, s)) for s in SEEDS} == {
            course.questions
        }, course.title


def asked(question, texts, language):
    """The words of a question that carry its meaning, and of what it offers."""
    words = translations(language).gettext
    offered = texts.levels[question.subject] if question.kind == "level" else texts.standards
    offered = texts.names if question.kind == "rule" else offered
    stem = {
        "rule": lambda: texts.guidance[question.subject][language],
        "level": lambda: texts.names[question.subject][language],
        "follows": lambda: words(FOLLOWS).format(
            consequence=words(CONSEQUENCE_WORDS[question.about])
        ),
        "belongs": lambda: texts.sections[question.about][language],
    }[question.kind]()
    return stem, [offered[key][language] for key in question.options]


def shared(stem, option):
    return len(set(stem.casefold()) & set(option.casefold()))


def most_shared(stem, options):
    return max(range(len(options)), key=lambda place: shared(stem, options[place]))


def largest_part_shared(stem, options):
    return max(
        range(len(options)),
        key=lambda place: shared(stem, options[place]) / len(set(options[place])),
    )


def test_who_knows_nothing_gains_little_by_likeness_and_does_not_pass(session, banks):
    """Within 10 points of what random answers come to; at most 3 of 60 sittings are passed."""
    ways = list(product((most_shared, largest_part_shared), ("zh_TW", "zh_CN", "en")))
    for course, bank in banks:
        scores, by_chance = {way: [] for way in ways}, []
        for seed in SEEDS:
            questions = draw(bank.entries, bank.lessons, course.questions, seed)
            texts = wording(session, questions)
            by_chance += [100 / len(question.options) for question in questions]
            for picker, language in ways:
                given = {
                    place: picker(*asked(question, texts, language))
                    for place, question in enumerate(questions)
                }
                scores[picker, language].append(grade(questions, given))
        for way, reached in scores.items():
            assert statistics.mean(reached) <= statistics.mean(by_chance) + 10, (course.title, way)
            assert sum(score >= course.pass_mark for score in reached) <= 3


def holds(question, key, stem, texts, entries):
    """Whether an option answers a question by what the standards say of it."""
    return {
        "rule": lambda: texts.guidance[key].get("en") == stem,
        "level": lambda: key == question.about,
        "follows": lambda: entries[key].effect == question.about,
        "belongs": lambda: question.about in entries[key].sections,
    }[question.kind]()


def test_who_looks_the_answers_up_in_the_standards_reaches_90_percent(session, banks):
    for course, bank in banks:
        entries = {entry.item: entry for entry in bank.entries}
        for seed in SEEDS:
            questions = draw(bank.entries, bank.lessons, course.questions, seed)
            texts = wording(session, questions)
            given = {}
            for place, question in enumerate(questions):
                assert question.kind in {"rule", "level", "follows", "belongs"}
                stem, words = asked(question, texts, "en")
                assert len(set(words)) == len(words)
                fitting = [holds(question, key, stem, texts, entries) for key in question.options]
                assert fitting.count(True) == 1
                given[place] = fitting.index(True)
            assert grade(questions, given) >= 90
