"""A person's own training: what is open, and the exam until it is passed."""

from __future__ import annotations

import pytest

from db.sign_in.services import login_sessions
from db.training.queries.own_training import own_training, paper
from pages.ui.kit import wiring
from tests import factories
from tests.factories import identity
from tests.support.house.app_pages import clicked, opened, said
from tests.support.training.trainees import held, make_trainees


@pytest.fixture
def seeded_sqlite(sqlite_databases):
    with sqlite_databases.like("trainees", make_trainees) as engine:
        yield factories.seeded_in(engine)


def answered(app, questions, right):
    for place, question in enumerate(questions):
        wrong = (question.right + 1) % len(question.options)
        app.radio[place].set_value(question.right if right else wrong)
    return clicked(app, "Hand in")


def drawn(known):
    """The questions kim was asked in the newest attempt."""
    return known(paper, "kim", known(_newest, "kim")).questions


def _newest(session, _who):
    table = factories.Model.metadata.tables["exam_attempt"]
    return max(row.id for row in session.query(table).all())


def test_an_exam_is_failed_then_passed_on_the_own_page(wired, known, open_app):
    with wired.transaction() as session:
        held(session, items=("ATD-01", "ATD-02"), questions=4)
    app = opened(open_app("kim"), "my_training.py")
    waiting = "An exam is waiting for you: Right answers"  # and of which run
    assert any(text.startswith(waiting) and r"Jan 14\, 2026" in text for text in said(app))
    clicked(app, "Take the exam (4 questions)")
    clicked(app, "Hand in")
    assert "4 questions are still open; nothing was handed in." in said(app)
    answered(app, drawn(known), right=False)
    assert "Not passed yet. 0 % right; 80 % were needed." in said(app)
    clicked(app, "Back to my training")
    assert "1 course needs something from you." in said(app)
    clicked(app, "Resit the exam (2 left)")
    answered(app, drawn(known), right=True)
    assert any(each.value.startswith("Passed. 100 % right") for each in app.success)
    clicked(app, "Back to my training")
    assert "Nothing is open." in said(app)
    assert known(own_training, "kim", wiring.now().date()).runs[0].exams == (0.0, 100.0)


def test_a_reload_goes_on_with_the_same_questions_and_the_answers_so_far(wired, known, open_app):
    with wired.transaction() as session:
        held(session, items=("ATD-01", "ATD-02"), questions=4)
    app = opened(open_app("kim"), "my_training.py")
    clicked(app, "Take the exam (4 questions)")
    labels = [each.label for each in app.radio]
    for place, choice in ((0, 1), (2, 0), (3, 2)):
        app.radio[place].set_value(choice).run()
    app = opened(
        open_app("kim"), "my_training.py"
    )  # a fresh browser: nothing is left but the server
    clicked(app, "Continue the exam (3 of 4 answered)")
    assert [each.label for each in app.radio] == labels
    assert [each.value for each in app.radio] == [1, None, 0, 2]
    clicked(app, "Hand in")
    assert "1 question is still open; nothing was handed in." in said(app)


def test_an_answer_changed_in_another_tab_is_seen_before_it_is_handed_in(wired, known, open_app):
    """Both tabs are of one session; the first still shows what the second replaced."""
    with wired.transaction() as session:
        held(session, items=("ATD-01", "ATD-02"), questions=4)
    first = opened(open_app("kim"), "my_training.py")
    clicked(first, "Take the exam (4 questions)")
    for place in range(4):
        first.radio[place].set_value(0).run()
    second = opened(open_app("kim"), "my_training.py")
    clicked(second, "Continue the exam (4 of 4 answered)")
    second.radio[2].set_value(1).run()
    clicked(first, "Hand in")
    assert any("changed in another tab" in text for text in said(first))
    assert [each.value for each in first.radio] == [0, 0, 1, 0]
    assert known(own_training, "kim", wiring.now().date()).runs[0].exams == ()
    clicked(first, "Hand in")
    assert known(own_training, "kim", wiring.now().date()).runs[0].under_way is None
    second.radio[2].set_value(2).run()  # the other tab comes too late
    assert len(known(own_training, "kim", wiring.now().date()).runs[0].exams) == 1
    assert not second.radio
    assert list(second.exception) == []


def test_a_tab_that_is_signed_out_keeps_no_answer(wired, known, open_app):
    with wired.transaction() as session:
        held(session, items=("ATD-01", "ATD-02"), questions=4)
    app = opened(open_app("kim"), "my_training.py")
    clicked(app, "Take the exam (4 questions)")
    with wired.transaction() as session:
        kim = identity(session, "kim")
        login_sessions.revoke_sessions(session, kim.user_id, now=wiring.now())
    app.radio[0].set_value(1).run()
    assert list(app.exception) == []
    assert known(paper, "kim", known(_newest, "kim")).answers == (None,) * 4


def test_who_is_in_no_course_is_told_where_they_will_appear(open_app):
    app = opened(open_app("charlie"), "my_training.py")
    text = "Nothing is planned for you. Courses appear here once you are enrolled."
    assert text in said(app)


def test_questions_are_asked_in_the_readers_language(wired, open_app):
    with wired.transaction() as session:
        held(session, items=("ATD-01", "ATD-02"), questions=6)
        user = session.query(factories.User).filter_by(username="kim").one()
        user.language = "zh_TW"
    app = opened(open_app("kim"), "my_training.py")
    begin = next(each for each in app.button if "考試" in each.label)
    begin.click().run()
    labels = [each.label for each in app.radio]
    assert len(labels) == 6
    assert all("「" in label or "以下某一項漏掉時" in label for label in labels)
