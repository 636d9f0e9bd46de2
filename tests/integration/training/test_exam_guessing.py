"""The demo's exams, taken by who knows nothing and by who looks things up in the standards."""

from __future__ import annotations

import statistics
from itertools import product

import pytest

from core.i18n import translations
from core.training import grade
from core.training.exam_words import CONSEQUENCE_WORDS, FOLLOWS
from db.demo.training import ATTIRE_QUESTIONS, COURSES
from db.training.models import TrainingCourse
from db.training.queries.exam_bank import bank_of, wording
from db.training.services.courses import save_course
from db.training.services.exam_questions import save_question
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.databases import sqlite_only

pytestmark = [sqlite_only, pytest.mark.sampled(4)]
SEEDS = range(60)
ATTIRE = COURSES[1].title


@pytest.fixture
def banks(session):
    """Course and bank of each of the demo's courses, from the standards as they are shipped.

    With what the demo's trainer wrote for the refresher.
    """
    tina, common = identity(session, "tina"), {"now": NOW}
    banks = []
    for data in COURSES:
        course_id = save_course(session, who=tina, course_id=None, data=data, **common)
        for written in ATTIRE_QUESTIONS if data.title == ATTIRE else ():
            save_question(
                session, who=tina, course_id=course_id, question_id=None, data=written, **common
            )
        banks.append((data, bank_of(session, session.get_one(TrainingCourse, course_id))))
    assert [len(bank.choices.own) for _data, bank in banks] == [0, len(ATTIRE_QUESTIONS), 0]
    return banks


def test_each_course_has_as_many_questions_as_it_asks_for(banks):
    for course, bank in banks:
        assert {len(bank.draw(course.questions, s)) for s in SEEDS} == {course.questions}, (
            course.title
        )


def asked(question, texts, language):
    """The words of a question that carry its meaning, and of what it offers."""
    words = translations(language).gettext
    if question.kind == "own":
        own = texts.own[question.subject]
        return own.question[language], [own.options[key][language] for key in question.options]
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
            questions = bank.draw(course.questions, seed)
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
            questions = bank.draw(course.questions, seed)
            texts = wording(session, questions)
            given = {}
            for place, question in enumerate(questions):
                assert question.kind in {"rule", "level", "follows", "belongs", "own"}
                if question.kind == "own":  # the trainer's reason says it, no standard
                    given[place] = tuple(question.right_places) if question.also else question.right
                    continue
                stem, words = asked(question, texts, "en")
                assert len(set(words)) == len(words)
                fitting = [holds(question, key, stem, texts, entries) for key in question.options]
                assert fitting.count(True) == 1
                given[place] = fitting.index(True)
            assert grade(questions, given) >= 90
