"""Coverage, as quality managers meet it: drawing, handing over, who has too few."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Role
from core.checklist.choice import SHIPPED
from core.inspection.put_aside import PUT_ASIDE
from db.checklists.services.choice import save_choice
from db.inspection.models import Assignment
from db.inspection.services.assignments import own_assignment, skip
from db.inspection.services.drafts import Work
from db.people.models import Staff, User
from pages.ui.kit import days, wiring
from tests.factories import make_interaction, make_user
from tests.support.house.app_pages import clicked, field, opened, said

PAGE = "coverage.py"


@pytest.fixture
def world(world):
    """Charlie took two calls just now that nobody was given yet."""
    with world.seeded.transaction() as session:
        charlie = session.get_one(Staff, world.seeded.staff_id)
        for _ in range(2):
            make_interaction(session, staff=charlie, occurred_at=wiring.now())
    return world


def table(app, head):
    return next(each.value for each in app.dataframe if each.value.columns[0] == head)


def test_whom_nobody_was_drawn_for_is_listed(world, open_app):
    app = opened(open_app("bob"), PAGE)
    assert table(app, "Staff").to_dict("records") == [
        {"Staff": "Charlie", "Assigned": 0, "Done": 0, "Put aside": 0, "Overdue": 0}
    ]


def test_what_is_overdue_is_listed_and_a_row_opens_its_cases(world, open_app):
    with world.seeded.transaction() as session:
        task = session.get_one(Assignment, world.task)
        task.due_on = days.today() - timedelta(days=3)
    app = opened(open_app("bob"), PAGE)
    row = table(app, "Due").iloc[0]
    assert (row["Days late"], row["Inspector"], row["Station"]) == (3, "Alice", "TPE-PHONE")
    assert next(each.label for each in app.expander if "overdue" in each.label) == (
        "What is overdue (1)"
    )
    cells = {"selection": {"rows": [], "columns": [], "cells": [[0, "Inspector"]]}}
    app.session_state["coverage_inspector"] = cells
    app.run()
    assert app.title[0].value == "Cases"
    assert app.query_params["inspector"] == str(world.alice.user_id)
    mine = opened(open_app("alice"), PAGE)
    assert table(mine, "Due")["Inspector"].to_list() == ["Alice"]


def test_drawing_tells_what_came_of_it_and_what_the_plan_buys(world, open_app):
    app = opened(open_app("bob"), PAGE)
    field(app.text_input, "Month (yyyymm)").set_value(str(days.running_month()))
    clicked(app, "Draw and assign")
    assert [toast.value.split(":")[0] for toast in app.toast] == ["Drawn from 2"]
    row = table(app, "Station").iloc[0]
    # two at random: 1.645 sqrt(.85 x .15 / 2) = 41.5 points
    assert (row["±"], row["± once all is done"]) == ("—", "41.5")
    with world.seeded.transaction() as session:
        charlie = session.get_one(Staff, world.seeded.staff_id)
        for _ in range(3):
            make_interaction(session, staff=charlie, occurred_at=wiring.now())
    field(app.number_input, "Encounters per member of staff").set_value(2)
    clicked(app, "Draw and assign")
    assert "Everybody already has as many" in said(app)[-1]


def test_work_is_handed_over_and_counted_however_long_it_is_overdue(world, open_app):
    """Alice's call was due in March 2026, and she has begun it; then she left."""
    world.draft(Work({"HELLO": {"value": "yes"}}))
    with world.seeded.transaction() as session:
        session.get_one(User, world.alice.user_id).active = False
        dora = make_user(session, "dora", Role.INSPECTOR).id
    app = opened(open_app("bob"), PAGE)
    assert field(app.selectbox, "Inspector").options == ["Alice: 1 open, 1 begun · inactive"]
    field(app.text_input, "Reason").set_value("left")
    clicked(app, "Hand over")
    assert "Choose whose work is handed over." in said(app)
    field(app.selectbox, "Inspector").select_index(0)
    clicked(app, "Hand over")
    assert app.toast[0].value == "Handed over: 0. Stay there: 1."
    field(app.selectbox, "Inspector").select_index(0)
    field(app.text_input, "Reason").set_value("left")
    app.checkbox[0].check()
    clicked(app, "Hand over")
    assert app.toast[0].value == "Handed over: 1. Stay there: 0."
    with world.seeded.reading() as session:
        assert session.get_one(Assignment, world.task).inspector_id == dora


