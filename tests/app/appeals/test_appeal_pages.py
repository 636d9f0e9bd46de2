"""Appeals on the pages: raised beside the result, decided beside the case, learnt from."""

from __future__ import annotations

import pytest

from core.access import Role
from core.appeals.deadlines import WHOLE, Step
from db.appeals.models import Appeal, AppealPoint, AppealTerm
from db.appeals.services.decisions import decide_appeal
from db.inspection.models import Inspection
from db.inspection.services import amendments
from pages.ui.kit import wiring
from tests.factories import identity, make_user
from tests.support.appeals.appeal_pages import (
    CASE,
    ONE,
    OWN,
    QUEUE,
    WORK,
    decided,
    fresh,
    raised,
    words,
)
from tests.support.house.app_pages import clicked, field, opened, select_case
from tests.support.inspection.inspecting import NO, answers

# --- the scored person --------------------------------------------------------------------------


def test_a_result_is_appealed_item_by_item_with_a_reason_each(world, open_app):
    inspection_id = fresh(world, HELLO=NO)
    app = select_case(opened(open_app("charlie"), OWN), inspection_id)
    assert any("14 days left" in box.label for box in app.expander)
    picker = field(app.multiselect, "What do you appeal against?")
    assert picker.options[:2] == ["The result as a whole", "HELLO (−20.0)"]
    picker.set_value(["HELLO"]).run()
    app.text_area(key=f"typed_appeal_{inspection_id}-HELLO").set_value("I did, at 0:03.").run()
    clicked(app, "Send the appeal")
    assert world.all(AppealPoint.item_key, AppealPoint.reason) == [("HELLO", "I did, at 0:03.")]
    assert any("To be decided" in text for text in words(app))
    assert "I did, at 0:03." in words(app)


def test_an_appeal_without_a_reason_is_not_sent_and_says_why(world, open_app):
    inspection_id = fresh(world, HELLO=NO)
    app = select_case(opened(open_app("charlie"), OWN), inspection_id)
    field(app.multiselect, "What do you appeal against?").set_value([WHOLE]).run()
    clicked(app, "Send the appeal")
    assert "Give a reason for each point of the appeal." in words(app)
    assert world.count(Appeal) == 0


def test_after_the_window_the_way_is_closed_and_says_so(world, open_app):
    inspection_id = world.scored(HELLO=NO)  # of the tests' day, long ago
    app = select_case(opened(open_app("charlie"), OWN), inspection_id)
    assert "The days to appeal against this result are over." in words(app)
    assert not app.multiselect


def test_an_open_appeal_is_withdrawn(world, open_app):
    raised(world)
    app = select_case(opened(open_app("charlie"), OWN), world.all(Inspection.id)[-1][0])
    clicked(app, "Withdraw the appeal")
    assert [row.state for row in world.all(Appeal.state)] == ["withdrawn"]
    assert not [each for each in app.button if each.label == "Withdraw the appeal"]


def test_the_outcome_stands_with_its_reasons_at_the_corrected_result(world, open_app):
    decided(world, raised(world), {"HELLO": "It is there."})
    app = select_case(opened(open_app("charlie"), OWN), world.all(Inspection.id)[-1][0])
    assert any("Score changed" in text and "80.0 → 100.0" in text for text in words(app))
    assert {"I greeted at 0:03.", "It is there."} <= set(words(app))


def test_a_voided_result_keeps_its_appeal_in_the_list_of_ones_own(world, open_app):
    raised(world)
    with world.seeded.transaction() as session:
        amendments.void(
            session,
            who=world.bob,
            inspection_id=world.all(Inspection.id)[-1][0],
            reason="Not our call.",
            now=wiring.now(),
        )
    app = open_app("charlie").run()
    app.session_state["own_appeals"] = True
    opened(app, OWN)
    assert next(box.label for box in app.expander) == "Your 1 appeal"
    assert words(app).count("Reason: Not our call.") == 2  # also in the news above


# --- who decides --------------------------------------------------------------------------------


def test_the_page_says_what_waits_and_lists_the_late_one_first(world, open_app):
    raised(world)
    raised(world, {WHOLE: "Not my call."}, days_ago=20, NAME=NO)
    app = opened(open_app("bob"), QUEUE)
    assert app.subheader[0].value == "2 appeals are open · 1 is overdue"
    frame = app.dataframe[0].value
    assert frame["Due"].str.startswith("overdue").tolist() == [True, False]
    assert frame["Age"].tolist() == ["20 days", "0 days"]
    assert frame["Contested"].tolist() == ["The result as a whole", "HELLO"]


@pytest.mark.parametrize(
    ("tab", "empty"),
    [
        ("To decide", "Appeals of scored people appear here"),
        ("Ended", "No appeal has ended yet."),
        ("By item", "Nothing was decided in the last twelve months."),
    ],
)
def test_empty_lists_say_what_comes_there(world, open_app, tab, empty):
    app = open_app("bob").run()
    app.session_state["appeals_tab"] = tab
    opened(app, QUEUE)
    assert any(text.startswith(empty) for text in words(app))


