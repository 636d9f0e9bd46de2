"""The times that clocks take from recorded events, whatever people and systems call these."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.checklist import parse_checklist, to_data
from core.clock import Wait
from core.clock.event_keys import EVENTS, STEPS
from core.clock.event_names import event_of, former_labels
from core.clock.happenings import Happening, times_of, waits_of
from core.i18n import CONTENT_LANGUAGES, translations
from core.library import load_library
from tests.support.clock_runs import at

CLOCKS = {item.id: item.clock for item in load_library() if item.clock is not None}


def happened(*pairs):
    return [Happening(key, at(moment), by_system=True) for key, moment in pairs]


def minutes(times):
    start, stop = times
    return (stop.at - start.at) / timedelta(minutes=1)


def test_each_of_the_44_clocks_names_the_events_it_starts_and_stops_with():
    assert len(CLOCKS) == 44
    named = {clock[side] for clock in CLOCKS.values() for side in ("start_event", "stop_event")}
    assert named <= set(EVENTS)
    others = set(EVENTS) - named - set(STEPS)
    assert others == {"observed"}


def test_what_a_clock_of_the_library_calls_its_events_still_means_them():
    for item, clock in CLOCKS.items():
        for side in ("start", "stop"):
            for text in clock[side].values():
                assert event_of(text) == clock[f"{side}_event"], (item, text)


@pytest.mark.parametrize("language", CONTENT_LANGUAGES)
def test_no_two_events_are_called_the_same(language):
    names = [translations(language).gettext(name) for name in EVENTS.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("received", "received"),
        (" Complaint  Received ", "received"),
        ("complaint_received", "received"),
        ("COMPLAINT RECEIVED", "received"),
        ("收到客訴", "received"),
        ("ticket.opened", None),
    ],
)
def test_a_name_is_a_key_or_a_label_in_any_case(name, key):
    assert event_of(name) == key


def test_what_the_portal_s_people_say_goes_before_what_comes_with_it():
    own = {"ticket.opened": "received", "first response": "told"}
    assert event_of("Ticket.Opened", own) == "received"
    assert event_of("First response", own) == "told"
    assert former_labels()["first response"] == "first_response"


def test_a_clock_without_keys_is_known_by_its_words_and_keeps_the_event_when_renamed():
    item = {"key": "A", "kind": "clock", "clock": {"start": "收到客訴", "stop": "Customer told"}}
    data = {"key": "own", "sections": [{"key": "s", "items": [item]}]}
    stored = to_data(parse_checklist(data))
    clock = stored["sections"][0]["items"][0]["clock"]
    assert (clock["start_event"], clock["stop_event"]) == ("received", "")
    clock["start"] = {"en": "We heard of it"}
    clock["stop"] = {"en": "First response"}
    renamed = parse_checklist(stored).by_key["A"].clock
    assert (renamed.start_event, renamed.stop_event) == ("received", "")


class TestTimes:
    def test_it_is_the_first_start_and_the_first_stop_after_it(self):
        events = happened(
            ("first_response", "02T09:05"),
            ("received", "02T09:10"),
            ("first_response", "02T17:45"),
            ("first_response", "03T08:00"),
            ("received", "03T07:00"),
        )
        times = times_of("received", "first_response", events)
        assert minutes(times) == 8 * 60 + 35
        assert times == times_of("received", "first_response", reversed(events))

    @pytest.mark.parametrize("events", [[], happened(("received", "02T09:10"))])
    def test_without_both_there_are_none(self, events):
        assert times_of("received", "told", events) is None
        assert times_of("", "", events) is None

    def test_a_stop_before_the_start_is_none(self):
        events = happened(("told", "02T09:00"), ("received", "02T09:10"))
        assert times_of("received", "told", events) is None

    def test_of_progress_it_is_the_longest_time_without_any(self):
        """First answer 9:00, then 10:00, 12:30, 13:00: 60, 150 and 30 minutes."""
        events = happened(
            ("first_response", "02T09:00"),
            ("progress_told", "02T10:00"),
            ("progress_told", "02T13:00"),
            ("progress_told", "02T12:30"),
        )
        assert minutes(times_of("progress_told", "progress_told", events)) == 150

    def test_of_stages_it_is_the_longest_and_one_left_open_is_none(self):
        """9:00 to 9:30 and 10:00 to 11:10; the last is still open."""
        events = happened(
            ("stage_entered", "02T09:00"),
            ("stage_left", "02T09:30"),
            ("stage_entered", "02T10:00"),
            ("stage_left", "02T11:10"),
            ("stage_entered", "02T12:00"),
        )
        assert minutes(times_of("stage_entered", "stage_left", events)) == 70

    def test_a_step_means_in_a_follow_up_what_its_clocks_ask_for(self):
        events = happened(("received", "02T09:00"), ("first_response", "02T10:00"))
        asked = ("service_completed", "confirmation_call_made")
        assert minutes(times_of(*asked, events, case_kind="follow_up")) == 60
        assert times_of(*asked, events, case_kind="complaint") is None


def test_waiting_that_began_and_ended_is_waiting_for_the_customer():
    events = happened(
        ("waiting_ended", "04T14:30"),
        ("waiting_began", "03T08:00"),
        ("waiting_began", "05T08:00"),
    )
    assert waits_of(events) == (Wait(at("03T08:00"), at("04T14:30")),)
