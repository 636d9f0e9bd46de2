"""Clocks and calendars: what other systems call events is said, changed and taken away."""

from __future__ import annotations

import pytest

from db.encounters.queries.event_names import event_names
from db.encounters.services.event_names import name_event, note_unknown
from tests.support.clock import NOW
from tests.support.house import app_pages

PAGE = "clocks.py"


def visit(open_app, username="bob"):
    return app_pages.opened(open_app(username), PAGE)


def said(app):
    return "\n".join(app_pages.said(app))


def box(app, label):
    return next(box for box in app.selectbox if box.label == label)


def pressed(app, label):
    return next(button for button in app.button if button.label == label).click().run()


@pytest.fixture
def names(wired):
    """What is stored, as (name, event)."""
    with wired.transaction() as session:
        note_unknown(session, ["Ticket.Closed"], now=NOW)
        name_event(session, who=wired.bob, name="hung up", event="told", now=NOW)

    def stored():
        with wired.reading() as session:
            return [(row.name, row.event) for row in event_names(session, wired.bob)]

    return stored


def test_nothing_to_explain_is_said(open_app):
    assert "every event that came in is known" in said(visit(open_app))


def test_what_nobody_knows_is_counted_and_explained(open_app, names):
    app = visit(open_app)
    assert "1 name came in that nobody knows" in said(app)
    assert box(app, "Name in the other system").value == "ticket.closed"
    app = pressed(app, "Save the name")
    assert [error.value for error in app.error] == ["Choose the event that it means."]
    box(app, "Event").select("executed")
    app = pressed(app, "Save the name")
    assert names() == [("hung up", "told"), ("ticket.closed", "executed")]
    assert "every event that came in is known" in said(app)


def test_a_name_is_taken_away(open_app, names):
    app = visit(open_app)
    box(app, "Take a name off the list").select("hung up").run()
    pressed(app, "Take away")
    assert names() == [("ticket.closed", "")]


@pytest.mark.parametrize("username", ["alice", "charlie", "administrator"])
def test_only_quality_managers_have_the_page(open_app, username):
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        visit(open_app, username)
