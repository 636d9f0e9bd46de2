"""Actions on the pages: proposed in a form, agreed, carried out, judged, listed, told of."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from core.improvements.states import ImprovementState
from core.improvements.terms import ActionKind, Cause
from core.periods import Period
from db.improvements.models import Improvement
from db.improvements.services.judging import close_improvement
from db.improvements.services.proposing import agree_improvement, withdraw_improvement
from db.improvements.services.telling import tell_of_improvements
from pages.ui.kit import wiring
from pages.ui.kit.days import today
from tests.support.house.app_pages import charts, clicked, field, opened, said
from tests.support.improvements.acting import LOOK, WHY, Acting

LIST, ONE, NEW = "actions.py", "action.py", "new_action.py"


@pytest.fixture
def acting(wired):
    return Acting(wired)


def newest(acting):
    with acting.seeded.reading() as session:
        return session.query(Improvement).order_by(Improvement.id.desc()).first()


def labels(app):
    return [button.label for button in app.button]


def test_an_action_is_proposed_from_its_station_and_once(acting, open_app):
    app = opened(open_app("bob"), NEW, station=acting.here)
    stations = "Stations; the first is where it was found"
    assert field(app.multiselect, stations).value == [acting.here]
    other = field(app.multiselect, "Compared with stations where it is not done")
    assert acting.there in other.value
    clicked(app, "Propose")
    assert [box.value for box in app.error] == [
        "Choose station, cause, kind, owner and measure first."
    ]
    field(app.text_area, "What was found").input("First answers come late at night.")
    field(app.text_area, "What is to be done").input("The night's complaints go first.")
    app.button_group[0].set_value(Cause.PROCESS)
    app.button_group[1].set_value(ActionKind.PROCESS)
    field(app.selectbox, "Owner").select(acting.hanna.user_id)
    field(app.selectbox, "Measure that is to change").select("critical_rate")
    field(app.selectbox, "Compared with the months from").select(202512)
    months = [box for box in app.selectbox if box.label == "to the month"]
    months[1].select(202512)
    field(app.multiselect, "Compared with stations where it is not done").set_value([acting.there])
    clicked(app, "Propose")
    row = newest(acting)
    assert (row.station_id, row.cause, row.owner_id) == (
        acting.here,
        "process",
        acting.hanna.user_id,
    )
    assert Period(row.before_first, row.before_last) == Period(202512, 202512)
    assert "Proposed. Somebody else agrees to it now." in [toast.value for toast in app.toast]
    assert "Action 1" in said(app)


def test_who_proposed_it_is_not_offered_to_agree(acting, open_app):
    action_id = acting.proposed(due_on=today() + timedelta(days=30))
    app = opened(open_app("bob"), ONE, id=action_id)
    assert "Agree" not in labels(app)
    app = opened(open_app("manny"), ONE, id=action_id)
    clicked(app, "Agree")
    assert acting.row(action_id).state == ImprovementState.AGREED
    assert "Agree" not in labels(app)


def test_its_owner_says_what_was_done(acting, open_app):
    action_id = acting.proposed(due_on=today() + timedelta(days=30))
    values = {"improvement_id": action_id, "now": wiring.now()}
    acting.do(agree_improvement, acting.manny, **values)
    app = opened(open_app("manny"), ONE, id=action_id)
    assert "It is carried out" not in labels(app)
    app = opened(open_app("hanna"), ONE, id=action_id)
    assert "Withdraw" not in labels(app)
    field(app.text_area, "What was done, and where one sees it").input(WHY)
    clicked(app, "It is carried out")
    row = acting.row(action_id)
    assert (row.state, row.proof) == (ImprovementState.CARRIED_OUT, WHY)
    assert any(line.startswith("It can be judged from ") for line in said(app))


def test_the_effect_is_empty_until_it_is_judged_and_then_drawn_with_its_numbers(acting, open_app):
    """-9.6 here, -1.5 elsewhere, -8.1 (-17.7 to 1.3) together."""
    action_id = acting.carried_out()
    app = opened(open_app("bob"), ONE, id=action_id)
    assert charts(app) == []
    assert any(line.startswith("Empty until ") for line in said(app))
    clicked(app, "Judge its effect")
    [chart] = charts(app)
    assert chart["title"]["text"] == "Change of the measure"
    texts = [text.value for text in app.text]
    assert "Where it was done: 15.0 % of 120 → 5.4 % of 130, −9.6 (−16.2 to −3.4)" in texts
    assert "Judged by the difference of both: −8.1 (−17.7 to +1.3) percent points" in said(app)
    assert any("no effect is shown" in line for line in said(app))


def test_what_was_not_shown_to_help_asks_for_a_decision(acting, open_app):
    action_id = acting.judged()
    app = opened(open_app("bob"), ONE, id=action_id)
    assert {"Accept how it is", "Go on, and look again"} <= set(labels(app))
    clicked(app, "Accept how it is")
    assert [box.value for box in app.error] == ["Write at least 10 characters."]
    field(app.text_area, "Reason").input("It costs nothing and stays.")
    clicked(app, "Accept how it is")
    assert acting.row(action_id).state == ImprovementState.CLOSED
    assert "It costs nothing and stays." in [text.value for text in app.text]


def test_an_earlier_effect_is_not_told_as_that_of_the_months_to_come(acting, open_app):
    """Judged by April to June; opened again, September to November count."""
    app = opened(open_app("bob"), ONE, id=acting.opened_again())
    told = said(app)
    assert any(line.startswith("The effect below is an earlier one. From ") for line in told)
    [counted] = [line for line in told if line.startswith("Counting afterwards")]
    assert re.findall(r"\w+", counted)[2:] == ["Sep", "Nov", "2026"]
    assert "Q2 2026, compared with December 2025" in told
    assert not any("-badge[Effective]" in line for line in told)


def test_what_was_withdrawn_waits_for_no_effect(acting, open_app):
    action_id = acting.agreed()
    acting.do(withdraw_improvement, acting.bob, improvement_id=action_id, reason=WHY)
    told = said(opened(open_app("bob"), ONE, id=action_id))
    assert "Withdrawn before it could be judged." in told
    assert not any(line.startswith("Empty until ") for line in told)


def test_only_who_may_open_an_action_again_is_offered_it(acting, open_app):
    action_id = acting.judged(kind=ActionKind.TRAINING)
    ended = {"improvement_id": action_id, "reason": WHY, "now": wiring.now()}
    acting.do(close_improvement, acting.tina, **ended)
    offer = "Open it again"
    assert offer not in labels(opened(open_app("tina"), ONE, id=action_id))
    assert offer in labels(opened(open_app("manny"), ONE, id=action_id))


def test_the_list_says_what_waits_and_opens_what_is_clicked(acting, open_app):
    app = opened(open_app("manny"), LIST)
    assert "No action is open." in said(app)
    action_id = acting.agreed()
    app = opened(open_app("bob"), ONE, id=action_id)
    assert any(":orange-badge[Overdue]" in line for line in said(app))
    app = opened(open_app("manny"), LIST)
    assert "1 action is open · 1 overdue" in said(app)
    [table] = app.dataframe
    assert table.value["State"].to_list() == ["Agreed"]
    assert table.value["Owner"].to_list() == ["Hanna"]
    app.session_state["actions_open"] = {
        "selection": {"rows": [], "columns": [], "cells": [(0, "State")]}
    }
    app.run()
    assert f"Action {action_id}" in said(app)


def test_a_notice_leads_to_the_action_until_it_is_opened(acting, open_app):
    action_id = acting.carried_out()
    acting.do(lambda session, who, now: tell_of_improvements(session, now=now), None, now=LOOK)
    app = opened(open_app("manny"), LIST)
    assert any("Can be judged" in line for line in said(app))
    app.button(key=f"notice_action_{action_id}").click().run()
    app.run()
    assert not any(button.key == f"notice_action_{action_id}" for button in app.button)


def test_somebody_without_a_part_in_it_reads_nothing(acting, open_app):
    action_id = acting.proposed()
    app = opened(open_app("norma"), ONE, id=action_id)
    assert [box.value for box in app.error] == ["This action does not exist."]
    assert acting.proposal().finding not in [text.value for text in app.text]


@pytest.mark.parametrize(
    ("reader", "page"), [("manny", "stations.py"), ("hanna", "files.py"), ("tina", "this_week.py")]
)
def test_the_actions_are_one_click_from_where_each_role_begins(acting, open_app, reader, page):
    acting.agreed(kind=ActionKind.TRAINING)
    app = opened(open_app(reader), page)
    labels = [link.proto.label for link in app.get("page_link")]
    assert r"Actions\: 1 action is open · 1 overdue" in labels
