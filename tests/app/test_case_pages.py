"""The trainer's, the administrator's, the auditor's and the scored person's pages over cases."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from core.access import Role
from db.models import (
    Acknowledgement,
    Amendment,
    AuditEvent,
    ChecklistVersion,
    Inspection,
    Interaction,
    Station,
)
from db.services import amendments
from db.services.drafts import Work
from pages.ui.plain import plain
from tests import factories
from tests.factories import make_user, make_version
from tests.support.inspecting import NO, PIN, SMALL, World, answers

CASES, CASE, OWN, AUDIT = "cases.py", "case.py", "my_results.py", "audit.py"


@pytest.fixture
def world(wired):
    """The cast with a trainer, an auditor and the small checklist."""
    with wired.transaction() as session:
        make_version(session, SMALL)
        make_user(session, "tina", Role.TRAINER)
        make_user(session, "otto", Role.AUDITOR)
    return World(wired)


def opened(app, page, **query):
    app.run()
    for name, value in query.items():
        app.query_params[name.rstrip("_")] = str(value)
    return app.switch_page(page).run()


def texts(app):
    kinds = (app.title, app.subheader, app.caption, app.markdown, app.info, app.warning, app.error)
    return [each.value for kind in kinds for each in kind]


def data_of(app, name):
    """What a component of ours was given to show."""
    [found] = [each for each in app.get("bidi_component") if each.proto.component_name == name]
    return json.loads(found.proto.json)


def listed(app):
    return [card["id"] for card in data_of(app, "case_list")["cases"]]


def select_case(app, inspection_id):
    app.session_state["case_list"] = {"selected": inspection_id}
    return app.run()


def seen(world):
    return world.all(AuditEvent.action, AuditEvent.object_id)


# --- cases --------------------------------------------------------------------------------------


def test_without_cases_the_page_says_when_they_come(world, open_app):
    app = opened(open_app("tina"), CASES)
    assert any(text.startswith("No inspection has been submitted yet.") for text in texts(app))


def test_the_list_begins_with_the_lowest_and_says_how_many(world, open_app):
    """NAME and RIGHT: 50. HELLO: 80."""
    greeting, both = world.scored(HELLO=NO), world.scored(NAME=NO, RIGHT=NO)
    app = opened(open_app("tina"), CASES)
    assert not app.exception
    assert app.subheader[0].value == "2 cases match; 1 score below 60."
    low, high = data_of(app, "case_list")["cases"]
    assert [low["id"], high["id"]] == [both, greeting]
    assert (low["score"], low["low"], low["signs"]) == ("50.0", True, "below 60")
    assert low["chips"] == [{"name": "RIGHT", "lost": "−30.0"}, {"name": "NAME", "lost": "−20.0"}]
    assert high["facts"] == f"Mar 9, 2026 · Phone · staff A · {_case_no(world, greeting)}"


def test_the_address_is_the_filter(world, open_app):
    greeting, solution = world.scored(HELLO=NO), world.scored(RIGHT=NO)
    assert listed(opened(open_app("tina"), CASES, item="HELLO")) == [greeting]
    assert listed(opened(open_app("tina"), CASES, section="solution")) == [solution]
    app = opened(open_app("tina"), CASES, station="TPE-PHONE", checklist="small", best="1")
    assert listed(app) == [greeting, solution]
    numbers = {"station": world.seeded.station_id, "checklist": _small_id(world)}
    assert listed(opened(open_app("tina"), CASES, **numbers)) == [solution, greeting]
    app = opened(open_app("tina"), CASES, from_=202603, to=202603, channel="phone", band="poor")
    assert listed(app) == [solution, greeting]
    app = opened(open_app("tina"), CASES, to=202602)
    assert any(text.startswith("No case matches.") for text in texts(app))


def test_choosing_a_filter_changes_the_address_and_the_list(world, open_app):
    greeting = world.scored(HELLO=NO)
    world.scored(RIGHT=NO)
    app = opened(open_app("tina"), CASES)
    app.selectbox(key="address_item").select("HELLO").run()
    assert app.query_params["item"] == "HELLO"
    assert listed(app) == [greeting]
    app.selectbox(key="address_item").select(None).run()
    assert "item" not in app.query_params
    assert len(listed(app)) == 2


def test_what_nobody_knows_in_an_address_is_passed_over(world, open_app):
    made = world.scored()
    app = opened(open_app("tina"), CASES, station="NOWHERE", item="<b>", band="x", to="soon")
    assert not app.exception
    assert listed(app) == [made]


def test_words_typed_in_one_script_find_and_mark_the_other(world, open_app):
    """The dialogue of every call says 機票 once, in its first turn."""
    made = world.scored(HELLO=NO)
    app = opened(open_app("tina"), CASES)
    app.text_input(key="address_words").input("机票").run()
    assert app.query_params["words"] == "机票"
    [card] = data_of(app, "case_list")["cases"]
    [(start, end)] = card["hits"]
    assert card["excerpt"][start:end] == "機票"
    app = opened(open_app("tina"), CASE, id=made, words="机票")
    assert [len(turn["hits"]) for turn in data_of(app, "case_reading")["turns"]] == [1, 0, 0, 0]
    app = opened(open_app("tina"), CASES, words="行李")
    assert any(text.startswith("No case matches.") for text in texts(app))


def test_an_item_lost_often_is_one_click_away(world, open_app):
    world.scored(HELLO=NO)
    world.scored(RIGHT=NO)
    app = opened(open_app("tina"), CASES)
    app.button(key="lost_RIGHT").click().run()
    assert len(listed(app)) == 1
    app.button(key="clear_bar").click().run()
    assert len(listed(app)) == 2


def test_pages_of_the_list_go_on_and_back(world, open_app, monkeypatch):
    monkeypatch.setattr("pages.ui.browsing._PAGE", 2)
    made = [world.scored(RIGHT=NO), world.scored(HELLO=NO), world.scored()]
    app = opened(open_app("tina"), CASES)
    assert listed(app) == made[:2]
    app.button(key="page_more").click().run()
    assert listed(app) == made[2:]
    assert "Cases 3 to 3" in texts(app)
    app.button(key="page_back").click().run()
    assert listed(app) == made[:2]


def test_a_selected_case_is_previewed_and_the_log_knows(world, open_app):
    made = world.scored(evidence=[PIN], HELLO=NO)
    app = opened(open_app("tina"), CASES)
    assert "Select a case to read it here." in texts(app)
    app = select_case(app, made)
    assert data_of(app, "case_reading")["case"] == made
    app.run()
    assert seen(world).count(("preview", str(made))) == 1


# --- case ---------------------------------------------------------------------------------------


def test_a_case_shows_what_was_lost_at_its_evidence(world, open_app):
    made = world.scored(evidence=[PIN], HELLO=NO | {"note": "Curt."}, HONEST=NO)
    app = opened(open_app("tina"), CASE, id=made)
    assert not app.exception
    assert app.title[0].value == plain(_case_no(world, made))
    assert app.subheader[0].value.startswith(plain("Score capped: HONEST."))
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
    assert seen(world).count(("view", str(made))) == 1


@pytest.mark.parametrize("asked", ["", "x", "999999", "9" * 30, "-1"])
def test_a_case_that_is_not_there_is_said_plainly(world, open_app, asked):
    app = opened(open_app("tina"), CASE, id=asked)
    assert not app.exception
    assert {"This case does not exist.", "Choose a case from the list."} & set(texts(app))


def test_markup_in_a_case_stays_text(world, open_app):
    bold = "**bold** <b>x</b> [a](http://b) :material/home: $x$ ![i](http://j)"
    task = world.assigned(external_id=bold, turns=(("customer", bold),))
    world.draft(Work(answers(HELLO=NO | {"note": bold}), note=bold), task=task)
    made = world.submit(task=task).inspection_id
    app = opened(open_app("tina"), CASE, id=made)
    assert app.title[0].value == plain(bold)
    assert data_of(app, "case_reading")["turns"][0]["text"] == bold
    assert not any(bold in text for text in texts(app))
    assert data_of(opened(open_app("tina"), CASES), "case_list")["cases"][0]["excerpt"] == bold


def test_the_ledger_can_be_read_and_taken_along(world, open_app):
    app = opened(open_app("tina"), CASE, id=world.scored(HELLO=NO, HONEST=NO))
    app.session_state["case_ledger"] = True
    app.run()
    [table] = [each.value for each in app.dataframe]
    capped = table[table["Step"] == "capped"].iloc[0]
    assert list(capped) == ["Whole checklist", "capped", "min(65.00, 50.00)", "50.00"]


def test_trainers_may_print_but_not_change(world, open_app):
    app = opened(open_app("tina"), CASE, id=world.scored())
    assert app.get("link_button")[0].proto.label == "Print"
    assert not [button for button in app.button if button.key in ("amend_start", "void_start")]


# --- amend and void -----------------------------------------------------------------------------


@pytest.fixture
def amending(world, open_app):
    """The quality manager amends an inspection that lost the greeting: 80."""
    made = world.scored(HELLO=NO | {"note": "Curt."})
    app = opened(open_app("bob"), CASE, id=made)
    app.button(key="amend_start").click().run()
    assert not app.exception
    return app, made


def answer(app, made, item, value):
    return app.get_by_key(f"amend_answer_{made}_{item}").set_value(value).run()


def test_the_new_score_is_shown_before_anything_is_saved(world, amending):
    app, made = amending
    assert "Score 80.0: no answer changed yet." in texts(app)
    assert app.button(key="amend_check").disabled
    answer(app, made, "HELLO", "yes")
    assert "Score 80.0 → 100.0: 1 answer changed." in texts(app)
    assert world.count(Inspection) == 1


def test_an_amendment_asks_and_then_leads_to_the_corrected_inspection(world, amending):
    app, made = amending
    answer(app, made, "HELLO", "yes")
    app.text_area(key=f"amend_reason_{made}").input("The greeting is there.")
    app.button(key="amend_check").click().run()
    assert "HELLO: No → Yes" in [text.value for text in app.text]
    assert world.count(Inspection) == 1
    app.button(key="amend_confirm").click().run()
    assert not app.exception
    newer = world.one(
        lambda session: session.scalar(select(Inspection).where(Inspection.id != made))
    )
    assert (newer.score, newer.answers["HELLO"]) == (100, {"value": "yes", "note": "Curt."})
    assert app.query_params["id"] == str(newer.id)
    assert world.all(Amendment.reason) == [("The greeting is there.",)]


def test_without_a_reason_nothing_is_changed_and_what_was_typed_stays(world, amending):
    app, made = amending
    answer(app, made, "HELLO", "yes")
    app.button(key="amend_check").click().run()
    app.button(key="amend_confirm").click().run()
    assert "Give a reason." in texts(app)
    assert world.count(Inspection) == 1
    assert app.get_by_key(f"amend_answer_{made}_HELLO").value == "yes"


def test_who_comes_second_is_told_and_changes_nothing(world, amending):
    app, made = amending
    answer(app, made, "HELLO", "yes")
    app.text_area(key=f"amend_reason_{made}").input("Mine.")
    app.button(key="amend_check").click().run()
    world.do(amendments.void, world.bob, inspection_id=made, reason="Wrong call.")
    app.button(key="amend_confirm").click().run()
    assert "This inspection was voided. It counts nowhere." in texts(app)
    assert world.count(Inspection) == 1


def test_voiding_asks_for_a_reason_and_keeps_the_row(world, open_app):
    made = world.scored(HELLO=NO)
    app = opened(open_app("bob"), CASE, id=made)
    app.button(key="void_start").click().run()
    app.button(key="void_confirm").click().run()
    assert "Give a reason." in texts(app)
    app.text_area(key=f"void_reason_{made}").input("Wrong call.")
    app.button(key="void_confirm").click().run()
    assert world.inspection(made).state == "void"
    assert "This inspection was voided. It counts nowhere." in texts(app)


def test_an_amended_inspection_leads_to_the_corrected_one(world, open_app):
    made = world.scored(HELLO=NO)
    newer = world.do(
        amendments.amend, world.bob, inspection_id=made, answers=answers(), reason="It was said."
    )
    app = opened(open_app("bob"), CASE, id=made)
    assert "This inspection was amended. What follows is the older version." in texts(app)
    assert app.get("page_link")[1].proto.label == "Open the corrected inspection"
    assert f"id={newer}" in app.get("page_link")[1].proto.query_string


# --- my results ---------------------------------------------------------------------------------


def test_staff_see_their_results_over_time_and_nobody_elses(world, open_app):
    """80 and 100 average 90; the pass mark is 85. The other's 50 is not among them."""
    low, high = world.scored(HELLO=NO), world.scored()
    with world.seeded.transaction() as session:
        other = factories.make_staff(
            session, station=session.get_one(Station, world.seeded.station_id)
        )
        call = factories.make_interaction(session, staff=other)
        task = factories.make_assignment(
            session, interaction=call, checklist_version_id=world.version_id
        ).id
    world.draft(Work(answers(NAME=NO, RIGHT=NO)), task=task)
    world.submit(task=task)
    app = opened(open_app("charlie"), OWN)
    assert not app.exception
    assert app.subheader[0].value == (
        "Your newest 2 results average 90.0. 1 of 2 reached the pass mark."
    )
    assert sorted(listed(app)) == [low, high]
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    assert spec["title"]["text"] == "Score by encounter"