def test_overdue_is_by_the_readers_day(world, open_app, monkeypatch):
    """Due on the 10th, read early on the 11th: a day that has not begun in Greenwich."""
    with world.seeded.transaction() as session:
        due = wiring.now().date()
        session.get_one(Assignment, world.task).due_on = due
    app = opened(open_app("bob"), PAGE)
    assert list(table(app, "Inspector")["Overdue"]) == [0]
    monkeypatch.setattr("pages.ui.inspection.coverage.today", lambda: due + timedelta(days=1))
    assert list(table(app.run(), "Inspector")["Overdue"]) == [1]


def test_before_a_draw_it_is_said_what_is_left_out(world, open_app):
    """Two of charlie's calls wait; one customer refuses, and no row of the table is for bots."""
    rows = tuple(row for row in SHIPPED if row.channel != "bot")
    world.do(save_choice, world.bob, rows=rows, number=0)
    with world.seeded.transaction() as session:
        charlie = session.get_one(Staff, world.seeded.staff_id)
        common = {"staff": charlie, "occurred_at": wiring.now()}
        make_interaction(session, consent=False, **common)
        for kind in ("none", "none", "complaint"):
            make_interaction(session, channel="bot", case_kind=kind, **common)
    app = opened(open_app("bob"), PAGE)
    assert not [text for text in said(app) if "can be drawn" in text]  # closed, so not counted
    app.session_state["draw_plan"] = True
    app.run()
    field(app.text_input, "Month (yyyymm)").set_value(str(days.running_month())).run()
    left_out = [
        "No checklist fits 3 encounters, left out: Chatbot 2, Chatbot · Complaint 1.",
        "1 without consent, left out.",
    ]
    shown = [text.replace("\\", "") for text in said(app)]
    assert [text for text in shown if "can be drawn" in text] == ["2 encounters can be drawn."]
    assert "2 Phone → Phone service" in shown
    assert [text for text in shown if "left out" in text] == left_out
    clicked(app, "Draw and assign")
    assert app.toast[0].value.replace("\\", "").endswith(" ".join(left_out))
    assert "0 encounters can be drawn." in said(app)


def test_a_month_that_is_none_is_said_so(world, open_app):
    app = opened(open_app("bob"), PAGE)
    app.session_state["draw_plan"] = True
    field(app.text_input, "Month (yyyymm)").set_value("2026").run()
    assert app.error[0].value == "A month is six digits, such as 202606."


def set_aside(world, reason):
    with world.seeded.transaction() as session:
        own = own_assignment(session, world.alice, world.task)
        skip(session, who=world.alice, assignment=own, reason=reason, now=wiring.now())
        session.get_one(Assignment, world.task).due_on = days.today()


def test_what_was_put_aside_is_listed_with_its_reason(world, open_app):
    set_aside(world, PUT_ASIDE[1])
    app = opened(open_app("bob"), PAGE)
    listed = [frame.value for frame in app.dataframe if "Reason" in frame.value]
    assert listed[0].to_dict("records") == [{"Reason": PUT_ASIDE[1], "Put aside": "1"}]
    assert list(listed[1]["Reason"]) == [PUT_ASIDE[1]]
    assert not [button for button in app.button if button.key == "take_up"]


def test_a_station_and_a_channel_narrow_everything_and_stand_in_the_address(world, open_app):
    with world.seeded.transaction() as session:
        session.get_one(Assignment, world.task).due_on = days.today() - timedelta(days=3)
    station = str(world.seeded.station_id)
    app = opened(open_app("bob"), PAGE, station=station, channel="phone")
    assert app.subheader[0].value == "0 of 1 are scored (0 %), 1 is overdue."
    cells = {"selection": {"rows": [], "columns": [], "cells": [[0, "Inspector"]]}}
    app.session_state["coverage_inspector"] = cells
    app.run()
    assert app.title[0].value == "Cases"
    assert (app.query_params["channel"], app.query_params["station"]) == ("phone", station)
    app = opened(open_app("bob"), PAGE, channel="chat")
    assert app.subheader[0].value == "Nothing of this selection was due in the last three months."
    assert list(app.dataframe) == []
    assert "Everybody has enough." not in said(app)


def test_what_is_overdue_is_given_to_another_inspector_from_here(world, open_app):
    iris = world.inspector("iris")
    with world.seeded.transaction() as session:
        task = session.get_one(Assignment, world.task)
        task.due_on = days.today() - timedelta(days=3)
    app = opened(open_app("bob"), PAGE)
    assert "To another inspector" not in [box.label for box in app.selectbox]
    rows = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.session_state["overdue_1"] = rows
    app.run()
    field(app.selectbox, "To another inspector").select(iris.user_id).run()
    [*_others, reason] = [box for box in app.text_input if box.label == "Reason"]
    reason.input("On leave.").run()
    clicked(app, "Give to the other")
    assert world.one(lambda s: s.get_one(Assignment, world.task)).inspector_id == iris.user_id
