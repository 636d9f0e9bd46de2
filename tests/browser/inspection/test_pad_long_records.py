"""Long calls, other scripts, what facts rule out, what cost points, and where one has come from."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from db.encounters.models import Turn
from db.inspection.models import Assignment
from db.store import session as sessions
from tests.support.inspection.inspector import forty

LONG = [("agent" if number % 2 else "customer", f"Line {number}.") for number in range(1, 401)]
TIES = {
    "key": "ties",
    "title": {"en": "Ties"},
    "channels": ["counter"],
    "sections": [
        {
            "key": "all",
            "title": {"en": "Uniform"},
            "items": [
                {"key": "GREETS", "text": {"en": "Greets"}},
                {
                    "key": "TIE",
                    "text": {"en": "Wears the tie"},
                    "na_when": [
                        {
                            "fact": "tie",
                            "values": ["none"],
                            "reason": {"en": "No tie is worn here."},
                        }
                    ],
                },
                {"key": "SMILES", "text": {"en": "Smiles"}},
            ],
        }
    ],
}


def current(desk):
    return int(desk.page.locator(".turn[aria-current] .number").inner_text())


def test_a_call_of_400_turns_is_gone_through_by_key(pad, inspector):
    desk = pad(inspector.assigned(forty(), turns=LONG))
    desk.press("End")
    assert current(desk) == 400
    desk.press("PageUp")
    assert current(desk) == 390
    desk.press("Home", "PageDown")
    assert current(desk) == 11


def test_words_are_found_in_a_long_call(pad, inspector):
    """Line 39, then 139, 239, 339, and round again; 390 to 399 have a 39 too."""
    desk = pad(inspector.assigned(forty(), turns=LONG))
    desk.press("\\")
    desk.page.keyboard.type("ne 39")
    assert current(desk) == 39
    expect(desk.page.locator(".search [role=status]")).to_have_text("1 of 11")
    desk.press("Enter")
    assert current(desk) == 390
    desk.press("Shift+Enter", "Escape", "1")
    assert current(desk) == 39
    assert desk.focused() == "Q01"


def test_what_reads_from_the_right_is_laid_out_so(pad, inspector):
    turns = [("customer", "مرحبا، رقم YF 231 من دبي"), ("agent", "Hello")]
    desk = pad(inspector.assigned(forty(), turns=turns))
    words = desk.page.locator(".turn .words")
    directions = [
        words.nth(at).evaluate("(node) => getComputedStyle(node).direction") for at in (0, 1)
    ]
    assert directions == ["rtl", "ltr"]


def test_what_facts_rule_out_is_folded_and_not_the_inspectors_own(pad, inspector):
    task = inspector.assigned(TIES, channel="counter", attributes={"tie": "none"})
    desk = pad(task)
    expect(desk.item("TIE")).to_be_hidden()
    assert "0 of 2 answered" in desk.page.locator(".progress").inner_text()
    desk.press("1")
    assert desk.focused() == "SMILES"
    desk.button("Ruled out by the facts: 1").click()
    expect(desk.item("TIE").locator(".marks")).to_contain_text("by the facts")
    desk.item("TIE").get_by_role("radio").first.click()  # against the facts
    desk.saved()
    assert inspector.stored(task)["TIE"] == {"value": "yes"}
    expect(desk.item("TIE").locator(".marks")).not_to_contain_text("by the facts")


def test_the_ledger_opens_with_what_cost_points(pad, inspector):
    """One No of four answers of equal weight: a quarter."""
    desk = pad(inspector.assigned(forty()))
    desk.press("1", "0", "1", "4")
    desk.saved()
    desk.press("l")
    costs = desk.page.locator(".costs li")
    expect(costs).to_have_count(1)
    expect(costs).to_contain_text("Question 0-1 −25.0")
    costs.get_by_role("button").click()
    assert desk.focused() == "Q01"


def test_a_long_note_is_counted_and_not_cut(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    desk.press("1", "M")
    field = desk.item("Q00").locator("textarea.note")
    field.fill("字" * 3700)
    counted = desk.item("Q00").locator(".counted")
    expect(counted).to_have_text("3700 of 4000 characters")
    field.fill("字" * 4100)
    expect(counted).to_have_text("100 characters too many to be stored; shorten the text.")
    assert len(field.input_value()) == 4100


def test_what_was_submitted_is_said_with_number_and_score(pad, inspector):
    task, following = inspector.assigned(forty()), inspector.assigned(forty())
    desk = pad(task)
    desk.press(*("1114" * 10), "Control+Enter")
    desk.ready(following)
    (made,) = inspector.inspections()
    expect(desk.page.locator(".receipt")).to_have_text(f"{made.id} submitted, score 100.0.")


def test_the_pad_fits_again_when_the_page_changes(pad, inspector):
    desk = pad(inspector.assigned(forty()))
    height = "() => document.querySelector('[data-testid=stMain]').scrollHeight"
    before = desk.page.locator(".pad").bounding_box()["height"]
    desk.page.evaluate(
        """() => {
            const notice = document.createElement("div");
            notice.id = "notice";
            notice.style.height = "200px";
            document.querySelector("[data-testid=stMainBlockContainer]").prepend(notice);
        }"""
    )
    assert desk.until(lambda: desk.page.locator(".pad").bounding_box()["height"] <= before - 199)
    desk.page.evaluate("() => document.getElementById('notice').remove()")
    assert desk.until(lambda: desk.page.locator(".pad").bounding_box()["height"] == before)
    assert desk.page.evaluate(height) <= 900


@pytest.mark.usefixtures("recorded")
def test_a_turn_is_heard_by_key_and_the_speed_is_kept(pad, inspector, database):
    turns = [("customer", "one"), ("agent", "two")]
    task = inspector.assigned(forty(), turns=turns, recording="tone.wav", duration_seconds=10)
    with sessions.transaction(database) as session:
        call = session.get_one(Assignment, task).interaction_id
        begins = Turn.position * 4 - 4  # the first at 0 s, the second at 4 s
        session.execute(
            update(Turn).where(Turn.interaction_id == call).values(start_seconds=begins)
        )
    desk = pad(task)
    audio = desk.page.locator("audio")
    desk.page.wait_for_function("(node) => node.readyState > 0", arg=audio.element_handle())
    desk.press("]", ".")
    assert desk.until(lambda: audio.evaluate("(node) => node.currentTime") >= 4)
    desk.press(" ", "ArrowLeft")
    assert audio.evaluate("(node) => node.currentTime") < 4
    desk.press("ArrowRight", "[", ",")
    assert current(desk) == 2
    desk.press(">")
    desk.page.reload()
    desk.ready(task)
    assert desk.page.locator(".speed").inner_text() == "1.25×"
    assert audio.evaluate("(node) => node.playbackRate") == 1.25
