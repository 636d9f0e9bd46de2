"""Amending and voiding an inspection beside its case."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from db.inspection.models import Amendment, Inspection
from db.inspection.services import amendments
from tests.support.house.app_pages import opened, said
from tests.support.inspection.inspecting import NO, answers

CASE = "case.py"


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
    assert "Score 80.0: no answer changed yet." in said(app)
    assert app.button(key="amend_check").disabled
    answer(app, made, "HELLO", "yes")
    assert "Score 80.0 → 100.0: 1 answer changed." in said(app)
    assert world.count(Inspection) == 1


def test_an_amendment_asks_and_then_leads_to_the_corrected_inspection(world, amending):
    app, made = amending
    answer(app, made, "HELLO", "yes")
    app.text_area(key=f"typed_amend_{made}-reason").input("The greeting is there.")
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
    assert "Give a reason." in said(app)
    assert world.count(Inspection) == 1
    assert app.get_by_key(f"amend_answer_{made}_HELLO").value == "yes"


def test_who_comes_second_is_told_and_changes_nothing(world, amending):
    app, made = amending
    answer(app, made, "HELLO", "yes")
    app.text_area(key=f"typed_amend_{made}-reason").input("Mine.")
    app.button(key="amend_check").click().run()
    world.do(amendments.void, world.bob, inspection_id=made, reason="Wrong call.")
    app.button(key="amend_confirm").click().run()
    assert "This inspection was voided. It counts nowhere." in said(app)
    assert world.count(Inspection) == 1


def test_the_browser_keeps_the_words_of_an_answer_until_it_is_stored_or_given_up(world, amending):
    """Why HONEST, which caps the score, does not apply; its key is one of those that are kept."""
    app, made = amending
    answer(app, made, "HONEST", "__not_applicable")
    app.text_input(key=f"typed_amend_{made}-na_HONEST").input("Nothing was promised.")
    app.text_area(key=f"typed_amend_{made}-reason").input("Read again.").run()
    app.button(key="amend_check").click().run()
    app.button(key="amend_confirm").click().run()
    newer = world.one(
        lambda session: session.scalar(select(Inspection).where(Inspection.id != made))
    )
    assert newer.answers["HONEST"] == {"na": True, "reason": "Nothing was promised."}
    assert f"amend_{made}" in forgotten(app)


def test_words_of_an_amendment_that_is_given_up_are_forgotten(amending):
    app, made = amending
    assert f"amend_{made}" not in forgotten(app)
    app.button(key="amend_stop").click().run()
    assert f"amend_{made}" in forgotten(app)


def forgotten(app):
    """The forms of which the page tells the browser that it may forget their words."""
    marker = next(each.proto.body for each in app.get("html") if "qi-typed" in each.proto.body)
    told = json.loads(unescape(re.search('data-saved="(.*?)"', marker)[1]))
    return [name for _count, name, _goes_on in told]


def test_voiding_asks_for_a_reason_and_keeps_the_row(world, open_app):
    made = world.scored(HELLO=NO)
    app = opened(open_app("bob"), CASE, id=made)
    app.button(key="void_start").click().run()
    app.button(key="void_confirm").click().run()
    assert "Give a reason." in said(app)
    app.text_area(key=f"typed_void_{made}-reason").input("Wrong call.")
    app.button(key="void_confirm").click().run()
    assert world.inspection(made).state == "void"
    assert "This inspection was voided. It counts nowhere." in said(app)


def test_an_amended_inspection_leads_to_the_corrected_one(world, open_app):
    made = world.scored(HELLO=NO)
    newer = world.do(
        amendments.amend, world.bob, inspection_id=made, answers=answers(), reason="It was said."
    )
    app = opened(open_app("bob"), CASE, id=made)
    assert "This inspection was amended. What follows is the older version." in said(app)
    links = {link.proto.label: link.proto.query_string for link in app.get("page_link")}
    assert f"id={newer}" in links["Open the corrected inspection"]