def test_a_share_is_told_from_five_decided_points_on(world, open_app):
    """HELLO: 3 of 5 changed, 60 %, Wilson 90 %: 27 to 86. NAME: 1 of 1, no share."""
    for given_back in (True, True, True, False, False):
        kept = {} if given_back else {"HELLO": NO}
        decided(world, raised(world), {"HELLO": "Heard."}, **kept)
    decided(world, raised(world, {"NAME": "Said."}, NAME=NO), {"NAME": "True."})
    app = open_app("bob").run()
    app.session_state["appeals_tab"] = "By item"
    opened(app, QUEUE)
    frame = app.dataframe[0].value
    assert frame["Key"].tolist() == ["HELLO", "NAME"]
    assert frame["Decided"].tolist() == [5, 1]
    assert frame["Share changed, %"].tolist() == ["60", "—"]
    assert frame["Interval"].tolist() == ["27–86", "—"]
    assert app.subheader[1].value.startswith("4 of 6 decided points changed the score · 67 %")


def test_time_limits_are_changed(world, open_app):
    app = open_app("bob").run()
    app.session_state["appeals_tab"] = "Time limits"
    opened(app, QUEUE)
    app.number_input(key=f"days_{Step.RAISE}").set_value(30)
    clicked(app, "Save")
    assert world.all(AppealTerm.kind, AppealTerm.days) == [("raise", 30)]


def test_a_point_is_decided_with_a_reason_after_a_look_at_what_changes(world, open_app):
    appeal_id = raised(world)
    inspection_id = world.all(Inspection.id)[-1][0]
    app = opened(open_app("bob"), ONE, id=appeal_id)
    assert "I greeted at 0:03." in words(app)
    app.session_state[f"amend_answer_{inspection_id}_HELLO"] = "yes"
    app.run()
    assert "Score 80.0 → 100.0: 1 answer changed." in words(app)
    app.text_area(key=f"typed_decision_{appeal_id}-HELLO").set_value("It is there.").run()
    clicked(app, "Check and decide")
    assert "HELLO: No → Yes" in words(app)
    clicked(app, "Decide")
    assert [row.state for row in world.all(Appeal.state)] == ["changed"]
    assert world.station_month()[0][:2] == (1, pytest.approx(100))
    assert any("Score changed" in text for text in words(app))


def test_a_decision_without_its_reason_is_refused_in_one_sentence(world, open_app):
    appeal_id = raised(world)
    app = clicked(opened(open_app("bob"), ONE, id=appeal_id), "Check and decide")
    clicked(app, "Decide")
    assert "Give a reason for each point of the appeal." in words(app)
    assert [row.state for row in world.all(Appeal.state)] == ["open"]


def test_who_comes_second_is_told(world, open_app):
    appeal_id = raised(world)
    app = opened(open_app("bob"), ONE, id=appeal_id)
    app.text_area(key=f"typed_decision_{appeal_id}-HELLO").set_value("Not there.").run()
    clicked(app, "Check and decide")
    with world.seeded.transaction() as session:
        make_user(session, "dana", Role.QUALITY_MANAGER)
        dana = identity(session, "dana")
        given = {"answers": answers(HELLO=NO), "decisions": {"HELLO": "No."}}
        decide_appeal(session, who=dana, appeal_id=appeal_id, now=wiring.now(), **given)
    app.run()
    assert any("Score stands" in text for text in words(app))
    assert not [each for each in app.button if each.label == "Decide"]


def test_an_appeal_against_the_whole_opens_every_answer(world, open_app):
    appeal_id = raised(world, {WHOLE: "Not my call."})
    app = opened(open_app("bob"), ONE, id=appeal_id)
    assert len(app.button_group) == len(answers())


def test_who_had_a_part_in_the_score_reads_but_does_not_decide(world, open_app):
    appeal_id = raised(world)
    with world.seeded.transaction() as session:
        make_user(session, "both", Role.QUALITY_MANAGER, staff_id=world.charlie.staff_id)
    app = opened(open_app("both"), ONE, id=appeal_id)
    assert "You had a part in this score, so somebody else decides." in words(app)
    assert not [each for each in app.button if each.label == "Check and decide"]


def test_a_closed_appeal_says_what_became_of_its_inspection(world, open_app):
    appeal_id = raised(world)
    given = {"inspection_id": world.all(Inspection.id)[-1][0], "reason": "Not our call."}
    with world.seeded.transaction() as session:
        amendments.void(session, who=world.bob, now=wiring.now(), **given)
    app = opened(open_app("bob"), ONE, id=appeal_id)
    assert "This inspection was voided. It counts nowhere." in words(app)
    assert any("Not our call." in text for text in words(app))


def test_an_address_without_an_appeal_says_so(world, open_app):
    assert "Choose an appeal from the list." in words(opened(open_app("bob"), ONE))
    assert "This appeal does not exist." in words(opened(open_app("bob"), ONE, id=99))


def test_the_case_page_warns_that_amending_closes_the_appeal(world, open_app):
    raised(world)
    app = opened(open_app("bob"), CASE, id=world.all(Inspection.id)[-1][0])
    assert any(text.startswith("An appeal against this result is open.") for text in words(app))


# --- the inspector ------------------------------------------------------------------------------


def test_the_inspector_reads_what_was_changed_and_why(world, open_app):
    decided(world, raised(world), {"HELLO": "It is there, at 0:03."})
    app = opened(open_app("alice"), WORK)
    assert "HELLO: It is there, at 0:03." in words(app)
    assert "I greeted at 0:03." not in words(app)
    assert any("80.0 → 100.0" in text for text in words(app))
