"""Warnings on the pages: listed with their numbers, opened, taken, put off, closed; rules set."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from core.periods import shift
from core.warning.rules import RuleKey
from core.warning.states import WarningState
from core.warning.terms import ClosingCause
from db.results.models import StationItemMonth
from db.warning.models import EarlyWarning, WarningRule
from pages.ui.kit import wiring
from pages.ui.kit.days import running_month
from tests.support.house.app_pages import clicked, data_of_chart, field, opened, said
from tests.support.warning.watching import (
    EARLY_DECEMBER,
    WHY,
    Watching,
    add_losses,
    prepare_people,
    stored_file,
    stored_warning,
)

LIST, ONE, WEEK = "early_warnings.py", "early_warning.py", "this_week.py"
NUMBERS = (
    "Nov 2026: 20 of 100, before 60 of 1,200; the limit is 13.0 %, and so many or more come by"
    " chance with probability 0.0001."
)


@pytest.fixture
def watching(wired):
    prepare_people(wired.engine)
    return Watching(wired)


def stored(watching, **changed):
    with watching.seeded.transaction() as session:
        return stored_warning(session, changed.pop("station_id", watching.here), **changed)


def row(watching, warning_id):
    with watching.seeded.reading() as session:
        return session.get_one(EarlyWarning, warning_id)


def plain(texts):
    """Without the strokes and stars of Markdown."""
    return [text.replace("\\", "").strip("*") for text in texts]


def labels(app):
    return [button.label for button in app.button]


def test_the_list_says_how_many_wait_and_how_many_were_looked_at(watching, open_app):
    """A file that is neither severe nor late is looked at, and compared with nothing of before."""
    watching.add(lambda session: session.add(stored_file(watching.here, 1, wiring.now())))
    watching.look(wiring.now())
    stored(watching, state=WarningState.RAISED)
    stored(watching, state=WarningState.RAISED, owner_id=watching.manny.user_id)
    stored(watching, state=WarningState.SUSPECTED)
    app = opened(open_app("bob"), LIST)
    assert "2 raised · 1 without an owner · 1 suspected" in [head.value for head in app.subheader]
    assert any("0 cells were compared by 3 rules" in caption.value for caption in app.caption)
    [table] = app.dataframe
    assert NUMBERS in set(table.value["Numbers"])


def test_with_nothing_to_warn_of_it_says_so(watching, open_app):
    app = opened(open_app("bob"), LIST)
    assert "No warning is open." in [head.value for head in app.subheader]
    assert "No warning is raised." in [box.value for box in app.info]
    assert any("looks each night" in caption.value for caption in app.caption)


def test_one_shows_its_numbers_and_is_taken(watching, open_app):
    warning_id = stored(watching, state=WarningState.RAISED)
    app = opened(open_app("manny"), ONE, id=warning_id)
    assert NUMBERS in plain(said(app))
    clicked(app, "I take it")
    assert row(watching, warning_id).owner_id == watching.manny.user_id
    assert "I take it" not in labels(app)


def test_it_is_put_off_with_a_reason(watching, open_app):
    warning_id = stored(watching, state=WarningState.RAISED)
    app = opened(open_app("manny"), ONE, id=warning_id)
    clicked(app, "Put it off")
    assert [box.value for box in app.error] == ["Write at least 10 characters."]
    field(app.text_area, "Reason").input("The desk moves next week.")
    clicked(app, "Put it off")
    assert row(watching, warning_id).is_put_off
    assert any("Put off until" in line for line in said(app))


def test_it_is_closed_with_its_cause_and_a_note(watching, open_app):
    warning_id = stored(watching, state=WarningState.RAISED)
    app = opened(open_app("manny"), ONE, id=warning_id)
    clicked(app, "Close it")
    assert [box.value for box in app.error] == ["Choose a cause first."]
    field(app.radio, "Cause").set_value(ClosingCause.CHANCE)
    field(app.text_area, "What you found, in at least 20 characters").input(WHY)
    clicked(app, "Close it")
    assert row(watching, warning_id).state == WarningState.CLOSED
    assert WHY in [text.value for text in app.text]


def test_nobody_is_offered_to_close_one_about_the_own_station(watching, open_app):
    warning_id = stored(watching, rule=RuleKey.SEVERE_EVENTS, subject_key="1")
    app = opened(open_app("manny"), ONE, id=warning_id)
    assert "Close it" not in labels(app)
    assert any("own station answers for" in caption.value for caption in app.caption)
    assert "Close it" in labels(opened(open_app("bob"), ONE, id=warning_id))


def test_its_windows_are_drawn_with_the_sign_marked(watching, open_app):
    """Of the newest whole month 20 of 100 were lost, before 5 in each."""
    newest = shift(running_month(), -1)
    months = {shift(newest, -k): (5 if k else 20, 100) for k in range(13)}
    watching.add(add_losses, watching.here, "HELLO", months)
    watching.look(wiring.now())
    warning_id = watching.only().id
    app = opened(open_app("bob"), ONE, id=warning_id)
    values = data_of_chart(app, "An item is lost more often than before · HELLO")
    assert [value["value"] for value in values] == [5.0] * 12 + [20.0]
    assert [value["state"] for value in values] == ["no sign"] * 12 + ["a sign"]


def test_of_another_station_there_is_nothing(watching, open_app):
    warning_id = stored(watching)
    app = opened(open_app("norma"), ONE, id=warning_id)
    assert [box.value for box in app.error] == ["This warning does not exist."]
    assert [box.value for box in opened(open_app("norma"), ONE).info] == [
        "Choose a warning from the list."
    ]


def test_this_week_leads_to_what_waits(watching, open_app):
    stored(watching, state=WarningState.RAISED)
    app = opened(open_app("bob"), WEEK)
    links = plain([link.proto.label for link in app.get("page_link")])
    assert "Warnings: 1 raised · 1 without an owner" in links


def test_a_rule_is_switched_off_and_its_limit_set(watching, open_app):
    app = opened(open_app("bob"), LIST)
    app.session_state["warnings_tab"] = "Rules"
    app.run()
    field(app.number_input, "Limit: files").set_value(9)
    [save] = [b for b in app.button if b.label == "Save" and "overdue_files" in b.key]
    save.click().run()
    with watching.seeded.reading() as session:
        assert session.get_one(WarningRule, "overdue_files").threshold == 9


def test_a_suspicion_that_lapsed_is_listed_as_ended(watching, open_app):
    stored(watching, state=WarningState.LAPSED, ended_at=EARLY_DECEMBER)
    app = opened(open_app("bob"), LIST)
    app.session_state["warnings_tab"] = "Ended"
    app.run()
    [table] = app.dataframe
    assert list(table.value["State"]) == ["Lapsed"]


def test_a_suspicion_that_has_subsided_says_so_and_waits_for_nobody(watching, open_app):
    stored(watching, state=WarningState.SUSPECTED, is_subsided=True)
    app = opened(open_app("bob"), LIST)
    assert "No warning is open." in [head.value for head in app.subheader]
    app.session_state["warnings_tab"] = "Suspected"
    app.run()
    [table] = app.dataframe
    assert list(table.value["State"]) == ["Suspected, subsided"]


def test_a_sign_that_a_correction_took_below_what_is_usual_has_no_limit_to_tell(watching, open_app):
    """Of the newest month 20 of 100 were lost; corrected they are 4, before 5 in each."""
    newest = shift(running_month(), -1)
    months = {shift(newest, -k): (5 if k else 20, 100) for k in range(13)}
    watching.add(add_losses, watching.here, "HELLO", months)
    watching.look(wiring.now())
    fewer = update(StationItemMonth).where(StationItemMonth.month == newest).values(lost=4)
    watching.add(lambda session: session.execute(fewer))
    watching.look(wiring.now())
    shown = plain(said(opened(open_app("bob"), ONE, id=watching.only().id)))
    assert any(text.endswith(": 4 of 100, before 60 of 1,200.") for text in shown)
