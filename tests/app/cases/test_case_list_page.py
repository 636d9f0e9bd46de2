"""Browsing cases: the list, its filter in the address, its pages, the preview."""

from __future__ import annotations

import re

from db.encounters import search_index
from tests.support.house.app_pages import data_of, listed, opened, said, select_case
from tests.support.inspection.inspecting import NO, PIN

CASES, CASE = "cases.py", "case.py"


def test_without_cases_the_page_says_when_they_come(world, open_app):
    app = opened(open_app("tina"), CASES)
    assert any(text.startswith("No inspection has been submitted yet.") for text in said(app))


def test_the_list_begins_with_the_lowest_and_says_how_many(world, open_app):
    """NAME and RIGHT: 50. HELLO: 80."""
    greeting, both = world.scored(HELLO=NO), world.scored(NAME=NO, RIGHT=NO)
    app = opened(open_app("tina"), CASES)
    assert app.subheader[0].value == "2 cases match; 1 score below 60."
    low, high = data_of(app, "case_list")["cases"]
    assert [low["id"], high["id"]] == [both, greeting]
    assert (low["score"], low["low"], low["signs"]) == ("50.0", True, "below 60")
    assert low["chips"] == [{"name": "RIGHT", "lost": "−30.0"}, {"name": "NAME", "lost": "−20.0"}]
    facts = re.sub(r"staff [2-9B-Z]{7} ", "staff PSEUDONYM ", high["facts"])
    assert facts == f"Mar 9, 2026 · Phone · staff PSEUDONYM · {world.case_no(greeting)}"


def test_the_address_is_the_filter(world, open_app):
    greeting, solution = world.scored(HELLO=NO), world.scored(RIGHT=NO)
    assert listed(opened(open_app("tina"), CASES, item="HELLO")) == [greeting]
    assert listed(opened(open_app("tina"), CASES, section="solution")) == [solution]
    app = opened(open_app("tina"), CASES, station="TPE-PHONE", checklist="small", best="1")
    assert listed(app) == [greeting, solution]
    numbers = {"station": world.seeded.station_id, "checklist": world.checklist_id()}
    assert listed(opened(open_app("tina"), CASES, **numbers)) == [solution, greeting]
    app = opened(open_app("tina"), CASES, from_=202603, to=202603, channel="phone", band="poor")
    assert listed(app) == [solution, greeting]
    app = opened(open_app("tina"), CASES, to=202602)
    assert any(text.startswith("No case matches.") for text in said(app))


def test_a_link_to_a_persons_cases_is_for_those_who_may_know_whom(world, open_app):
    made = world.scored(HELLO=NO)
    world.scored(staff=world.staff())
    person = str(world.inspection(made).staff_id)
    app = opened(open_app("bob"), CASES, person=person)
    assert listed(app) == [made]
    assert app.selectbox(key="address_person").options == ["S-CHARLIE Charlie"]
    app.selectbox(key="address_person").select(None).run()
    assert len(listed(app)) == 2
    for who, asked in (("tina", person), ("bob", "4711")):
        app = opened(open_app(who), CASES, person=asked)
        line = f"This page does not offer what its link asks: Staff “{asked}”."
        assert line in [each.value for each in app.info]
        assert "person" not in app.query_params
        assert len(listed(app)) == 2


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
    assert listed(app) == [made]


def test_words_typed_in_one_script_find_and_mark_the_other(world, open_app):
    """The dialogue of every call says 機票 once, in its first turn."""
    made = world.scored(HELLO=NO)
    with world.seeded.transaction() as session:
        search_index.index_interactions(session, [world.inspection(made).interaction_id])
    app = opened(open_app("tina"), CASES)
    app.text_input(key="address_words").input("机票").run()
    assert app.query_params["words"] == "机票"
    [card] = data_of(app, "case_list")["cases"]
    [(start, end)] = card["hits"]
    assert card["excerpt"][start:end] == "機票"
    app = opened(open_app("tina"), CASE, id=made, words="机票")
    assert [len(turn["hits"]) for turn in data_of(app, "case_reading")["turns"]] == [1, 0, 0, 0]
    app = opened(open_app("tina"), CASES, words="行李")
    assert any(text.startswith("No case matches.") for text in said(app))


def test_an_item_lost_often_is_one_click_away(world, open_app):
    world.scored(HELLO=NO)
    world.scored(RIGHT=NO)
    app = opened(open_app("tina"), CASES)
    app.button(key="lost_RIGHT").click().run()
    assert len(listed(app)) == 1
    app.button(key="clear_bar").click().run()
    assert len(listed(app)) == 2


def test_pages_of_the_list_go_on_and_back(world, open_app, monkeypatch):
    monkeypatch.setattr("pages.ui.cases.case_overview._PAGE", 2)
    made = [world.scored(RIGHT=NO), world.scored(HELLO=NO), world.scored()]
    app = opened(open_app("tina"), CASES)
    assert listed(app) == made[:2]
    app.button(key="page_more").click().run()
    assert listed(app) == made[2:]
    assert "Cases 3 to 3" in said(app)
    app.button(key="page_back").click().run()
    assert listed(app) == made[:2]


def test_a_selected_case_is_previewed_and_the_log_knows(world, open_app):
    made = world.scored(evidence=[PIN], HELLO=NO)
    app = opened(open_app("tina"), CASES)
    assert "Select a case to read it here." in said(app)
    app = select_case(app, made)
    assert data_of(app, "case_reading")["case"] == made
    app.run()
    assert world.noted().count(("preview", str(made))) == 1
