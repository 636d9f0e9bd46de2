"""A whole checklist by key, and what each key does."""

from __future__ import annotations

import json
import random

from core.checklist import parse_checklist
from db.checklists.parsed_versions import checklist_of
from db.store import session as sessions
from tests.factories import version_of
from tests.support.checklists import visibility
from tests.support.inspection.inspector import forty, module


def test_forty_items_are_scored_with_at_most_sixty_presses(pad, inspector):
    task, following = (inspector.assigned(forty()) for _ in range(2))
    desk = pad(task)
    for item in parse_checklist(forty()).items():
        assert desk.focused() == item.key
        desk.press("4" if item.kind == "graded" else "1")
    desk.press("Control+Enter")
    desk.ready(following)
    (inspection,) = inspector.inspections()
    assert len(inspection.answers) == 40
    assert inspection.score == 100
    assert desk.pressed <= 60


def test_levels_keep_their_digits_beside_an_answer_for_loss(pad, inspector):
    task = inspector.assigned(graded_with_loss())
    desk = pad(task)
    assert desk.item("Q1").get_by_role("radio").all_inner_texts() == [
        *("4", "3", "2", "1", "0"),
        "a\nNo, with loss or harm\nscore 0",
    ]
    desk.press("4", "a")
    desk.saved()
    assert inspector.stored(task) == {"Q1": {"value": 4}, "Q2": {"value": "no_with_loss"}}


def graded_with_loss():
    item = {"kind": "graded", "effects": {"no_with_loss": "form_zero"}}
    items = [item | {"key": key, "text": {"en": key}} for key in ("Q1", "Q2", "Q3")]
    return {
        "key": "loss",
        "title": {"en": "Loss"},
        "channels": ["phone"],
        "sections": [{"key": "S", "title": {"en": "S"}, "items": items}],
    }


def test_the_address_names_the_encounter_that_is_open(pad, inspector):
    task, following = (inspector.assigned(forty()) for _ in range(2))
    desk = pad(task)
    desk.press(*("1" * 40), "Control+Enter")
    desk.ready(following)
    desk.page.wait_for_url(f"**assignment={following}")
    desk.page.reload()
    desk.ready(following)


def test_the_last_submission_leads_back_to_the_queue(pad, inspector):
    desk = pad(inspector.assigned(forty()))
    desk.press(*("1" * 40), "Control+Enter")
    assert "Everything in your queue is scored" in desk.banner()
    desk.press("Enter")
    desk.page.get_by_text("Nothing is waiting for you").wait_for()


def test_what_is_unanswered_is_listed_and_jumped_to(pad, inspector):
    desk = pad(inspector.assigned(forty()))
    desk.press("1", "1", "j", *("1" * 37), "Control+Enter")
    assert "1 items still need an answer" in desk.banner()
    assert desk.focused() == "Q02"
    assert not inspector.inspections()


def test_single_keys_can_be_switched_off(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    desk.press("?")
    desk.page.get_by_label("Answer and command by single keys").uncheck()
    desk.page.get_by_role("button", name="Close").click()
    desk.press("1", "y", "j")
    assert desk.chosen("Q00") == []
    desk.press("?")
    assert desk.page.get_by_role("dialog").count() == 0
    desk.page.reload()
    desk.ready(task)
    desk.press("1")
    assert desk.chosen("Q00") == []


def test_moving_clearing_and_the_first_unanswered(pad, inspector):
    desk = pad(inspector.assigned(forty()))
    desk.press("j", "ArrowDown", "k", "0")
    assert desk.chosen("Q01") == ["0"]
    desk.press("ArrowUp", "Backspace")
    assert desk.chosen("Q01") == []
    desk.press("y")
    assert desk.chosen("Q01") == ["1"]
    desk.press("u")
    assert desk.focused() == "Q00"


def test_a_star_answers_the_rest_of_the_section(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    desk.press("0", "*")
    assert desk.focused() == "Q10"
    desk.saved()
    stored = inspector.stored(task)
    assert stored["Q00"] == {"value": "no"}
    assert [key for key, answer in stored.items() if answer.get("na")] == [
        f"Q0{number}" for number in range(1, 8)
    ]


def test_a_key_held_down_answers_once(pad, inspector):
    desk = pad(inspector.assigned(forty()))
    desk.page.keyboard.down("1")
    desk.page.keyboard.down("1")
    desk.page.keyboard.down("1")
    assert desk.focused() == "Q01"


def test_keys_typed_into_a_note_are_text(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    desk.press("m")
    desk.page.keyboard.type("n1? 說明很清楚")
    desk.press("Enter", "0")
    desk.press("M")
    desk.page.keyboard.type("!")
    desk.press("Escape")
    desk.saved()
    assert inspector.stored(task) == {"Q00": {"value": "no", "note": "n1? 說明很清楚!"}}


def test_enter_that_ends_a_composition_leaves_the_note_open(pad, inspector):
    """Bopomofo is composed, Enter takes the letters as they are; only the next one is the pad's."""
    task = inspector.assigned(forty())
    desk = pad(task)
    desk.press("m")
    input_method = desk.page.context.new_cdp_session(desk.page)
    composed = {"text": "ㄋㄧˇ", "selectionStart": 3, "selectionEnd": 3}
    input_method.send("Input.imeSetComposition", composed)
    taken = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}  # writes nothing itself
    input_method.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **taken})
    input_method.send("Input.dispatchKeyEvent", {"type": "keyUp", **taken})
    assert desk.item("Q00").locator("textarea").is_visible()
    input_method.send("Input.insertText", {"text": "你好"})
    desk.press("Enter", "0")
    desk.saved()
    assert inspector.stored(task) == {"Q00": {"value": "no", "note": "你好"}}


