"""Clocks and calendars: clocks are set; names of events are explained and taken away."""

from __future__ import annotations

import pytest

from db.checklists.queries.clocks import clock_changes
from db.encounters.queries.event_names import event_names
from db.encounters.services.event_names import name_event, note_unknown
from tests.support.clock import NOW
from tests.support.house import app_pages

PAGE = "clocks.py"


def visit(open_app, username="bob", tab="Names of events"):
    app = open_app(username)
    app.session_state["clocks_tab"] = tab
    return app_pages.opened(app, PAGE)


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


def test_a_clock_is_set_and_counts(open_app, wired):
    app = visit(open_app, tab="Clocks")
    assert "**7 of 44 clocks count.**" in said(app)
    box(app, "Clock").select("CON-02").run()
    box(app, "State").select("use").run()
    app = pressed(app, "Set the clock")
    assert "needs a limit" in app.error[0].value
    next(field for field in app.number_input if field.label == "Limit").set_value(1.0)
    app = pressed(app, "Set the clock")
    assert "**8 of 44 clocks count.**" in said(app)
    with wired.reading() as session:
        [row] = clock_changes(session, wired.bob)
    assert (row.item_id, row.limit_minutes, row.status) == ("CON-02", 1, "use")


@pytest.mark.parametrize("username", ["alice", "charlie", "administrator"])
def test_only_quality_managers_have_the_page(open_app, username):
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        visit(open_app, username)
