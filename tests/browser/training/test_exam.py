"""An exam in a real browser: reloaded, gone on with elsewhere, and handed in once."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from db.store import session as sessions
from db.training.queries.own_training import own_training
from tests import factories
from tests.factories import identity
from tests.support.clock import NOW
from tests.support.house import portal as portals
from tests.support.house.reruns import settled
from tests.support.training.trainees import held, make_trainees

COUNT = 4


@pytest.fixture
def database(sqlite_databases):
    with sqlite_databases.like("examined", _prepare) as engine:
        yield factories.seeded_in(engine)


@pytest.fixture
def portal(database, tmp_path):
    with portals.serving(database.engine.url.render_as_string(), tmp_path) as portal:
        yield portal


def _prepare(engine):
    """kim attended a course whose exam asks four questions."""
    make_trainees(engine)
    with sessions.transaction(engine) as session:
        held(session, items=("ATD-01", "ATD-02"), questions=COUNT)
        session.get(factories.User, identity(session, "kim").user_id).language = None


def questions(page):
    return page.get_by_role("radiogroup")


def chosen(page):
    """The places of the options chosen, by question."""
    return [
        group.locator("label").evaluate_all(
            "labels => labels.findIndex((each) => each.querySelector('input')?.checked)"
        )
        for group in questions(page).all()
    ]


def choose(page, place, option):
    questions(page).nth(place).locator("label").nth(option).click()
    settled(page)


def test_a_reload_and_another_browser_go_on_with_the_exam(open_page, sign_in, database):
    page = open_page()
    sign_in(page, "kim")
    page.goto("/my_training")
    page.get_by_role("button", name=f"Take the exam ({COUNT} questions)").click()
    expect(questions(page)).to_have_count(COUNT)
    asked = questions(page).all_inner_texts()
    for place, option in ((0, 1), (1, 0), (3, 2)):
        choose(page, place, option)

    page.reload()
    expect(questions(page)).to_have_count(COUNT)
    settled(page)
    assert questions(page).all_inner_texts() == asked
    assert chosen(page) == [1, 0, -1, 2]

    other = open_page()
    sign_in(other, "kim")
    other.goto("/my_training")
    other.get_by_role("button", name=f"Continue the exam (3 of {COUNT} answered)").click()
    expect(questions(other)).to_have_count(COUNT)
    choose(other, 2, 0)
    assert chosen(other) == [1, 0, 0, 2]
    other.get_by_role("button", name="Hand in").dblclick()
    expect(other.get_by_text("% were needed.", exact=False)).to_be_visible()
    page.get_by_role("button", name="Hand in").click()  # the first browser comes too late
    expect(page.get_by_text("% were needed.", exact=False)).to_be_visible()
    with database.reading() as session:
        [run] = own_training(session, identity(session, "kim"), NOW.date()).runs
    assert (len(run.exams), run.under_way) == (1, None)
