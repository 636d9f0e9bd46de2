"""Photos with a marked region, and moments, pinned from the pad by mouse and by key."""

from __future__ import annotations

import pytest

from tests.support.inspector import Pad, forty
from tests.support.pictures import BADGE

EVENTS = [{"name": "Bag tagged", "at": "2026-03-15T01:30:00+00:00", "source": "system"}]


@pytest.fixture
def pad(page, sign_in, inspector, choosers):
    sign_in(page, inspector.who.username)
    pad = Pad(page, inspector.assigned(forty(), turns=(), channel="counter", events=EVENTS))
    pad.choosers = choosers
    return pad


def choose(pad, press, file=BADGE):
    press()
    assert pad.until(lambda: pad.choosers)
    pad.choosers.pop().set_files(file)


def framed(pad, press):
    choose(pad, press)
    pad.page.wait_for_selector("dialog.photo[open] .area img")


def region(pad):
    """What the draft holds, in percent."""
    pad.saved()
    state = pad.page.evaluate(
        "fetch(location.href.replace(/.*assignment=/, '/api/pad/') + '/state').then(r => r.json())"
    )
    pin = state["draft"]["evidence"][-1]
    names = ("region_left", "region_top", "region_width", "region_height")
    return [None if pin[name] is None else round(100 * pin[name]) for name in names]


def test_a_photo_is_taken_by_key_and_its_region_marked_by_mouse(pad):
    framed(pad, lambda: pad.press("t"))
    box = pad.page.locator("dialog.photo .area .shot").bounding_box()
    at = lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])  # noqa: E731
    pad.page.mouse.move(*at(0.75, 0.8))
    pad.page.mouse.down()
    pad.page.mouse.move(*at(0.5, 0.5))
    pad.page.mouse.move(*at(0.25, 0.2))
    pad.page.mouse.up()
    pad.page.locator("dialog.photo").get_by_role("button", name="Done").click()
    assert region(pad) == pytest.approx([25, 20, 50, 60], abs=1)
    assert pad.page.locator(".record .gallery .region").count() == 1
    assert pad.item(pad.focused()).locator(".pin-line .shot").count() == 1


def test_a_region_is_marked_without_a_mouse(pad):
    framed(pad, lambda: pad.item("Q00").get_by_role("button", name="Photo").click())
    # 30, 30, 40, 40 comes first; 3 steps of 2 to the right, 1 up, 2 wider, 5 lower in height
    pad.press("ArrowRight", *["ArrowRight"] * 3, "ArrowUp")
    pad.press(*["Shift+ArrowRight"] * 2, *["Shift+ArrowUp"] * 5)
    spoken = pad.page.locator("dialog.photo [role=status]").inner_text()
    assert spoken == "Frame: 36 % from the left, 28 % from the top, 44 % wide, 30 % high"
    pad.press("Enter")
    assert region(pad) == [36, 28, 44, 30]
    assert pad.focused() == "Q00"
    pad.page.locator(".gallery .thumb").click()
    pad.press("Backspace", "Enter")
    pad.page.wait_for_selector(".gallery .thumb")
    pad.press("m")
    pad.page.keyboard.type("badge hidden")
    assert region(pad) == [None] * 4


def test_a_photo_can_be_taken_away_again(pad, inspector):
    framed(pad, lambda: pad.press("t"))
    pad.page.locator("dialog.photo").get_by_role("button", name="Remove photo").click()
    pad.saved()
    assert pad.page.locator(".gallery .thumb").count() == 0


def test_what_is_no_photo_is_said_and_scoring_goes_on(pad):
    fake = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"GIF89a"}
    choose(pad, lambda: pad.press("t"), fake)
    assert "no photo that can be read" in pad.banner()
    pad.press("1")
    assert pad.chosen("Q00") == ["1"]


def test_times_are_pinned_as_recorded_or_as_typed(pad, inspector):
    pad.press("T")
    pad.page.locator(".moments .chip").click()
    pad.press("T")
    pad.page.keyboard.press("Enter")
    pad.saved()
    lines = pad.item("Q00").locator(".pin-line").all_inner_texts()
    assert [line.split(", ")[-1].split(" · ")[0] for line in lines] == [
        "recorded by the system",
        "entered by hand",
    ]


def test_removing_a_pin_shows_at_once(pad):
    pad.press("T", "Enter")
    pad.item("Q00").get_by_role("button", name="Remove this pin").click()
    assert pad.item("Q00").locator(".pin-line").count() == 0


def test_long_notes_are_saved_however_much_they_weigh(pad):
    """Browsers refuse large requests that are to outlive their page."""
    for _ in range(6):  # 6 x 3,900 x 3 bytes = 70 kB
        pad.press("m")
        pad.page.keyboard.insert_text("長" * 3900)
        pad.press("Enter", "j")
    pad.saved()
