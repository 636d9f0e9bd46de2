"""Clocks and calendars: clocks are set; names of events are explained and taken away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.clock import Limit
from db.checklists.queries.clocks import clock_changes
from db.encounters.queries.event_names import event_names
from db.encounters.services.event_names import name_event, note_unknown
from db.files.queries.clock_settings import hours_changes, limit_changes
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


def test_a_limit_of_files_is_set_from_today_on(open_app, wired):
    app = visit(open_app, tab="Clocks of files")
    assert "**3 of 9 clocks of files count at some level.**" in said(app)
    box(app, "Kind of file").select("complaint").run()
    box(app, "Clock").select("told").run()
    box(app, "State").select("use").run()
    app = pressed(app, "Set the limit")
    assert "needs a limit" in app.error[0].value
    next(field for field in app.number_input if field.label == "Limit").set_value(48.0).run()
    app.checkbox[0].check().run()
    app = pressed(app, "Set the limit")
    assert not app.error
    with wired.reading() as session:
        [row] = limit_changes(session, wired.bob)
    assert (row.kind, row.step, row.for_running) == ("complaint", "told", True)
    assert row.line.limit == Limit(timedelta(hours=48))


def test_a_period_is_a_number_of_months(open_app, wired):
    app = visit(open_app, tab="Clocks of files")
    box(app, "Kind of file").select("complaint").run()
    box(app, "Clock").select("told").run()
    box(app, "State").select("period").run()
    next(field for field in app.number_input if field.label == "Limit").set_value(6.0).run()
    app = pressed(app, "Set the limit")
    with wired.reading() as session:
        [row] = limit_changes(session, wired.bob)
    assert row.line.limit == Limit(months=6)


def test_a_station_gets_a_calendar_and_loses_it_again(open_app, wired):
    app = visit(open_app, tab="Calendars")
    assert "0 of" in said(app)
    box(app, "Station").select(wired.station_id).run()
    app.toggle[0].set_value(True).run()
    app = pressed(app, "Set the calendar")
    assert "at least one day of the week" in app.error[0].value
    for weekday in ("Mon", "Tue"):
        next(t for t in app.text_input if t.label == weekday).set_value("9:00-18:00").run()
    app.text_area[0].set_value("1 May").run()
    app = pressed(app, "Set the calendar")
    assert "1 May is no date" in app.error[0].value
    app.text_area[0].set_value("2027-01-04").run()
    app = pressed(app, "Set the calendar")
    assert "1 of" in said(app)
    assert stored_calendar(wired).free_days == {date(2027, 1, 4)}
    assert [one.weekday for one in stored_calendar(wired).openings] == [0, 1]
    app.toggle[0].set_value(False).run()
    pressed(app, "Set the calendar")
    assert stored_calendar(wired) is None


def stored_calendar(wired):
    with wired.reading() as session:
        return hours_changes(session, wired.bob)[0].calendar
