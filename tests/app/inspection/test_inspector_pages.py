"""My work and Score, as the inspector meets them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from db.inspection.models import Assignment
from db.inspection.services.drafts import Work
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from pages.ui.inspection import queue
from pages.ui.kit import wiring
from tests.support.house.app_pages import data_of, opened
from tests.support.inspection.inspecting import answers

WORK, SCORE = "my_work.py", "score.py"


@pytest.fixture
def world(world, monkeypatch):
    """The cast with the small checklist and one call in alice's queue, which shows two."""
    monkeypatch.setattr(queue, "ROWS", 2)
    return world


def due(world, days):
    """Another call of alice's, due in some days from now."""
    task = world.assigned()
    with world.seeded.transaction() as session:
        session.get_one(Assignment, task).due_on = (wiring.now() + timedelta(days=days)).date()
    return task


def pad_data(app):
    [found] = app.get("bidi_component")
    return json.loads(found.proto.json)


def test_an_empty_queue_says_what_will_come(wired, open_app):
    app = opened(open_app("alice"), WORK)
    assert "Nothing is waiting for you" in app.info[0].value
    assert not app.dataframe
    assert opened(open_app("alice"), SCORE).info[0].value == "Nothing is waiting in your queue."


def test_the_headline_counts_what_is_due(world, open_app):
    due(world, 0)
    due(world, 30)
    app = opened(open_app("alice"), WORK)
    # the world's own call was due in March 2026
    assert app.subheader[0].value == "3 to score, 1 due today, 1 overdue"


def test_the_table_shows_the_most_urgent_and_the_state_of_each(world, open_app):
    today, later = due(world, 0), due(world, 30)
    world.draft(Work({"HELLO": {"value": "yes"}}))
    app = opened(open_app("alice"), WORK)
    shown = app.dataframe[0].value
    assert list(shown["Due"].str.split(",").str[0]) == ["overdue", "today"]
    assert list(shown["State"].str.split(",").str[0]) == ["draft 1/5", "new"]
    assert {today, later}.isdisjoint({world.task})
    app.button("queue_later").click().run()
    assert len(app.dataframe[0].value) == 1


def test_a_filter_says_how_many_it_leaves_and_what_is_overdue_outside(world, open_app):
    """The world's call and another are overdue or due by phone; the chat is due in a month."""
    chat = world.assigned(channel="chat")
    with world.seeded.transaction() as session:
        session.get_one(Assignment, chat).due_on = (wiring.now() + timedelta(days=30)).date()
    app = opened(open_app("alice"), WORK, channel="chat")
    assert list(app.dataframe[0].value["Channel"]) == ["Chat"]
    assert app.subheader[0].value == "2 to score, 1 overdue"
    assert any("1 of 2 matches the filter." in each.value for each in app.caption)
    assert app.warning[0].value == "1 overdue lies outside the filter."


def test_the_queue_names_the_language_of_each(world, open_app, monkeypatch):
    monkeypatch.setattr(queue, "ROWS", 3)
    world.assigned(language="en")
    world.assigned(language="")
    shown = opened(open_app("alice"), WORK).dataframe[0].value
    assert sorted(shown["Language"]) == ["English", "Not recorded", "繁體中文"]


def test_the_pad_gets_what_the_queue_is_narrowed_to(world, open_app):
    world.assigned(channel="chat")
    app = opened(open_app("alice"), "score.py", channel="chat", language="unrecorded")
    assert data_of(app, "scoring_pad")["narrowed"] == "channel=chat&language=unrecorded"


def test_who_scored_all_of_a_later_part_is_led_back_to_the_first(world, open_app):
    due(world, 1)
    later = due(world, 30)
    app = opened(open_app("alice"), WORK)
    app.button("queue_later").click().run()
    assert len(app.dataframe[0].value) == 1
    with world.seeded.transaction() as session:
        session.get_one(Assignment, later).state = "submitted"
    app.run()
    assert len(app.dataframe[0].value) == 2
    assert "queue_earlier" not in [button.key for button in app.button]


def test_the_week_is_told(world, open_app):
    with world.seeded.transaction() as session:
        submit(
            session,
            who=world.alice,
            task=ASSIGNED.task(world.task),
            version=0,
            now=wiring.now(),
            work=Work(answers(), active_seconds=401),
        )
    app = opened(open_app("alice"), WORK)
    told = [caption.value for caption in app.caption]
    assert "This week: 1 scored · median 6 min 41 s" in told


def test_the_pad_opens_what_the_address_names(world, open_app):
    later = due(world, 30)
    assert pad_data(opened(open_app("alice"), SCORE, assignment=later))["assignment"] == later


@pytest.mark.parametrize("query", [{}, {"assignment": "x"}])
def test_without_a_usable_address_the_pad_opens_the_most_urgent(world, open_app, query):
    due(world, 30)
    data = pad_data(opened(open_app("alice"), SCORE, **query))
    assert data["assignment"] == world.task
    assert data["texts"]["submit"] == "Submit and open next"


def test_open_next_leads_to_the_pad(world, open_app):
    app = opened(open_app("alice"), WORK)
    app.button("open_next").click().run()
    assert pad_data(app)["assignment"] == world.task


def test_the_day_says_how_many_keep_every_due_day(world, open_app):
    """The world's own call is overdue, one is due today, one in nine days: two today."""
    due(world, 0)
    due(world, 9)
    [bar] = opened(open_app("alice"), WORK).get("progress")
    assert bar.proto.text == "Today: 0 of 2 scored; as many each day keep every due day."
