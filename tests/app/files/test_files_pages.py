"""The pages of files: the list, one file with its next steps, a new one; each kept and once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import func, select

from core.files.steps import Step
from db.files.models import File, FileStep
from pages.ui.kit import wiring
from tests.support.files.desk import HOUR, WORDS


@pytest.fixture
def entered(desk):
    """A complaint that came an hour ago, and one whose first answer is a day late."""
    now = wiring.now()
    return desk.entered(at=now - HOUR), desk.entered(at=now - 48 * HOUR)


def opened(open_app, username, address, **query):
    app = open_app(username).run()
    for name, value in query.items():
        app.query_params[name] = str(value)
    app.switch_page(f"{address}.py").run()
    assert list(app.exception) == []
    return app


def said(app):
    elements = (*app.title, *app.subheader, *app.caption, *app.info, *app.markdown, *app.text)
    return "\n".join(element.value for element in elements)


def button(app, label):
    return next(each for each in app.button if each.label == label)


def toggle(app, label):
    return next(each for each in app.toggle if each.label == label)


def steps_taken(desk, file_id):
    with desk.seeded.reading() as session:
        query = select(FileStep.step).where(FileStep.file_id == file_id)
        return sorted(session.scalars(query))


def test_the_list_says_how_many_are_late_and_running(desk, entered, open_app):
    app = opened(open_app, "hanna", "files")
    assert "1 late, 2 running" in [each.value for each in app.subheader]


def test_without_files_the_list_says_so(desk, open_app):
    app = opened(open_app, "hanna", "files")
    assert [each.value for each in app.info] == ["No file matches."]
    assert [each.value for each in app.subheader] == ["No file is running."]


@pytest.mark.parametrize("username", ["manny", "tina", "axel", "charlie"])
def test_who_only_looks_finds_no_button_that_changes_anything(desk, entered, open_app, username):
    app = opened(open_app, username, "files")
    assert "New file" not in [each.label for each in app.button]
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        app.switch_page("new_file.py")


def test_who_does_not_read_a_file_is_not_told_that_it_is_nobodys(desk, entered, open_app):
    file_id, _late = entered
    desk.take(file_id, Step.ASSIGNED, wiring.now(), owner=desk.hanna.user_id)
    app = opened(open_app, "axel", "file", id=file_id)
    assert "owner not shown" in said(app)
    assert "nobody" not in said(app)


def test_a_file_offers_the_steps_that_come_next_and_takes_one(desk, entered, open_app):
    file_id, _late = entered
    app = opened(open_app, "hanna", "file", id=file_id)
    labels = [each.label for each in app.button]
    assert "First answer given" in labels
    assert "Solution determined" not in labels, "it comes after the first answer"
    app.text_area(key=next(a.key for a in app.text_area if "note" in a.key)).input("called back")
    button(app, "First answer given").click().run()
    assert list(app.exception) == []
    assert list(app.error) == []
    with desk.seeded.reading() as session:
        row = session.scalars(select(FileStep).where(FileStep.step == "first_response")).one()
        assert (row.file_id, row.note, row.user_id) == (
            file_id,
            "called back",
            desk.hanna.user_id,
        )
    assert "First answer given" not in [each.label for each in app.button]


def test_what_the_customer_said_is_shown_as_it_was_said(desk, open_app):
    words = "<b>No</b> *refund* [x](http://y)"
    file_id = desk.entered(content=words, at=wiring.now())
    app = opened(open_app, "hanna", "file", id=file_id)
    assert words in [each.value for each in app.text]


def test_who_may_not_read_it_is_told_so(desk, entered, open_app):
    file_id, _late = entered
    app = opened(open_app, "axel", "file", id=file_id)
    assert WORDS not in said(app)
    assert "What is written in this file is not for your role." in said(app)


def test_a_file_that_is_not_there_is_one_sentence(desk, open_app):
    for number in ("999", "abc"):
        app = opened(open_app, "hanna", "file", id=number)
        assert len([*app.error, *app.info]) == 1


@pytest.mark.parametrize("reopened", [False, True])
def test_what_is_not_known_yet_is_shown_as_chosen(desk, open_app, reopened):
    app = opened(open_app, "hanna", "new_file")
    level = next(each for each in app.selectbox if each.label == "Level")
    if reopened:
        level.select_index(1).run()
        level.select_index(0).run()
        app = opened(open_app, "hanna", "new_file")
        level = next(each for each in app.selectbox if each.label == "Level")
    assert (level.value, level.options[level.proto.default]) == (None, "Not known yet")
    assert not level.proto.set_value


def test_until_when_the_customer_was_told_to_wait_is_entered_and_shown(desk, entered, open_app):
    file_id, _late = entered
    app = opened(open_app, "hanna", "file", id=file_id)
    toggle(app, "Told to wait until").set_value(True).run()
    app.date_input[-1].set_value(date(2030, 6, 3)).run()
    app.time_input[-1].set_value(time(17, 30)).run()
    button(app, "Save").click().run()
    assert list(app.exception) == []
    assert list(app.error) == []
    with desk.seeded.reading() as session:
        promised = session.get_one(File, file_id).promised_at
        assert promised == datetime(2030, 6, 3, 9, 30, tzinfo=UTC), "17:30 in Taipei"
    assert "Told to wait until: **" in said(app)


def test_a_new_file_is_stored_once_with_what_was_done(desk, open_app):
    app = opened(open_app, "hanna", "new_file")
    app.text_area[0].input("The suitcase came without a wheel.")
    app.button_group[1].set_value([Step.FIRST_RESPONSE, Step.TOLD]).run()
    save = button(app, "Save the file")
    save.click().run()
    assert list(app.exception) == []
    with desk.seeded.reading() as session:
        file = session.scalars(select(File)).one()
        assert file.state == "told"
        assert session.scalar(select(func.count()).select_from(File)) == 1
    assert steps_taken(desk, file.id) == sorted(
        ["received", "recorded", "assigned", "first_response", "executed", "told"]
    )


def test_a_file_without_words_is_not_stored_and_the_form_stays(desk, open_app):
    app = opened(open_app, "hanna", "new_file")
    button(app, "Save the file").click().run()
    assert [each.value for each in app.error] == ["Write down what happened."]
    with desk.seeded.reading() as session:
        assert session.scalar(select(func.count()).select_from(File)) == 0


def test_an_administrator_switches_a_kind_on_and_it_can_be_entered(desk, open_app):
    app = open_app("administrator").run()
    app.switch_page("people.py").run()
    assert list(app.exception) == []


def test_a_reply_begins_from_the_file_and_is_kept_with_the_answer(desk, entered, open_app):
    file_id, _late = entered
    app = opened(open_app, "hanna", "file", id=file_id)
    toggle(app, "A reply was sent to the customer").set_value(True).run()
    languages = next(each for each in app.selectbox if each.label == "Language of the reply")
    languages.select("English").run()
    reply = next(each for each in app.text_area if each.label == "Reply, as it was sent")
    assert "F-000001" in reply.value
    reply.input("Dear customer, we are on it.")
    button(app, "First answer given").click().run()
    assert list(app.exception) == []
    with desk.seeded.reading() as session:
        replies = select(FileStep.step, FileStep.reply).where(FileStep.reply.is_not(None))
        assert [tuple(row) for row in session.execute(replies)] == [
            ("first_response", "Dear customer, we are on it."),
        ]


def test_a_reply_is_not_lost_by_another_step(desk, entered, open_app):
    file_id, _late = entered
    app = opened(open_app, "hanna", "file", id=file_id)
    toggle(app, "A reply was sent to the customer").set_value(True).run()
    button(app, "Take in hand").click().run()
    assert [each.value for each in app.warning] == [
        "The reply goes with First response: take that step, or switch the reply off."
    ]
    assert steps_taken(desk, file_id).count("assigned") == 1