def test_a_note_without_an_answer_is_kept(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    desk.press("m")
    desk.page.keyboard.type("ask the shift lead")
    desk.press("Enter")
    desk.saved()
    desk.page.reload()
    desk.ready(task)
    assert desk.item("Q00").locator("textarea").input_value() == "ask the shift lead"


def test_help_is_one_key_away(pad, inspector):
    desk = pad(inspector.assigned("phone"))
    desk.press("u", "j", "j", "h")
    assert desk.focused() == "ETQ-01"
    shown = desk.item("ETQ-01").locator(".help").inner_text()
    assert "with the company in it" in shown
    assert "process guide §2.2(2)" in shown
    desk.press("h")
    assert desk.item("ETQ-01").locator(".help").count() == 0


def test_the_overlay_lists_the_keys_and_closes(pad, inspector):
    desk = pad(inspector.assigned(forty()))
    desk.press("?")
    overlay = desk.page.locator("dialog.keys")
    assert "submit and open next" in overlay.inner_text()
    desk.press("1", "Escape")
    assert not overlay.is_visible()
    assert desk.chosen("Q00") == []


def test_an_answer_shows_the_items_that_depend_on_it_at_once(pad, inspector):
    desk = pad(inspector.assigned("phone"))
    assert not desk.item("INF-23").is_visible()
    desk.press("u", "1")  # the subject: a general question
    for _ in range(10):
        if desk.focused() == "VERIFICATION":
            break
        desk.press("j")
    desk.press("1")
    assert desk.item("INF-23").is_visible()
    assert desk.focused() == "FST-02"


def test_putting_aside_asks_for_a_reason_and_opens_the_next(pad, inspector):
    task, following = (inspector.assigned(forty()) for _ in range(2))
    desk = pad(task)
    desk.press("s")
    desk.page.keyboard.type("the line was cut")
    desk.page.get_by_role("button", name="Put aside and open next").click()
    desk.ready(following)
    assert inspector.state(task) == "skipped"


def test_the_script_asks_what_core_asks(browser):
    """The cases by hand, and 600 sets of random answers to the shipped checklists."""
    given = [
        (visibility.sections_of(checklist), answers, sorted(visible))
        for _, checklist, answers, visible in visibility.cases()
    ]
    assert seen_by_script(browser, given) == [visible for *_, visible in given]


def test_the_script_asks_what_core_asks_of_shipped_checklists(browser, database):
    rng = random.Random(20260310)
    given = [
        (visibility.sections_of(checklist), answers, sorted(visibility.asked(checklist, answers)))
        for checklist in shipped(database)
        for answers in (guessed(rng, checklist) for _ in range(50))
    ]
    assert len({json.dumps(visible) for *_, visible in given}) > 20  # the answers do decide
    assert seen_by_script(browser, given) == [visible for *_, visible in given]


def seen_by_script(browser, given):
    page = browser.new_page()
    call = """async ([address, given]) => {
        const { visibleItems } = await import(address);
        return given.map(([sections, answers]) => [...visibleItems(sections, answers)].sort());
    }"""
    found = page.evaluate(call, [module("conditions"), given])
    page.close()
    return found


def shipped(database):
    keys = (
        "phone",
        "chat",
        "airport_counter",
        "order",
        "complaint",
        "work_order",
        "customer_profile",
    )
    with sessions.reading(database) as session:
        return [checklist_of(session, version_of(session, key)) for key in keys]


def guessed(rng, checklist):
    answers = {}
    for item in checklist.items():
        if not item.options or rng.random() < 0.2:
            continue
        option = rng.choice(item.options).key
        answers[item.key] = {"values": [option]} if item.kind == "multi" else {"value": option}
        if item.na_allowed and rng.random() < 0.1:
            answers[item.key] = {"na": True}
    return answers
