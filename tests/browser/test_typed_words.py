"""What was typed survives another choice, another page and a reload; Save twice makes one."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from core.access import Role
from db.store import session as sessions
from db.teaching.queries.case_sets import case_set
from db.teaching.services import case_sets as sets
from db.teaching.services import lessons
from db.training.models import TrainingCourse
from tests import factories
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.house import portal as portals
from tests.support.house.chromium import SOON
from tests.support.house.reruns import DRAWN, settled
from tests.support.results.low_scores import make_low_scores

NOTE = "Ask for the name first, <b>then</b> for the booking."


@pytest.fixture
def database(sqlite_databases):
    with sqlite_databases.like("typed words", _prepare) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture
def portal(database, tmp_path):
    with portals.serving(database.engine.url.render_as_string(), tmp_path) as portal:
        yield portal


def _prepare(engine):
    """Set 1 of tina's with the cases 1 and 2; tom is a trainer too."""
    make_low_scores(engine)
    with sessions.transaction(engine) as session:
        make_user(session, "tom", Role.TRAINER)
        tina = identity(session, "tina")
        session.get(factories.User, tina.user_id).language = None
        made = sets.make_set(session, who=tina, title="Hello", purpose="", now=NOW)
        lessons.add_cases(session, who=tina, set_id=made, inspection_ids=[1, 2], now=NOW)


def notes(database):
    with database.reading() as session:
        return [each.note for each in case_set(session, identity(session, "tina"), 1).members]


def note(page):
    return page.get_by_label("Teaching note")


def at_the_set(page, sign_in, name="tina"):
    sign_in(page, name)
    page.goto("/case_set?id=1")
    expect(note(page)).to_be_visible()
    settled(page)


def choose(page, number):
    page.get_by_role("button", name=re.compile(rf"^{number}\. ")).click()
    expect(page).to_have_url(re.compile(f"case={number}"))
    settled(page)


def kept(page):
    return page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('qi-typed:'))")


def nothing_is_kept(page):
    """Once the page has been told that all is stored, the browser forgets it a frame later."""
    deadline = time.monotonic() + SOON / 1000
    while kept(page):
        assert time.monotonic() < deadline, kept(page)
        page.wait_for_timeout(20)


def test_a_note_survives_another_choice(page, sign_in, database):
    at_the_set(page, sign_in)
    note(page).press_sequentially(NOTE)
    choose(page, 2)
    expect(note(page)).to_have_value("")
    note(page).press_sequentially("Of the second.")
    choose(page, 1)
    expect(note(page)).to_have_value(NOTE)
    settled(page)
    assert notes(database) == [NOTE, "Of the second."]
    nothing_is_kept(page)


