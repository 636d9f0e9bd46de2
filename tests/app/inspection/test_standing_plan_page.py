"""The standing plan's page, as quality managers meet it: setting it, absences, drawn plans."""

from __future__ import annotations

from datetime import timedelta

from core.periods import month_of, shift
from core.plan import StandingPlan
from db.inspection.models import Assignment, DrawChance, InspectorAbsence
from db.inspection.queries.standing_plan import current_plan
from db.inspection.services.standing_draws import draw_standing
from db.inspection.services.standing_plan import save_standing_plan
from db.people.models import Staff
from pages.ui.kit import days, wiring
from tests.factories import make_interaction
from tests.support.house.app_pages import clicked, field, opened, said

PAGE = "standing_plan.py"


def switched_on(world, **given):
    first = shift(month_of(days.today()), -1)
    plan = StandingPlan(active=True, first_month=first, quotas={"phone": 2}, **given)
    world.do(save_standing_plan, world.bob, plan=plan, number=0)


def test_it_is_switched_off_until_somebody_saves_it(world, open_app):
    app = opened(open_app("bob"), PAGE)
    assert "The standing plan is switched off." in said(app)
    assert "Nothing has been drawn yet." in said(app)
    assert [field(app.number_input, name).value for name in ("Phone", "Chatbot", "Site")] == [
        *(4, 0, 0)
    ]
    field(app.toggle, "Draw by itself").set_value(True)
    field(app.number_input, "Phone").set_value(3)
    app.run()
    clicked(app, "Save the plan")
    stored = world.one(current_plan)
    assert (stored.number, stored.plan.active, stored.plan.quota("phone")) == (1, True, 3)
    assert stored.plan.first_month == days.running_month()
    texts = [text.replace("\\", "") for text in said(app)]
    assert any("Phone 3" in text and "Saved by Bob" in text for text in texts)


def test_a_month_that_is_over_is_closed_by_a_button_and_listed(world, open_app):
    switched_on(world, close_day=28)
    over = wiring.now().replace(day=1) - timedelta(days=5)
    with world.seeded.transaction() as session:
        charlie = session.get_one(Staff, world.seeded.staff_id)
        for number in range(5):
            at = over + timedelta(minutes=number)
            make_interaction(session, staff=charlie, occurred_at=at)
        draw_standing(session, now=wiring.now().replace(day=2))  # before the closing day
    app = opened(open_app("bob"), PAGE)
    assert any("is over. What it lacks is drawn on" in text for text in said(app))
    clicked(app, "Draw what it lacks now")
    assert not any("is over" in text for text in said(app))
    [table] = [one.value for one in app.dataframe if "Seed" in one.value]
    assert list(table["Draw"]) == ["What the month lacked", "By night"]
    assert list(table["Drawn by"]) == ["Bob", "the portal"]
    assert sum(table["Random sample"]) == 2
    assert world.count(DrawChance) == 5


def test_what_nobody_present_may_score_is_said(world, open_app):
    switched_on(world, close_day=1)
    noted = {"user_id": world.alice.user_id, "noted_by": world.bob.user_id}
    with world.seeded.transaction() as session:
        charlie = session.get_one(Staff, world.seeded.staff_id)
        for _ in range(3):
            at = wiring.now().replace(day=1) - timedelta(days=5)
            make_interaction(session, staff=charlie, occurred_at=at)
        day = days.today()
        period = {"first_day": day - timedelta(1), "last_day": day + timedelta(1)}
        session.add(InspectorAbsence(**noted, **period, noted_at=wiring.now()))
        draw_standing(session, now=wiring.now())
    app = opened(open_app("bob"), PAGE)
    assert any("drawn encounters wait" in text for text in said(app))
    [table] = [one.value for one in app.dataframe if "Today" in one.value]
    assert (list(table["Inspector"]), list(table["Today"])) == (["Alice"], ["absent"])
    assert world.count(Assignment) == 1


def test_an_absence_is_noted_and_struck_out(world, open_app):
    app = opened(open_app("bob"), PAGE)
    assert "Nobody is noted as absent." in said(app)
    clicked(app, "Note the absence")
    assert [error.value for error in app.error] == ["Choose the inspector."]
    field(app.selectbox, "Inspector").select(world.alice.user_id).run()
    clicked(app, "Note the absence")
    assert world.count(InspectorAbsence) == 1
    key = "absences_1"
    app.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    clicked(app, "Strike out the absence")
    assert world.count(InspectorAbsence) == 0
