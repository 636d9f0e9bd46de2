"""Corrections: asked for on My scored work, answered beside appeals and on the case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Role
from db.inspection.models import CorrectionRequest, Inspection
from db.inspection.services.amendments import amend
from db.inspection.services.corrections import ask_for_correction, decline_correction
from pages.ui.frame import counts
from pages.ui.kit import wiring
from pages.ui.notices import unread_records
from tests.factories import identity, make_user
from tests.support.appeals.appeal_pages import CASE, QUEUE, words
from tests.support.house.app_pages import clicked, opened
from tests.support.inspection.correcting import WRONG
from tests.support.inspection.inspecting import NO, answers

SCORED = "scored.py"
ASK = "Ask for the correction"


@pytest.fixture
def scored(world):
    """Submitted an hour ago, as the pages' clock has it: too late to take back."""
    inspection_id = world.scored(HELLO=NO)
    with world.seeded.transaction() as session:
        row = session.get_one(Inspection, inspection_id)
        row.submitted_at = wiring.now() - timedelta(hours=1)
    return inspection_id


def asked(world, inspection_id):
    with world.seeded.transaction() as session:
        return ask_for_correction(
            session,
            who=world.alice,
            inspection_id=inspection_id,
            words=WRONG,
            within=timedelta(0),
            now=wiring.now(),
        )


def field(widgets, label):
    return next(each for each in widgets if each.label == label)


def labels(app):
    return [button.label for button in app.button]


def test_an_inspector_asks_sees_the_request_and_withdraws_it(world, scored, open_app):
    app = opened(open_app("alice"), SCORED)
    assert ASK not in labels(app)  # nothing is chosen beforehand
    choice = field(app.selectbox, "Which inspection?")
    assert choice.value is None
    assert choice.options == [f"{scored} · {world.case_no(scored)} · score 80.0"]
    choice.select(scored).run()
    clicked(app, ASK)
    assert [each.value for each in app.error] == ["Say what is wrong."]
    field(app.text_area, "What is wrong, and what is right?").set_value(WRONG).run()
    clicked(app, ASK)
    [(request_id, state)] = world.all(CorrectionRequest.id, CorrectionRequest.state)
    assert state == "open"
    assert WRONG in words(app)
    assert "Which inspection?" not in [each.label for each in app.selectbox]
    app.button(key=f"withdraw_correction_{request_id}").click().run()
    assert world.all(CorrectionRequest.state) == [("withdrawn",)]
    assert "Which inspection?" in [each.label for each in app.selectbox]


def test_what_can_be_taken_back_is_not_offered(world, open_app):
    inspection_id = world.scored(HELLO=NO)
    with world.seeded.transaction() as session:
        session.get_one(Inspection, inspection_id).submitted_at = wiring.now()
    app = opened(open_app("alice"), SCORED)
    assert f"recall_{inspection_id}" in [button.key for button in app.button]
    assert "Which inspection?" not in [each.label for each in app.selectbox]


def test_who_may_amend_has_the_number_in_the_menu_and_the_list_in_a_tab(world, scored, open_app):
    app = opened(open_app("bob"), QUEUE)
    assert "Inspectors ask for" not in " ".join(words(app))
    asked(world, scored)
    assert counts(world.bob) == {"appeals": 1}
    app = open_app("bob")
    app.session_state["appeals_tab"] = "Corrections"
    opened(app, QUEUE)
    assert "Inspectors ask for 1 correction." in words(app)
    table = app.dataframe[0].value
    assert list(table["What is wrong"]) == [WRONG]
    assert list(table["Inspector"]) == [world.alice.name]


def test_station_managers_see_appeals_and_no_requests(world, scored, open_app):
    asked(world, scored)
    with world.seeded.transaction() as session:
        make_user(session, "mona", Role.STATION_MANAGER, station_id=world.seeded.station_id)
        mona = identity(session, "mona")
    assert counts(mona) == {}
    app = opened(open_app("mona"), QUEUE)
    assert [tab.label for tab in app.tabs] == ["To decide", "Ended", "By item"]
    assert "Inspectors ask for" not in " ".join(words(app))


def test_it_is_declined_at_the_case_and_the_inspector_is_told_until_it_is_read(
    world, scored, open_app
):
    request_id = asked(world, scored)
    app = opened(open_app("bob"), CASE, id=scored)
    assert WRONG in words(app)
    clicked(app, "Decline the correction")
    assert [each.value for each in app.error] == ["Give a reason."]
    field(app.text_area, "Why does it stay as it is?").set_value("It is not there.").run()
    clicked(app, "Decline the correction")
    assert world.all(CorrectionRequest.state) == [("declined",)]
    assert WRONG not in words(app)

    assert unread_records(world.alice) == {"correction": 1}
    app = open_app("alice").run()
    assert any("Your request for a correction was answered." in text for text in words(app))
    assert "It is not there." in words(app)
    app.button(key=f"read_correction_{request_id}").click().run()
    assert unread_records(world.alice) == {}


def test_an_amendment_is_told_with_both_scores(world, scored, open_app):
    asked(world, scored)
    with world.seeded.transaction() as session:
        given = {"answers": answers(), "reason": "Heard again."}
        amend(session, who=world.bob, inspection_id=scored, now=wiring.now(), **given)
    app = open_app("alice").run()
    assert any("80.0 → 100.0" in text for text in words(app))
    assert "Heard again." in words(app)


def test_a_declined_one_stays_listed_with_the_reason(world, scored, open_app):
    request_id = asked(world, scored)
    with world.seeded.transaction() as session:
        done = {"request_id": request_id, "reason": "It is not there."}
        decline_correction(session, who=world.bob, now=wiring.now(), **done)
    app = opened(open_app("alice"), SCORED)
    assert "It is not there." in words(app)
    assert ASK not in labels(app)


def test_the_reader_who_scored_it_may_not_answer(world, scored, open_app):
    """bob's account is the inspector's as well: he reads the request and has no way to decline."""
    with world.seeded.transaction() as session:
        session.get_one(Inspection, scored).inspector_id = world.bob.user_id
        row = CorrectionRequest(
            inspection_id=scored,
            user_id=world.alice.user_id,
            words=WRONG,
            asked_at=wiring.now(),
            due_on=wiring.now().date(),
        )
        session.add(row)
    app = opened(open_app("bob"), CASE, id=scored)
    assert WRONG in words(app)
    assert "Decline the correction" not in labels(app)
