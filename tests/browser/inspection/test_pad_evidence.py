"""Evidence, every kind of answer, times and recordings."""

from __future__ import annotations

from tests.support.inspection.inspector import Pad, forty

EVERY_KIND = {
    "key": "every-kind",
    "channels": ["record"],
    "sections": [
        {
            "key": "all",
            "title": {"en": "All kinds"},
            "items": [
                {
                    "key": "ONE",
                    "kind": "single",
                    "options": [
                        {"key": "a", "points": 1, "text": {"en": "Red"}},
                        {"key": "b", "points": 0, "text": {"en": "Blue"}},
                    ],
                },
                {
                    "key": "MANY",
                    "kind": "multi",
                    "options": [
                        {"key": "a", "points": 1, "text": {"en": "Hat"}},
                        {"key": "b", "points": 1, "text": {"en": "Scarf"}},
                        {"key": "c", "points": 1, "text": {"en": "Badge"}},
                    ],
                },
                {
                    "key": "COUNT",
                    "kind": "number",
                    "ranges": [{"min": 0, "max": 99, "points": 1}],
                },
                {
                    "key": "CLOCK",
                    "kind": "clock",
                    "clock": {
                        "start": {"en": "Complaint received"},
                        "stop": {"en": "Customer told"},
                        "start_event": "received",
                        "stop_event": "told",
                        "limit_minutes": 1440,
                    },
                },
                {"key": "REASON", "na_reason_required": True},
                {"key": "WORDS", "kind": "text"},
                {"key": "DAY", "kind": "date"},
            ],
        }
    ],
}
EVENTS = [
    {"name": "received", "at": "2026-03-09T01:00:00+00:00", "source": "system"},
    {"name": "told", "at": "2026-03-10T02:00:00+00:00", "source": "system"},
]


def finished(desk, inspector, following=None):
    desk.press("Control+Enter")
    if following:
        desk.ready(following)
    else:
        desk.banner()
    return inspector.inspections()[-1]


def test_a_turn_is_pinned_to_the_item_that_has_the_focus(pad, inspector):
    desk = pad(inspector.assigned(forty()))
    desk.press("]", "p", "0", "]", "P", *("1" * 39))
    inspection = finished(desk, inspector)
    pins = [(pin.item_key, pin.turn_position) for pin in inspector.evidence(inspection.id)]
    assert pins == [("Q00", 2), ("Q00", 3)]


def test_words_marked_by_key_are_pinned_by_characters(pad, inspector):
    """Turn 3 is 台北。😀 票價多少？ The second word begins behind the emoji: character 5."""
    desk = pad(inspector.assigned(forty()))
    desk.press("]", "]", "w", "ArrowRight")
    marked = desk.page.locator(".turn[aria-current] mark").inner_text()
    desk.press("p")
    desk.press(*("1" * 40))
    inspection = finished(desk, inspector)
    (pin,) = inspector.evidence(inspection.id)
    text = "台北。😀 票價多少？"
    assert text[pin.start_offset : pin.end_offset] == marked
    assert pin.start_offset == text.index("票")


def test_words_marked_with_the_mouse_are_pinned_and_a_pin_can_be_removed(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    desk.page.locator(".turn .words").first.evaluate(
        """(words) => {
            const range = document.createRange();
            range.setStart(words.firstChild, 3);
            range.setEnd(words.firstChild, 8);
            const root = words.getRootNode();
            const selection = root.getSelection ? root.getSelection() : document.getSelection();
            selection.removeAllRanges();
            selection.addRange(range);
        }"""
    )
    desk.button("Pin these words to Question 0-0").click()
    desk.saved()
    (pin,) = inspector.draft(task).evidence
    assert (pin["turn_position"], pin["start_offset"], pin["end_offset"]) == (1, 3, 8)
    assert desk.page.locator(".turn mark").inner_text() == "我要買六張"
    desk.press("x")
    assert desk.page.locator(".turn mark").count() == 0
    assert "0 pins" in desk.page.locator(".bar").inner_text()


def test_every_kind_of_item_is_answered_by_key(pad, inspector):
    desk = pad(inspector.assigned(EVERY_KIND, channel="record", turns=(), events=EVENTS))
    desk.press("1", "1", "3", "Enter")
    desk.press("4", "2", "Enter")
    assert desk.item("CLOCK").locator("input").first.input_value() == "2026-03-09T09:00"
    desk.press("1")
    desk.press("/")
    desk.page.keyboard.type("phone bought elsewhere")
    desk.press("Enter", "Enter")
    desk.page.keyboard.type("kept 清楚")
    desk.press("Enter", "Enter")
    desk.page.keyboard.type("03102026")
    desk.press("Enter")
    inspection = finished(desk, inspector)
    assert inspection.answers == {
        "ONE": {"value": "b"},
        "MANY": {"values": ["a", "c"]},
        "COUNT": {"value": 42},
        "CLOCK": {
            "start": "2026-03-09T09:00:00+08:00",
            "stop": "2026-03-10T10:00:00+08:00",
            "evidence_kind": "system",
        },
        "REASON": {"na": True, "reason": "phone bought elsewhere"},
        "WORDS": {"value": "kept 清楚"},
        "DAY": {"value": "2026-03-10"},
    }


def test_times_typed_by_hand_are_marked_so(pad, inspector):
    task = inspector.assigned(EVERY_KIND, channel="record", turns=(), events=[])
    desk = pad(task)
    start, stop = desk.item("CLOCK").locator("input").all()
    start.fill("2026-03-09T09:00:00")
    stop.fill("2026-03-09T09:30:00")
    assert "In time · times entered by hand" in desk.item("CLOCK").inner_text()
    desk.saved()
    assert inspector.stored(task)["CLOCK"] == {
        "start": "2026-03-09T09:00:00+08:00",
        "stop": "2026-03-09T09:30:00+08:00",
        "evidence_kind": "manual",
    }
    stop.fill("2026-03-09T08:00:00")
    assert "before the beginning" in desk.item("CLOCK").inner_text()


def test_a_required_reason_is_asked_before_submitting(pad, inspector):
    desk = pad(inspector.assigned(EVERY_KIND, channel="record", turns=(), events=EVENTS))
    desk.press("1", "1", "Enter", "7", "Enter", "1", "/", "Escape", "Control+Enter")
    assert "still need an answer" in desk.banner()
    assert "REASON" in desk.banner()


def playing(page):
    state = "(audio) => [audio.paused, audio.currentTime, audio.playbackRate]"
    return page.locator(".pad audio").evaluate(state)


def test_a_recording_plays_by_key_and_from_the_pinned_second(pad, inspector, recorded):
    task = inspector.assigned(forty(), recording="tone.wav")
    desk = pad(task)
    desk.press(" ")
    desk.until(lambda: playing(desk.page)[1] > 0.5)
    desk.press(">", " ")
    paused, at, rate = playing(desk.page)
    assert paused
    assert 0.5 < at < 5
    assert rate == 1.25
    desk.press("p", "b")
    assert playing(desk.page)[1] == 0
    desk.page.locator(".pin-line .where").click()
    assert abs(playing(desk.page)[1] - at) < 0.2
    desk.saved()
    (pin,) = inspector.draft(task).evidence
    assert abs(pin["start_second"] - at) < 0.1


def test_a_missing_recording_is_said_plainly(pad, inspector):
    desk = pad(inspector.assigned(forty(), recording="lost.wav"))
    desk.page.get_by_text("The file of the recording is missing: lost.wav.").wait_for()
    other = Pad(desk.page, inspector.assigned(forty()))
    other.page.get_by_text("There is no recording of this encounter.").wait_for()
