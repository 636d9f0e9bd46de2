"""One case: what was lost at its evidence, the ledger, who may do what."""

from __future__ import annotations

import pytest

from db.cases.signed_result import signing_fingerprint
from db.inspection.services.drafts import Work
from pages.ui.kit import wiring
from pages.ui.kit.messages import escape_markdown
from tests.support.house.app_pages import data_of, opened, said
from tests.support.inspection.inspecting import NO, PIN, answers

CASES, CASE = "cases.py", "case.py"


def test_a_case_shows_what_was_lost_at_its_evidence(world, open_app):
    made = world.scored(evidence=[PIN], HELLO=NO | {"note": "Curt."}, HONEST=NO)
    app = opened(open_app("tina"), CASE, id=made)
    assert app.title[0].value == escape_markdown(world.case_no(made))
    assert app.subheader[0].value.startswith(escape_markdown("Score capped: HONEST."))
    data = data_of(app, "case_reading")
    turn = data["turns"][1]
    assert turn["marks"] == [{"from": 0, "to": 3, "lost": True}]
    assert turn["pins"] == [{"key": "HELLO", "name": "HELLO", "lost": True}]
    greeting, solution = data["sections"]
    assert (greeting["score"], [item["key"] for item in greeting["items"]]) == ("50.0", ["HELLO"])
    [hello] = greeting["items"]
    assert (hello["answer"], hello["lost"], hello["note"]) == ("No", "20.0", "Curt.")
    assert hello["pins"][0]["quote"] == "您好，"
    assert solution["items"][0]["effect"] == "Score capped"


def test_opening_a_case_is_logged_once_however_often_the_page_reruns(world, open_app):
    made = world.scored()
    app = opened(open_app("tina"), CASE, id=made)
    app.run()
    assert world.noted().count(("view", str(made))) == 1


@pytest.mark.parametrize("asked", ["", "x", "999999", "9" * 30, "-1"])
def test_a_case_that_is_not_there_is_said_plainly(world, open_app, asked):
    app = opened(open_app("tina"), CASE, id=asked)
    assert {"This case does not exist.", "Choose a case from the list."} & set(said(app))


def test_markup_in_a_case_stays_text(world, open_app):
    bold = "**bold** <b>x</b> [a](http://b) :material/home: $x$ ![i](http://j)"
    task = world.assigned(external_id=bold, turns=(("customer", bold),))
    world.draft(Work(answers(HELLO=NO | {"note": bold}), note=bold), task=task)
    made = world.submit(task=task).inspection_id
    app = opened(open_app("tina"), CASE, id=made)
    assert app.title[0].value == escape_markdown(bold)
    assert data_of(app, "case_reading")["turns"][0]["text"] == bold
    assert not any(bold in text for text in said(app))
    assert data_of(opened(open_app("tina"), CASES), "case_list")["cases"][0]["excerpt"] == bold


def test_the_ledger_can_be_read_and_taken_along(world, open_app):
    app = opened(open_app("tina"), CASE, id=world.scored(HELLO=NO, HONEST=NO))
    app.session_state["case_ledger"] = True
    app.run()
    [table] = [each.value for each in app.dataframe]
    capped = table[table["Step"] == "capped"].iloc[0]
    assert list(capped) == ["Whole checklist", "capped", "min(65.00, 50.00)", "50.00"]
    key = signing_fingerprint(wiring.keys())
    assert any(text.startswith("The file proves itself") and key in text for text in said(app))


def test_trainers_may_print_but_not_change(world, open_app):
    app = opened(open_app("tina"), CASE, id=world.scored())
    assert "Print" in [link.proto.label for link in app.get("link_button")]
    assert not [button for button in app.button if button.key in ("amend_start", "void_start")]


def test_a_refusal_is_entered_at_the_case_and_taken_back_there(world, open_app):
    made = world.scored(evidence=[PIN], HELLO=NO | {"note": "Curt."})
    app = opened(open_app("bob"), CASE, id=made)
    app.button(key="refusal_now").click().run()
    assert "No consent: the record is closed." in said(app)
    assert "turns" not in data_of(app, "case_reading") or not data_of(app, "case_reading")["turns"]
    assert ("refuse_consent", str(world.inspection(made).interaction_id)) in world.noted()
    app = opened(open_app("bob"), CASE, id=made)
    app.button(key="consent_now").click().run()
    assert "No consent: the record is closed." not in said(app)
    assert data_of(app, "case_reading")["turns"]


def test_all_encounters_of_a_customer_are_offered_where_there_are_several(world, open_app):
    one, other = (world.scored(call={"customer_ref": "pseudonym"}) for _ in range(2))
    app = opened(open_app("bob"), CASE, id=one)
    [box] = [box for box in app.checkbox if "of this customer" in box.label]
    assert box.label.startswith("All 2 encounters")
    box.check().run()
    app.button(key="refusal_now").click().run()
    assert "No consent: the record is closed." in said(opened(open_app("bob"), CASE, id=other))


def test_who_amends_nothing_enters_no_refusal(world, open_app):
    app = opened(open_app("tina"), CASE, id=world.scored())
    assert not [button for button in app.button if button.key == "refusal_now"]
