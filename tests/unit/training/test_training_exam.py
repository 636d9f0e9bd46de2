"""Exams drawn from checklist items and cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.training import ExamItem, ExamLesson, draw, grade

BANK = [
    ExamItem("A1", "a", "points", True),
    ExamItem("A2", "a", "cap", True),
    ExamItem("B1", "b", "form_zero", True),
    ExamItem("B2", "b", "points", False),
    ExamItem("C1", "c", "points", False),
]


def right(question):
    return question.options[question.right]


def test_the_same_seed_draws_the_same_exam_and_another_seed_another():
    assert draw(BANK, [], 5, 7) == draw(BANK, [], 5, 7)
    assert draw(BANK, [], 5, 7) != draw(BANK, [], 5, 8)


@given(st.integers(1, 20), st.integers(0, 2**31))
def test_every_question_is_about_what_was_taught_and_has_one_right_answer(count, seed):
    effects = {entry.item: entry.effect for entry in BANK}
    sections = {entry.item: entry.section for entry in BANK}
    drawn = draw(BANK, [], count, seed)
    assert len(drawn) == min(count, 9)  # three items, three kinds of question
    assert len({(question.kind, question.subject) for question in drawn}) == len(drawn)
    for question in drawn:
        assert question.subject in {"A1", "A2", "B1"}
        assert 3 <= len(set(question.options)) == len(question.options) <= 4
        truth = {"standard": question.subject, "section": sections[question.subject]}
        truth["consequence"] = effects[question.subject]
        assert right(question) == truth[question.kind]


def test_each_item_is_asked_about_before_one_is_asked_about_twice():
    for seed in range(20):
        assert {question.subject for question in draw(BANK, [], 3, seed)} == {"A1", "A2", "B1"}


def test_items_without_words_are_not_offered_as_texts():
    bank = [ExamItem("A1", "a", "cap", True, worded=False), *BANK[1:]]
    kinds = {(q.subject, q.kind) for q in draw(bank, [], 20, 1)}
    assert ("A1", "standard") not in kinds
    assert all("A1" not in q.options for q in draw(bank, [], 20, 1) if q.kind == "standard")


def test_another_section_the_item_stands_in_is_no_wrong_answer():
    bank = [ExamItem("A1", "a", "cap", True, others=frozenset({"b"})), *BANK[1:]]
    bank.append(ExamItem("D1", "d", "points", False))
    for seed in range(20):
        for question in draw(bank, [], 20, seed):
            if (question.subject, question.kind) == ("A1", "section"):
                assert set(question.options) == {"a", "c", "d"}


def test_two_sections_are_too_few_to_choose_from():
    kinds = {question.kind for question in draw(BANK[:4], [], 20, 1)}
    assert kinds == {"standard", "consequence"}


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
