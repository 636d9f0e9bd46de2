"""n is No, / is N/A, and what the pad asks about them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from core.i18n import LANGUAGES
from db.people.models import User
from db.store import session as sessions
from tests.support.inspection.inspector import Pad
from tests.support.inspection.mixed_items import MIXED

WHOLE = "11141141111"
"""Yes, or the best level, to every item; on LEVELS and HARMED that is 4."""


def dialog(desk):
    return desk.page.locator("dialog.ask[open]")


def typed(desk, text):
    desk.page.keyboard.type(text)


def test_n_is_no_wherever_there_is_a_no(pad, inspector, known):
    task = inspector.assigned(MIXED)
    desk = pad(task)
    desk.press("n", "n", "n")
    assert desk.focused() == "LEVELS"
    desk.press("j", "n", "n")
    assert desk.focused() == "HARMED"
    desk.saved()
    no = {"value": "no"}
    assert inspector.stored(task) == {
        "PLAIN": no,
        "BANNED": no,
        "LOSS": no,
        "ALWAYS": no,
        "WORDS": {"value": "c"},
    }


@pytest.mark.parametrize("key", ["LEVELS", "HARMED"])
def test_where_there_is_no_no_the_key_does_nothing_and_says_so(pad, inspector, known, key):
    desk = pad(inspector.assigned(MIXED))
    desk.item(key).click(position={"x": 5, "y": 5})
    desk.press("n")
    assert desk.status() == "This item has no No. The key for N/A is /."
    assert (desk.focused(), desk.chosen(key)) == (key, [])


def test_the_old_key_for_the_rest_of_a_section_marks_nothing(pad, inspector, known):
    task = inspector.assigned(MIXED)
    desk = pad(task)
    desk.press("N")
    assert desk.status() == "The key for the rest of the section is * now."
    desk.press("1")
    desk.saved()
    assert list(inspector.stored(task)) == ["PLAIN"]


def test_an_ordinary_item_is_not_applicable_without_more(pad, inspector):
    desk = pad(inspector.assigned(MIXED))
    desk.press("/")
    assert (desk.focused(), desk.chosen("PLAIN")) == ("BANNED", ["/"])
    expect(dialog(desk)).to_have_count(0)


def test_an_item_that_always_applies_says_so(pad, inspector):
    desk = pad(inspector.assigned(MIXED))
    desk.item("ALWAYS").click(position={"x": 5, "y": 5})
    desk.press("/")
    assert desk.status() == "This item has no N/A."
    assert desk.chosen("ALWAYS") == []


def test_a_critical_item_is_not_applicable_with_a_reason_only(pad, inspector):
    task = inspector.assigned(MIXED)
    desk = pad(task)
    desk.press("1", "1", "k", "/")
    typed(desk, " ?")
    desk.press("Enter")
    assert "Give a reason in words." in dialog(desk).inner_text()
    typed(desk, " 沒有訂位")
    desk.press("Enter")
    assert desk.focused() == "LOSS"
    desk.saved()
    assert inspector.stored(task)["BANNED"] == {"na": True, "reason": "? 沒有訂位"}


@pytest.mark.parametrize("before", [["1"], ["0"], []])
def test_escape_leaves_the_answer_of_before(pad, inspector, known, before):
    desk = pad(inspector.assigned(MIXED))
    desk.press("1", *before, *["k"] * len(before), "/")
    typed(desk, "n1x")
    desk.press("Escape")
    expect(dialog(desk)).to_have_count(0)
    assert (desk.focused(), desk.chosen("BANNED")) == ("BANNED", before)


def test_one_reason_for_the_critical_rest_of_a_section(pad, inspector):
    task = inspector.assigned(MIXED)
    desk = pad(task)
    desk.item("REST0").click(position={"x": 5, "y": 5})
    desk.press("1", "*")
    title = dialog(desk).locator("h2").inner_text()
    assert ("REST1" in title, "REST2" in title, "REST0" in title) == (True, True, False)
    desk.press("Escape")
    assert desk.chosen("REST1") == []
    desk.press("*")
    typed(desk, "cut off")
    desk.press("Enter")
    desk.saved()
    why = {"na": True, "reason": "cut off"}
    assert inspector.stored(task) == {
        "REST0": {"value": "yes"},
        "REST1": why,
        "REST2": why,
        "LAST": why,
    }


def test_a_reason_that_was_taken_away_again_is_listed_as_missing(pad, inspector, known):
    desk = pad(inspector.assigned(MIXED))
    desk.press("1", "/")
    typed(desk, "cut off")
    desk.press("Enter", "1", "4", "1", "1", "4", "1", "1", "1", "1")
    desk.item("BANNED").click(position={"x": 5, "y": 5})
    desk.item("BANNED").locator(".reason").fill(" ")
    desk.press("Escape", "Control+Enter")
    assert "1 items still need an answer" in desk.banner()
    assert "Verifies" in desk.banner()
    assert not inspector.inspections()


def test_n_on_a_critical_item_asks_once_a_form(pad, inspector):
    task, following = inspector.assigned(MIXED), inspector.assigned(MIXED)
    desk = pad(task)
    desk.press("n")
    assert desk.chosen("PLAIN") == ["0"]  # not critical: nothing is asked
    desk.press("n", "n", "n")
    assert "n is No now: Verifies" in dialog(desk).inner_text()
    assert "No (score 0)" in dialog(desk).inner_text()
    assert desk.chosen("BANNED") == []
    desk.press("Enter")
    assert (desk.focused(), desk.chosen("BANNED")) == ("LOSS", ["0"])
    desk.press("n")
    assert (desk.focused(), desk.chosen("LOSS")) == ("LEVELS", ["0"])
    desk.saved()
    desk.open(task)  # as after a reload
    desk.item("REST0").click(position={"x": 5, "y": 5})
    desk.press("n")
    assert desk.chosen("REST0") == ["0"]
    desk.open(following)
    desk.press("1", "n")
    expect(dialog(desk)).to_be_visible()


def test_who_meant_na_gets_it_with_its_reason(pad, inspector):
    task = inspector.assigned(MIXED)
    desk = pad(task)
    desk.press("1", "n", "/")
    typed(desk, "no booking")
    desk.press("Enter")
    desk.saved()
    assert inspector.stored(task)["BANNED"] == {"na": True, "reason": "no booking"}


def test_escape_from_the_question_answers_nothing(pad, inspector):
    desk = pad(inspector.assigned(MIXED))
    desk.press("1", "n", "Escape")
    assert (desk.focused(), desk.chosen("BANNED")) == ("BANNED", [])


def test_the_question_ends_after_ten_forms_on_any_machine(browser, sign_in, portal, inspector):
    """Nine forms in one browser, the tenth in a second one, the eleventh in a third."""
    tasks = [inspector.assigned(MIXED) for _ in range(11)]
    asked = []
    for done in (tasks[:9], tasks[9:10], tasks[10:]):
        context = browser.new_context(locale="en", base_url=portal.url)
        page = context.new_page()
        sign_in(page, inspector.who.username)
        desk = Pad(page, done[0])
        for task in done:
            desk.ready(task)
            desk.press("1", "n")
            asked.append(dialog(desk).count() == 1)
            desk.press("Escape", *("1" if asked[-1] else ""), *WHOLE[2:], "Control+Enter")
            following = tasks[tasks.index(task) + 1 :]
            desk.ready(following[0]) if following else desk.banner()
        context.close()
    assert asked == [True] * 10 + [False]
    assert len(inspector.inspections()) == 11


def test_a_form_in_which_little_applies_is_asked_about(pad, inspector):
    """Of eleven scored items three and the whole second section, four, do not apply: 4 are left."""
    task = inspector.assigned(MIXED)
    desk = pad(task)
    desk.press("/", "1", "1", "/", "1", "/", "4", "*")
    typed(desk, "cut off")
    desk.press("Enter", "Control+Enter")
    assert "You marked 7 of 11 scored items N/A; 4 apply." in dialog(desk).inner_text()
    desk.press("Escape")
    expect(dialog(desk)).to_have_count(0)
    assert not inspector.inspections()
    desk.press("Control+Enter", "Control+Enter")
    desk.banner()
    assert len(inspector.inspections()) == 1


def test_a_reason_is_taken_from_the_list_by_its_digit(pad, inspector):
    task = inspector.assigned(MIXED)
    desk = pad(task)
    desk.press("1", "/")
    reasons = dialog(desk).locator(".reasons button")
    expect(reasons).to_have_count(5)
    desk.press("2")
    expect(dialog(desk)).to_have_count(0)
    desk.saved()
    why = "The encounter ended before it came to this."
    assert inspector.stored(task)["BANNED"] == {"na": True, "reason": why}


def test_a_digit_in_a_reason_that_is_typed_is_a_digit(pad, inspector):
    task = inspector.assigned(MIXED)
    desk = pad(task)
    desk.press("1", "/")
    typed(desk, "row 2")
    desk.press("Enter")
    desk.saved()
    assert inspector.stored(task)["BANNED"]["reason"] == "row 2"


def test_a_digit_that_is_no_answer_says_which_are(pad, inspector):
    desk = pad(inspector.assigned(MIXED))
    desk.press("2")
    assert desk.status() == "The digits of this item: 0 1"
    assert desk.chosen("PLAIN") == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", LANGUAGES)
def test_overlay_help_and_buttons_name_the_keys(page, sign_in, inspector, database, language):
    with sessions.transaction(database) as session:
        session.get_one(User, inspector.who.user_id).language = language
    sign_in(page, inspector.who.username)
    desk = Pad(page, inspector.assigned(MIXED))
    buttons = desk.item("PLAIN").locator(".option")
    shortcuts = [button.get_attribute("aria-keyshortcuts") for button in buttons.all()]
    assert shortcuts == ["1 y", "0 n", "/"]
    desk.press("h")
    words = {"en": "n No · / N/A", "zh_TW": "n 否 · / 不適用", "zh_CN": "n 否 · / 不适用"}
    assert words[language] in desk.item("PLAIN").locator(".help").inner_text()
    desk.press("?")
    overlay = desk.page.locator("dialog.keys")
    rows = {
        row.locator("dt").inner_text(): row.locator("dd").inner_text()
        for row in overlay.locator("dl > div").all()
    }
    no = {"en": "no", "zh_TW": "否", "zh_CN": "否"}
    assert rows["n"] == no[language]
    assert "/" in rows
    assert "*" in rows
    assert "N" not in rows


def test_a_finger_finds_na_on_a_narrow_screen(page, sign_in, inspector):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, inspector.who.username)
    task = inspector.assigned(MIXED)
    desk = Pad(page, task)
    desk.item("BANNED").get_by_role("checkbox", name="N/A").click()
    box = dialog(desk).bounding_box()
    assert (box["x"] >= 0, box["x"] + box["width"] <= 390) == (True, True)
    dialog(desk).locator("input").fill("no booking")
    dialog(desk).get_by_role("button", name="N/A").click()
    desk.saved()
    assert inspector.stored(task)["BANNED"] == {"na": True, "reason": "no booking"}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_within_reach_on_a_narrow_screen(
    page, sign_in, inspector, database, language
):
    """A Chinese character is as wide as two letters, so that the worst answer has a line alone."""
    with sessions.transaction(database) as session:
        session.get_one(User, inspector.who.user_id).language = language
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, inspector.who.username)
    desk = Pad(page, inspector.assigned(MIXED))
    boxes = [button.bounding_box() for button in desk.page.locator(".option").all()]
    assert len(boxes) == 41
    assert min(box["x"] for box in boxes) >= 0
    assert max(box["x"] + box["width"] for box in boxes) <= 390
