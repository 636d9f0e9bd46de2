"""The page of exam questions, and an exam with a question of several right answers, in process."""

from __future__ import annotations

import pytest

from db.training.queries.own_training import own_training, paper
from db.training.queries.question_bank import question_bank
from db.training.services.exam_questions import QuestionData, order_questions, save_question
from pages.ui.kit import wiring
from tests import factories
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.house.app_pages import clicked, field, opened, said
from tests.support.training.trainees import held, make_trainees

SEVERAL = QuestionData(
    question={"en": "What stands on a badge?"},
    options=tuple({"en": text} for text in ("Name", "Logo", "Salary")),
    right=(0, 1),
    why={"en": "Nothing private."},
)


@pytest.fixture
def seeded_sqlite(sqlite_databases):
    with sqlite_databases.like("trainees", make_trainees) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture
def course(wired):
    with wired.transaction() as session:
        return held(session, items=("ATD-01", "ATD-02"), questions=4)[1]


def test_a_trainer_writes_a_question(wired, course, known, open_app):
    app = opened(open_app("tina"), "training.py", "Exam questions")
    app.toggle[0].set_value(True).run()
    label = "Answers, one a line, three to 6"
    english = [each for each in app.text_area if "_en" in each.key]
    words = ("Who is greeted first?", "The guest\nA colleague\n\nNobody", "")
    for each, typed in zip(english, words, strict=True):
        each.input(typed)
    assert english[1].label == label
    clicked(app, "Save question")
    assert "At least one answer is right, and at least one is wrong." in said(app)
    field(app.multiselect, "Right answers").select(0)
    clicked(app, "Save question")
    [row] = [row for row in known(question_bank, "tina", course).rows if row.question.kind == "own"]
    own = known(question_bank, "tina", course).wording.own[row.question.subject]
    assert own.question == {"en": "Who is greeted first?"}
    assert [own.options[key]["en"] for key in "012"] == ["The guest", "A colleague", "Nobody"]


def test_who_does_not_plan_training_is_told_so(wired, course, open_app):
    app = opened(open_app("stan"), "training.py", "Exam questions")
    assert "Questions of exams are for those who plan training." in said(app)


def test_a_course_without_exam_has_no_questions(wired, open_app):
    with wired.transaction() as session:
        held(session, questions=0)
    app = opened(open_app("tina"), "training.py", "Exam questions")
    assert any(text.startswith("No course has an exam yet.") for text in said(app))


def test_an_exam_with_several_right_answers_is_passed_and_says_why(wired, known, open_app):
    with wired.transaction() as session:
        _run, course = held(session, items=("ATD-01",), questions=30, minutes=30)
        tina = identity(session, "tina")
        question = save_question(
            session, who=tina, course_id=course, question_id=None, data=SEVERAL, now=NOW
        )
        first = [("own", str(question), "")]
        order_questions(session, who=tina, course_id=course, first=first, now=NOW)
    app = opened(open_app("kim"), "my_training.py")
    clicked(app, "Take the exam (30 questions)")
    assert any(text.startswith("course of ") and "Room 2" in text for text in said(app))
    asked = known(paper, "kim", 1).questions
    assert [each.label for each in app.checkbox] == [
        ("Name", "Logo", "Salary")[int(key)] for key in asked[0].options
    ]
    for box in app.checkbox:
        box.set_value(box.label != "Salary").run()
    for radio, question in zip(app.radio, asked[1:], strict=True):
        radio.set_value(question.right)
    app.run()
    assert [box.value for box in app.checkbox] == [box.label != "Salary" for box in app.checkbox]
    clicked(app, "Hand in")
    assert any(each.value.startswith("Passed. 100 % right") for each in app.success)
    assert r"Why: Nothing private\." in said(app)
    assert known(own_training, "kim", wiring.now().date()).runs[0].certificate == 1


def test_a_certificate_is_checked_under_courses(wired, course, open_app):
    app = opened(open_app("tina"), "training.py", "Courses")
    field(app.text_input, "Number of the certificate").input("000001-AAAA-BBBB-CCCC").run()
    assert "No certificate has this number." in said(app)