def test_a_click_that_comes_while_a_note_is_stored_loses_nothing_of_it(page, sign_in, database):
    at_the_set(page, sign_in)
    note(page).press_sequentially(NOTE)
    with closing(sqlite3.connect(database.engine.url.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # so that the portal waits for its turn to store
        note(page).press("Tab")
        page.get_by_role("button", name=re.compile(r"^2\. ")).click()
        page.evaluate(DRAWN)
    expect(page).to_have_url(re.compile("case=2"))
    settled(page)
    expect(note(page)).to_have_value("")
    nothing_is_kept(page)
    choose(page, 1)
    expect(note(page)).to_have_value(NOTE)
    assert notes(database) == [NOTE, ""]


def test_words_typed_while_the_former_ones_are_stored_survive_a_reload(page, sign_in, database):
    at_the_set(page, sign_in)
    note(page).press_sequentially(NOTE)
    note(page).press("Tab")
    nothing_is_kept(page)
    note(page).click()
    note(page).press("End")
    note(page).press_sequentially(" And thank.")
    # As when the portal is slow: only now it says that what was sent before is stored.
    page.evaluate(
        """document.querySelector('.qi-typed').dataset.saved = '[[99, "lesson_1_1", true]]'"""
    )
    page.evaluate(DRAWN)
    assert len(kept(page)) == 1
    page.reload()
    expect(note(page)).to_have_value(f"{NOTE} And thank.")
    settled(page)
    nothing_is_kept(page)
    assert notes(database) == [f"{NOTE} And thank.", ""]


def test_a_note_survives_a_reload_in_the_middle_of_a_word(page, sign_in, database):
    at_the_set(page, sign_in)
    note(page).press_sequentially(NOTE)
    page.reload()
    expect(note(page)).to_have_value(NOTE)
    expect(page.get_by_text(re.compile("^Saved .*:")).first).to_be_visible()
    settled(page)
    assert notes(database) == [NOTE, ""]
    nothing_is_kept(page)
    note(page).press_sequentially(" And thank.")
    page.reload()
    expect(note(page)).to_have_value(f"{NOTE} And thank.")


def test_a_note_survives_another_page(page, sign_in, database):
    at_the_set(page, sign_in)
    note(page).press_sequentially(NOTE)
    # As long as a finger presses: the words are sent before the page is asked for.
    page.get_by_role("link", name="Case sets").first.click(delay=60)
    page.get_by_role("link", name="Hello").click()
    expect(note(page)).to_have_value(NOTE)


def test_words_that_are_masked_come_back_once_after_a_reload(page, sign_in, database):
    at_the_set(page, sign_in)
    note(page).press_sequentially("Call 13812345678")
    page.reload()
    hidden = "Call " + "█" * 11
    expect(note(page)).to_have_value(hidden)
    settled(page)
    page.reload()
    expect(note(page)).to_have_value(hidden)
    assert notes(database)[0] == hidden


def test_nothing_typed_by_one_person_comes_up_for_another(page, sign_in, database):
    sign_in(page, "tina")
    page.goto("/training")
    _new_course(page, "Secret plan")
    page.get_by_label("Content", exact=True).press_sequentially("Mine.")
    assert len(kept(page)) == 2
    page.context.clear_cookies()  # the session is over, nobody signed out
    sign_in(page, "tom")
    page.goto("/training")
    _new_course(page, "")
    expect(page.get_by_label("Title", exact=True)).to_have_value("")
    assert kept(page) == []
    page.get_by_label("Title", exact=True).press_sequentially("Of tom.")
    assert len(kept(page)) == 1
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    assert kept(page) == []


def _new_course(page, title):
    page.get_by_role("tab", name="Courses").click()
    settled(page)
    if not page.get_by_label("Title", exact=True).is_visible():
        page.get_by_text("New course").click()
    expect(page.get_by_label("Title", exact=True)).to_be_visible()
    settled(page)
    page.get_by_label("Title", exact=True).press_sequentially(title)


def courses(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(TrainingCourse))


def test_a_form_that_was_not_stored_comes_back_after_a_reload(page, sign_in, database):
    sign_in(page, "tina")
    page.goto("/training")
    _new_course(page, "Kind words")
    page.get_by_label("Content", exact=True).press_sequentially("What to say,\nwhat not.")
    page.reload()
    _new_course(page, "")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Kind words")
    expect(page.get_by_label("Content", exact=True)).to_have_value("What to say,\nwhat not.")
    page.get_by_label("Exam questions (0: no exam)").fill("0")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    with database.reading() as session:
        [course] = session.scalars(select(TrainingCourse))
        assert (course.title, course.content) == ("Kind words", "What to say,\nwhat not.")


def _with_numbers(page):
    """A mark typed in and a course of two attempts chosen by the buttons beside the number."""
    mark = page.get_by_label("Pass mark, %")
    mark.fill("65")
    mark.press("Tab")
    settled(page)
    page.get_by_test_id("stNumberInput").filter(has_text="Attempts").get_by_test_id(
        "stNumberInputStepDown"
    ).click()
    expect(page.get_by_label("Attempts")).to_have_value("2")
    settled(page)


def test_what_was_chosen_comes_back_after_a_reload_and_after_another_page(page, sign_in):
    sign_in(page, "tina")
    page.goto("/training")
    _new_course(page, "Kind words")
    _with_numbers(page)
    page.reload()
    _new_course(page, "")
    expect(page.get_by_text(re.compile("^Goes on with what you chose by"))).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Kind words")
    expect(page.get_by_label("Pass mark, %")).to_have_value("65")
    expect(page.get_by_label("Attempts")).to_have_value("2")
    page.get_by_role("link", name="Case sets").first.click()
    page.get_by_role("link", name="Training", exact=True).click()
    _new_course(page, "")
    expect(page.get_by_label("Pass mark, %")).to_have_value("65")
    page.get_by_role("button", name="Start afresh").click()
    expect(page.get_by_text(re.compile("^Goes on with what you chose by"))).to_have_count(0)
    settled(page)
    _new_course(page, "")
    expect(page.get_by_label("Pass mark, %")).to_have_value("80")
    expect(page.get_by_label("Title", exact=True)).to_have_value("")


def test_two_tabs_that_save_the_same_form_make_one_course(open_page, sign_in, database):
    tabs = [open_page(), open_page()]
    for tab in tabs:
        sign_in(tab, "tina")
        tab.goto("/training")
        _new_course(tab, "Kind words")
        tab.get_by_label("Exam questions (0: no exam)").fill("0")
        tab.get_by_label("Exam questions (0: no exam)").press("Tab")
        settled(tab)
    for tab in tabs:
        tab.get_by_role("button", name="Save", exact=True).click()
        expect(tab.get_by_text("Saved.", exact=True).first).to_be_visible()
    assert courses(database) == 1


def test_save_pressed_twice_makes_one_course_and_closes_the_form(page, sign_in, database):
    sign_in(page, "tina")
    page.goto("/training")
    _new_course(page, "Kind words")
    page.get_by_label("Exam questions (0: no exam)").fill("0")
    page.get_by_role("button", name="Save", exact=True).dblclick()
    expect(page.get_by_text("Saved.", exact=True).first).to_be_visible()
    settled(page)
    expect(page.get_by_label("Title", exact=True)).to_have_count(0)
    assert courses(database) == 1
    page.reload()
    _new_course(page, "")
    expect(page.get_by_label("Title", exact=True)).to_have_value("")