def test_a_result_is_opened_with_evidence_and_acknowledged(world, open_app):
    made = world.scored(evidence=[PIN], HELLO=NO)
    app = select_case(opened(open_app("charlie"), OWN), made)
    assert data_of(app, "case_reading")["sections"][0]["items"][0]["pins"][0]["quote"] == "您好，"
    assert not any("Alice" in text for text in texts(app))
    app.text_area(key=f"comment_{made}").input("I was interrupted.")
    [button] = [each for each in app.button if each.label == "I have seen this result"]
    button.click().run()
    assert not app.exception
    assert world.all(Acknowledgement.comment) == [("I was interrupted.",)]
    assert any(text.startswith("Acknowledged ") for text in texts(app))
    assert seen(world).count(("view", str(made))) == 1


def test_staff_without_results_are_told_what_will_come(world, open_app):
    app = opened(open_app("charlie"), OWN)
    assert any(text.startswith("No result yet.") for text in texts(app))


# --- audit --------------------------------------------------------------------------------------


def test_the_audit_log_is_read_newest_first_and_narrowed(world, open_app):
    made = world.scored()
    opened(open_app("tina"), CASE, id=made)
    app = opened(open_app("otto"), AUDIT)
    assert not app.exception
    table = app.dataframe[0].value
    assert list(table["Action"][:2]) == ["Signed in", "Opened"]
    app = opened(open_app("otto"), AUDIT, action="view")
    table = app.dataframe[0].value
    assert list(zip(table["Person"], table["Object number"], strict=True)) == [
        ("Tina (tina)", str(made))
    ]
    app = opened(open_app("otto"), AUDIT, action="void")
    assert any(text.startswith("No entry matches.") for text in texts(app))


def test_the_audit_log_has_pages(world, open_app, monkeypatch):
    monkeypatch.setattr("pages.ui.audit_log._PAGE", 2)
    for _ in range(3):
        world.scored()
    app = opened(open_app("otto"), AUDIT, action="submit")
    first = list(app.dataframe[0].value["Object number"])
    app.button(key="page_more").click().run()
    assert [*first, *app.dataframe[0].value["Object number"]] == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("name", "page"),
    [("alice", CASES), ("charlie", CASES), ("tina", OWN), ("tina", AUDIT), ("bob", AUDIT)],
)
def test_a_page_is_closed_to_roles_it_is_not_for(world, open_app, name, page):
    world.scored()
    app = open_app(name)
    app.run()
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        app.switch_page(page).run()


def _case_no(world, inspection_id):
    return world.one(
        lambda session: (
            session.get_one(
                Interaction, session.get_one(Inspection, inspection_id).interaction_id
            ).external_id
        )
    )


def _small_id(world):
    return world.one(
        lambda session: session.get_one(ChecklistVersion, world.version_id).checklist_id
    )
