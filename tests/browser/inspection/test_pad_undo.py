"""Taking answers back, and keys that an inspector sets."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.support.inspection.mixed_items import MIXED


def test_the_last_answers_are_taken_back_one_by_one(pad, inspector, known):
    task = inspector.assigned(MIXED)
    desk = pad(task)
    desk.press("1", "n", "z")
    assert (desk.focused(), desk.chosen("BANNED")) == ("BANNED", [])
    assert desk.status() == "taken back"
    desk.press("Control+z")
    assert (desk.focused(), desk.chosen("PLAIN")) == ("PLAIN", [])
    desk.press("z")
    assert desk.status() == "nothing to take back"


def test_an_answer_is_cleared_by_finger(pad, inspector):
    desk = pad(inspector.assigned(MIXED))
    desk.press("1")
    plain = desk.item("PLAIN")
    plain.click(position={"x": 5, "y": 5})
    assert desk.chosen("PLAIN") == ["1"]
    plain.get_by_role("button", name="Clear the answer").click()
    assert desk.chosen("PLAIN") == []
    expect(plain.get_by_role("button", name="Clear the answer")).to_have_count(0)


def test_the_rest_of_a_section_is_taken_back_as_one(pad, inspector):
    desk = pad(inspector.assigned(MIXED))
    desk.item("REST0").click(position={"x": 5, "y": 5})
    desk.press("*", "1")
    assert desk.chosen("LAST") == ["/"]
    desk.press("z")
    assert desk.chosen("REST0") == desk.chosen("LAST") == []


def assert_keys(desk, *keys):
    """The pad is drawn anew once the list of keys is closed."""
    options = desk.item("PLAIN").locator(".option")
    for place, key in enumerate(keys):
        expect(options.nth(place)).to_have_attribute("aria-keyshortcuts", key)


def test_a_key_is_set_and_kept(pad, inspector, known):
    task, following = inspector.assigned(MIXED), inspector.assigned(MIXED)
    desk = pad(task)
    desk.press("?")
    keys = desk.page.locator("dialog.keys")
    keys.get_by_role("button", name="n", exact=True).click()
    desk.press("m")
    expect(keys.get_by_role("status")).to_have_text("m cannot be used: choose another key.")
    desk.press(";")
    keys.get_by_role("button", name="Close").click()
    assert_keys(desk, "1 y", "0 ;", "/")
    desk.press("n", "n", ";")
    assert (desk.focused(), desk.chosen("PLAIN")) == ("BANNED", ["0"])
    desk.saved()
    desk.open(following)
    desk.press(";")
    assert desk.chosen("PLAIN") == ["0"]
    desk.press("?")
    keys.get_by_role("button", name="All keys as they were").click()
    keys.get_by_role("button", name="Close").click()
    assert_keys(desk, "1 y", "0 n", "/")
    desk.press("n")
    assert desk.chosen("BANNED") == ["0"]
