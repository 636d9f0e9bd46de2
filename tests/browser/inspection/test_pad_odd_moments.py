"""What goes wrong at odd moments: turns without words, photos on their way, hidden warnings."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.inspection.inspector import Pad, forty
from tests.support.inspection.pictures import BADGE

CLOCK = {
    "key": "one-clock",
    "channels": ["record"],
    "sections": [
        {
            "key": "all",
            "title": {"en": "One clock"},
            "items": [
                {
                    "key": "CLOCK",
                    "kind": "clock",
                    "clock": {
                        "start": {"en": "Complaint received"},
                        "stop": {"en": "Customer told"},
                        "limit_minutes": 60,
                    },
                },
                {"key": "NEXT"},
            ],
        }
    ],
}


@pytest.fixture
def pad(page, sign_in, inspector, choosers):
    sign_in(page, inspector.who.username)

    def opened(task):
        pad = Pad(page, task)
        pad.choosers = choosers
        return pad

    return opened


def test_a_turn_without_a_word_is_pinned_whole(pad, inspector):
    task = inspector.assigned(forty(), turns=[("customer", "……！👍"), ("agent", "好")])
    desk = pad(task)
    desk.press("w", "p", "1")
    assert desk.until(lambda: inspector.stored(task))
    (pin,) = inspector.draft(task).evidence
    assert (pin["turn_position"], pin["start_offset"], pin["end_offset"]) == (1, None, None)


def test_who_hides_the_warning_of_another_tab_meets_it_again_on_submitting(pad, inspector):
    task = inspector.assigned(forty())
    first = pad(task)
    second = Pad(first.page.context.new_page(), task)
    second.page.route("**/save**", lambda route: route.abort())
    second.press("0")
    first.press("1")
    first.saved()
    assert "another tab" in second.banner()
    second.page.unroute("**/save**")
    second.press("Escape", *("1" * 39), "Control+Enter")
    assert "another tab" in second.banner()
    second.button("Keep what is here").click()
    second.press("Control+Enter")
    assert second.until(inspector.inspections)


def test_times_that_cannot_be_are_not_kept_in_their_older_form(pad, inspector):
    task = inspector.assigned(CLOCK, channel="record")
    desk = pad(task)
    start, stop = (desk.item("CLOCK").locator("input").nth(number) for number in (0, 1))
    start.fill("2026-03-09T10:00:00")
    stop.fill("2026-03-09T10:30:00")
    assert desk.until(lambda: "CLOCK" in inspector.stored(task))
    start.fill("2026-03-09T10:45:00")
    assert desk.item("CLOCK").locator(".origin").inner_text() == (
        "The end lies before the beginning."
    )
    assert desk.until(lambda: "CLOCK" not in inspector.stored(task))
    assert start.input_value() == "2026-03-09T10:45"
    stop.fill("2026-03-09T11:00:00")
    assert desk.until(lambda: "CLOCK" in inspector.stored(task))
    assert "In time" in desk.item("CLOCK").locator(".origin").inner_text()


def sending(desk):
    """A photo that waits at the server's door until it is let in."""
    held = []
    desk.page.route("**/photo?*", lambda route: held.append(route))  # noqa: PLW0108  no builtin works
    desk.press("t")
    assert desk.until(lambda: desk.choosers)
    desk.choosers.pop().set_files(BADGE)
    assert desk.until(lambda: held)
    return held[0]


def test_a_photo_on_its_way_is_waited_for_when_submitting(pad, inspector):
    task, following = (inspector.assigned(forty(), turns=(), channel="counter") for _ in range(2))
    desk = pad(task)
    photo_request = sending(desk)
    desk.press(*("1" * 40), "Control+Enter")
    desk.page.wait_for_timeout(300)
    assert not inspector.inspections()
    photo_request.continue_()
    desk.ready(following)
    (inspection,) = inspector.inspections()
    assert [pin.item_key for pin in inspector.evidence(inspection.id)] == ["Q00"]


def test_a_photo_that_arrives_takes_no_key_from_who_is_typing(pad, inspector):
    task = inspector.assigned(forty(), turns=(), channel="counter")
    desk = pad(task)
    photo_request = sending(desk)
    desk.press("j", "m")
    desk.page.keyboard.type("no na")
    photo_request.continue_()
    desk.page.wait_for_selector(".gallery .thumb")
    desk.page.keyboard.type("me badge")
    desk.saved()
    assert desk.page.locator(".item[data-key=Q01] textarea").input_value() == "no name badge"
    assert desk.until(
        lambda: [pin["note"] for pin in inspector.draft(task).evidence] == ["", "no name badge"]
    )


def test_a_stretch_of_sound_is_pinned_by_finger_where_nobody_wrote_it_down(
    open_page, sign_in, inspector, recorded
):
    page = open_page()
    sign_in(page, inspector.who.username)
    page.set_viewport_size({"width": 390, "height": 844})
    task = inspector.assigned(forty(), turns=(), recording="tone.wav")
    desk = Pad(page, task)
    page.get_by_role("tab", name="Record").click()
    stretch = page.get_by_role("button", name="A stretch begins here")
    stretch.click()
    assert stretch.get_attribute("aria-pressed") == "true"
    sound = page.locator(".pad audio")
    assert desk.until(lambda: sound.evaluate("(audio) => audio.readyState > 0"))
    sound.evaluate("(audio) => { audio.currentTime = 4; }")
    page.get_by_role("button", name="Pin to Question 0-0").click()
    assert stretch.get_attribute("aria-pressed") == "false"
    assert desk.until(lambda: inspector.draft(task))
    (pin,) = inspector.draft(task).evidence
    assert (pin["start_second"], pin["end_second"], pin["turn_position"]) == (0, 4, None)


def test_a_page_whose_scripts_are_of_another_version_says_to_reload(page, sign_in, inspector):
    """As while the portal is replaced, process by process."""
    task = inspector.assigned(forty())
    sign_in(page, inspector.who.username)
    page.route("**/assets/modules/*/inspection/**", lambda route: route.fulfill(status=404))
    page.goto(f"/score?assignment={task}")
    expect(page.get_by_role("alert")).to_have_text("This page is out of date. Reload it.")
    page.unroute("**/assets/modules/*/inspection/**")
    Pad(page, task)
    expect(page.get_by_text("out of date")).to_have_count(0)
