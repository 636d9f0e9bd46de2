"""Exams drawn from checklist items and cases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.training import ExamItem, ExamLesson, draw, grade

TEXTS = ("Said hello", "Asked the name", "Kept the fee low", "Gave thanks", "Left in time")


def item(number, key, section, effect, *, taught, **more):
    words = {"en": TEXTS[number]}
    return ExamItem(key, section, effect, taught, **{"name": words, "text": words} | more)


LEVELS = {str(level): {"en": f"text {level}"} for level in range(5)}
BANK = [
    item(0, "A1", "a", "points", taught=True, levels=LEVELS),
    item(1, "A2", "a", "cap", taught=True),
    item(2, "B1", "b", "form_zero", taught=True),
    item(3, "B2", "b", "points", taught=False),
    item(4, "C1", "c", "points", taught=False),
]


def right(question):
    return question.options[question.right]


def test_the_same_seed_draws_the_same_exam_and_another_seed_another():
    assert draw(BANK, [], 5, 7) == draw(BANK, [], 5, 7)
    assert draw(BANK, [], 5, 7) != draw(BANK, [], 5, 8)


@given(st.integers(1, 20), st.integers(0, 2**31))
def test_every_question_is_about_what_was_taught_and_has_one_right_answer(count, seed):
    effects = {entry.item: entry.effect for entry in BANK}
    for question in draw(BANK, [], count, seed):
        assert question.subject in {"A1", "A2", "B1"}
        assert 3 <= len(set(question.options)) == len(question.options) <= 4
        if question.kind == "follows":
            having = [item for item in question.options if effects[item] == question.about]
            assert having == [right(question)]
            assert question.subject in question.options
        elif question.kind == "level":
            assert right(question) == question.about
        else:
            assert (question.kind, right(question)) == ("belongs", question.subject)


def test_no_question_is_put_twice_while_another_is_left():
    all_of_them = {question.identity for question in draw(BANK, [], 50, 3)}
    first = draw(BANK, [], 4, 3)
    asked = {question.identity for question in first}
    again = draw(BANK, [], len(all_of_them) - 4, 4, asked=asked)
    assert not asked & {question.identity for question in again}
    assert len(draw(BANK, [], 3, 5, asked=all_of_them)) == 3


def test_each_item_is_asked_about_before_one_is_asked_about_twice():
    for seed in range(20):
        drawn = draw(BANK, [], 3, seed)
        assert len({question.subject for question in drawn}) == 3


def test_a_heavier_item_is_asked_about_more_often():
    """Of one question between weights 4 and 1 the heavier gets 4/5: of 400, 320 ± 8 (one sd)."""
    bank = [replace(BANK[0], weight=4.0), BANK[1], *BANK[3:]]
    subjects = [draw(bank, [], 1, seed)[0].subject for seed in range(400)]
    assert 285 <= subjects.count("A1") <= 355


def test_items_without_words_are_asked_about_by_their_levels_alone():
    bank = [replace(BANK[0], worded=False), *BANK[1:]]
    drawn = draw(bank, [], 20, 1)
    assert {q.kind for q in drawn if q.subject == "A1"} == {"level"}
    assert all("A1" not in q.options for q in drawn)


def test_an_item_that_stands_in_the_section_too_is_no_wrong_answer():
    bank = [BANK[0], replace(BANK[4], others=frozenset({"a"})), *BANK[1:4]]
    for seed in range(20):
        for question in draw(bank, [], 20, seed):
            if question.kind == "belongs" and question.about == "a":
                assert "C1" not in question.options


def test_guidance_is_asked_about_where_likeness_does_not_tell():
    """The name of A1 shares no letter with the rule, those of others do; of B1 it is the rule."""
    names = ("xyz", "court", "badge rule", "brush", "curl")
    bank = [replace(entry, name={"en": name}) for entry, name in zip(BANK, names, strict=True)]
    bank[0] = replace(bank[0], guidance={"en": "badge rule"})
    bank[2] = replace(bank[2], guidance={"en": "badge rule"})
    ruled = {q.subject for seed in range(10) for q in draw(bank, [], 30, seed) if q.kind == "rule"}
    assert ruled == {"A1"}


def test_cases_are_asked_about_with_the_answers_of_other_cases():
    lessons = [
        ExamLesson("1", "Say the fee first"),
        ExamLesson("2", "Call back"),
        ExamLesson("3", "Excuse"),
    ]
    drawn = draw([], lessons, 9, 3)
    assert {(q.kind, q.subject) for q in drawn} == {("case", "1"), ("case", "2"), ("case", "3")}
    assert all(right(question) == question.subject for question in drawn)


def test_equal_answers_of_two_cases_are_offered_once():
    lessons = [
        ExamLesson("1", "Same"),
        ExamLesson("2", "Same"),
        ExamLesson("3", "x"),
        ExamLesson("4", "y"),
    ]
    for question in draw([], lessons, 4, 5):
        assert {"1", "2"} - set(question.options)


def test_marks_are_percent_of_all_questions():
    drawn = draw(BANK, [], 4, 2)
    rights = {place: question.right for place, question in enumerate(drawn)}
    assert grade(drawn, rights) == 100.0
    assert grade(drawn, {**rights, 0: -1}) == 75.0
    assert grade(drawn, {1: rights[1]}) == 25.0
    assert grade(drawn, {}) == 0.0


def test_an_exam_of_nothing_is_refused():
    with pytest.raises(InvalidInput, match="at least one question"):
        draw(BANK, [], 0, 1)
    with pytest.raises(InvalidInput, match="at least one question"):
        grade([], {})
