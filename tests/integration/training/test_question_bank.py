"""The questions of a course: written, changed, switched off, ordered, and what sittings say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import InvalidInput, NotAllowed, NotFound
from core.inspection.picture import read_picture
from core.training import Question
from core.training.item_statistics import Untold
from db.store.models import AuditEvent
from db.training.models import ExamAttempt, ExamQuestion, TrainingEnrolment
from db.training.queries.own_questions import choices_of, seen_picture
from db.training.queries.own_training import own_training, paper
from db.training.queries.question_bank import question_bank, written_question
from db.training.services import exams
from db.training.services.exam_questions import (
    QuestionData,
    order_questions,
    save_question,
    switch_questions,
)
from tests.support.clock import NOW
from tests.support.inspection.pictures import photo
from tests.support.training.trainees import held

TODAY = NOW.date()
PHONE = {"items": ("ATD-01", "ATD-02"), "questions": 30}
ONE = QuestionData(
    question={"en": "Who is greeted first?", "zh_TW": "先向誰問好？"},
    options=(
        {"en": "The guest", "zh_TW": "旅客"},
        {"en": "The colleague", "zh_TW": "同事"},
        {"en": "Nobody", "zh_TW": "沒有人"},
    ),
    right=(0,),
    why={"en": "The guest came first."},
)
SEVERAL = QuestionData(
    question={"en": "What stands on a badge?"},
    options=tuple({"en": text} for text in ("Name", "Station", "Salary", "Mood")),
    right=(0, 1),
    item="ATD-01",
)
PICTURE = "0123456789abcdef" * 2


@pytest.fixture
def course(session):
    return held(session, **PHONE)[1]


def written(session, who, course, data=ONE, question_id=None):
    return save_question(
        session, who=who("tina"), course_id=course, question_id=question_id, data=data, now=NOW
    )


def begun(session, kim, seed=1):
    [own] = own_training(session, kim, TODAY).runs
    attempt = exams.start_exam(session, who=kim, enrolment_id=own.enrolment_id, seed=seed, now=NOW)
    return paper(session, kim, attempt)


def put(found, question_id):
    """The place of an own question on a paper."""
    return [q.subject if q.kind == "own" else "" for q in found.questions].index(str(question_id))


@pytest.mark.both
def test_an_own_question_is_asked_in_its_words_with_the_answers_in_any_order(session, who, course):
    question_id = written(session, who, course)
    found = begun(session, who("kim"))
    question = found.questions[put(found, question_id)]
    words = found.wording.own[str(question_id)]
    assert words.question == ONE.question
    assert {words.options[key]["zh_TW"] for key in question.options} == {"旅客", "同事", "沒有人"}
    assert words.options[question.options[question.right]]["en"] == "The guest"
    assert words.why["en"] == "The guest came first."


@pytest.mark.both
def test_of_several_right_answers_exactly_those_count(session, who, course):
    question_id = written(session, who, course, SEVERAL)
    kim = who("kim")
    found = begun(session, kim)
    place = put(found, question_id)
    question = found.questions[place]
    right = tuple(sorted(question.right_places))
    assert sorted(question.options[each] for each in right) == ["0", "1"]

    def keep(choice):
        exams.keep_answer(
            session, who=kim, attempt_id=found.attempt_id, position=place, choice=choice, now=NOW
        )

    keep(right[:1])
    keep(tuple(reversed(right)))
    session.expire_all()
    assert paper(session, kim, found.attempt_id).answers[place] == right
    keep(())
    assert paper(session, kim, found.attempt_id).answers[place] is None
    for wrong in (right[0], (0, 9)):
        with pytest.raises(InvalidInput, match="not on this paper"):
            keep(wrong)
    keep(right)
    score = exams.hand_in(
        session, who=kim, attempt_id=found.attempt_id, answers={place: right}, now=NOW
    )
    assert score == pytest.approx(100 / len(found.questions))


@pytest.mark.parametrize("chosen", [(0,), (0, 1, 2), (0, 2), (0, 1, 2, 3), ()])
def test_a_part_or_more_than_the_right_answers_is_wrong(chosen):
    question = Question("own", "1", ("0", "1", "2", "3"), 0, also=(1,))
    assert not question.is_right(chosen)
    assert question.is_right((1, 0))


def test_a_question_of_an_item_is_put_instead_of_what_is_made_of_it(session, who):
    """Two items, two questions: one of each, and of ATD-01 the one that the trainer wrote."""
    _run, course = held(session, **PHONE | {"questions": 2})
    question_id = written(session, who, course, SEVERAL)
    for seed in range(8):
        found = begun(session, who("kim"), seed)
        subjects = {q.subject if q.kind != "own" else "ATD-01" for q in found.questions}
        assert subjects == {"ATD-01", "ATD-02"}
        assert put(found, question_id) in (0, 1)
        session.delete(session.get(ExamAttempt, found.attempt_id))
        session.flush()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"question": {}}, "required field"),
        ({"options": ONE.options[:2]}, "3 to 6 answers"),
        ({"options": ONE.options * 3}, "3 to 6 answers"),
        ({"options": ({"en": "Only"}, *ONE.options[1:])}, "each language"),
        ({"options": (ONE.options[1], *ONE.options[1:])}, "read the same"),
        ({"right": ()}, "at least one is wrong"),
        ({"right": (0, 1, 2)}, "at least one is wrong"),
        ({"right": (7,)}, "at least one is wrong"),
        ({"question": {"en": "x" * 2001, "zh_TW": "y"}}, "at most 2000"),
    ],
)
def test_what_cannot_be_asked_is_refused(session, who, course, change, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        written(session, who, course, replace(ONE, **change))
    assert session.query(ExamQuestion).count() == 0


def test_only_who_plans_training_writes_and_looks(session, who, course):
    tina = written(session, who, course)
    for name in ("kim", "stan", "alice"):
        with pytest.raises(NotAllowed):
            save_question(
                session, who=who(name), course_id=course, question_id=None, data=ONE, now=NOW
            )
        with pytest.raises(NotAllowed):
            question_bank(session, who(name), course)
        with pytest.raises(NotAllowed):
            written_question(session, who(name), tina)
    with pytest.raises(NotFound):
        written(session, who, course, question_id=999)
    with pytest.raises(NotFound):
        written(session, who, held(session, **PHONE)[1], question_id=tina)  # of another course


def test_what_was_asked_stays_on_its_paper_when_the_question_is_changed(session, who, course):
    question_id = written(session, who, course)
    switch_questions(
        session,
        who=who("tina"),
        course_id=course,
        keys=[("own", str(question_id), "")],
        off=False,
        now=NOW,
    )
    order_questions(
        session, who=who("tina"), course_id=course, first=[("own", str(question_id), "")], now=NOW
    )
    assert written(session, who, course, question_id=question_id) == question_id  # not asked yet
    found = begun(session, who("kim"))
    new = written(session, who, course, replace(ONE, right=(1,)), question_id)
    assert new != question_id
    again = paper(session, who("kim"), found.attempt_id)
    place = put(again, question_id)
    assert again.questions == found.questions
    assert again.questions[place].options[again.questions[place].right] == "0"
    assert again.wording.own[str(question_id)].question == ONE.question
    choices = choices_of(session, course)
    assert [own.key for own in choices.own] == [str(new)]
    assert choices.first == (("own", str(new), ""),)


def keys_of(session, who, course):
    return [row.question.bank_key for row in question_bank(session, who("tina"), course).rows]


@pytest.mark.both
def test_a_question_that_is_switched_off_is_not_asked(session, who, course):
    keys = keys_of(session, who, course)
    off = [key for key in keys if key[1] == "ATD-01"]
    change = {"who": who("tina"), "course_id": course, "keys": off, "now": NOW}
    switch_questions(session, off=True, **change)
    session.flush()
    rows = question_bank(session, who("tina"), course).rows
    assert {row.question.bank_key for row in rows if row.off} == set(off)
    assert {q.subject for q in begun(session, who("kim")).questions} == {"ATD-02"}
    switch_questions(session, off=False, **change)
    assert not any(row.off for row in question_bank(session, who("tina"), course).rows)
    told = session.query(AuditEvent).filter_by(action="switch_questions").all()
    assert [event.details["off"] for event in told] == [True, False]


@pytest.mark.both
def test_papers_begin_with_what_the_trainer_puts_first(session, who, course):
    keys = keys_of(session, who, course)
    first = [keys[-1], keys[0], keys[3]]
    order_questions(session, who=who("tina"), course_id=course, first=first, now=NOW)
    session.expire_all()
    assert keys_of(session, who, course)[:3] == first
    asked = [question.bank_key for question in begun(session, who("kim")).questions]
    assert asked[:3] == first
    assert set(asked) <= set(keys)
    order_questions(session, who=who("tina"), course_id=course, first=first[1:], now=NOW)
    places = {
        row.question.bank_key: row.order for row in question_bank(session, who("tina"), course).rows
    }
    assert [places[key] for key in first] == [None, 0, 1]


def test_questions_that_the_course_has_not_are_neither_switched_nor_ordered(session, who, course):
    change = {"who": who("tina"), "course_id": course, "now": NOW}
    with pytest.raises(InvalidInput, match="no such question"):
        switch_questions(session, keys=[("rule", "NOWHERE", "")], off=True, **change)
    with pytest.raises(InvalidInput, match="no such question"):
        order_questions(session, first=[("own", "1", "")], **change)


def test_everything_that_is_asked_stands_in_the_bank(session, who, course):
    """Whatever the seed: a consequence is one question, whichever it asks for."""
    written(session, who, course)
    keys = set(keys_of(session, who, course))
    for seed in range(12):
        found = begun(session, who("kim"), seed)
        assert {question.bank_key for question in found.questions} <= keys
        session.delete(session.get(ExamAttempt, found.attempt_id))
        session.flush()


def test_a_picture_is_for_trainers_and_for_who_was_asked(session, who, course):
    assert read_picture(photo()).data[:2] == b"\xff\xd8"
    with pytest.raises(NotFound):
        written(session, who, course, replace(ONE, picture="../../portal.db"))
    written(session, who, course, replace(ONE, picture=PICTURE))
    seen_picture(session, who("tina"), PICTURE)
    for name in ("kim", "charlie", "olaf"):
        with pytest.raises(NotFound):
            seen_picture(session, who(name), PICTURE)
    begun(session, who("kim"))
    seen_picture(session, who("kim"), PICTURE)
    with pytest.raises(NotFound):
        seen_picture(session, who("charlie"), PICTURE)
    with pytest.raises(NotFound):
        seen_picture(session, who("tina"), "f" * 32)


def test_figures_are_of_first_sittings_that_were_handed_in(session, who, course):
    """Six people: 4 of 6 right at the first sitting; a resit and an open exam change nothing."""
    question_id = written(session, who, course)
    enrolments = session.query(TrainingEnrolment).order_by(TrainingEnrolment.id).all()[:8]
    key = {"kind": "own", "subject": str(question_id), "options": ["0", "1", "2"], "about": ""}

    def attempt(enrolment, number, answer, score=50.0):
        session.add(
            ExamAttempt(
                enrolment_id=enrolment.id,
                number=number,
                source="portal",
                seed=1,
                questions=[{**key, "right": 0, "also": []}],
                answers=[answer],
                score=score,
                started_at=NOW,
                finished_at=NOW,
            )
        )
        session.flush()

    for place, enrolment in enumerate(enrolments[:6]):
        attempt(enrolment, 1, 0 if place < 4 else 1)
    attempt(enrolments[0], 2, 1)
    attempt(enrolments[7], 1, 1, score=None)
    [row] = [
        row
        for row in question_bank(session, who("tina"), course).rows
        if row.question.kind == "own"
    ]
    assert (row.statistics.sittings, row.statistics.difficulty) == (6, pytest.approx(4 / 6))
    assert (row.statistics.discrimination, row.statistics.untold) == (None, Untold.TOO_FEW)
