"""The demo's encounters in time: pace, pauses, and limits kept or broken."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest

from db.demo.content_model import seconds
from db.demo.dialogue import UntimedTurn, timings
from tests.support.importing.scenarios import AT, LIVE, SCENARIOS, every_scenario, named, play


@every_scenario
@pytest.mark.parametrize("met", [True, False], ids=["good", "poor"])
def test_live_encounters_run_forward_and_files_carry_no_seconds(scenario, met):
    composed = play(scenario, met=met)
    starts = [turn.start_seconds for turn in composed.turns]

    if scenario.channel not in LIVE:
        assert set(starts) == {None}
        assert composed.duration_seconds is None
        return
    assert starts[0] == 0
    assert all(later > earlier for earlier, later in pairwise(starts))
    assert starts[-1] <= composed.duration_seconds <= 30 * 60


def test_two_turns_never_begin_in_the_same_second():
    said = [
        UntimedTurn("agent", "?", None),
        UntimedTurn("customer", "?", 0),
        UntimedTurn("agent", "?", 0),
    ]

    times = timings(said, channel="phone", language="en", rng=random.Random(1))

    assert [time.start for time in times] == [0, 1, 2]


@pytest.mark.parametrize("scenario_id", ["phone-tw-typhoon", "phone-en-refund-status"])
def test_people_on_the_phone_speak_at_a_human_pace(scenario_id):
    scenario = named(scenario_id)
    turns = play(scenario).turns
    gaps = [
        (later.start_seconds - turn.start_seconds, len(turn.text))
        for turn, later in pairwise(turns)
        if len(turn.text) > 40
    ]

    # Conversation runs at roughly 150 English words or 250 Chinese characters a minute:
    # 12.5 letters or 4.2 characters a second; holding the line makes single turns longer.
    usual = sorted(length / seconds_taken for seconds_taken, length in gaps)[len(gaps) // 2]
    assert (8 <= usual <= 18) if scenario.language == "en" else (3 <= usual <= 6)


# Limits as the standards print them, in seconds.
LIMITS = {
    "CMP-09": 24 * 3600,
    "PRB-16": 24 * 3600,
    "PRB-17": 48 * 3600,
    "FUP-01": 24 * 3600,
    "FUP-03": 24 * 3600,
    "FUP-04": 48 * 3600,
    "FUP-06": 3 * 24 * 3600,
    "FUP-07": 10 * 24 * 3600,
    "FUP-10": 24 * 3600,
    "WKO-02": 10 * 60,
    "WKO-03": 4 * 3600,
    "PRO-08": 183 * 24 * 3600,
}


@pytest.mark.parametrize("seed", range(5))
def test_timed_steps_keep_or_break_the_printed_limit(seed):
    seen = set()
    for scenario in SCENARIOS:
        good, poor = play(scenario, seed).clocks, play(scenario, seed, met=False).clocks
        assert good.keys() == poor.keys()
        for item in good:
            kept = (good[item].stop - good[item].start).total_seconds()
            broken = (poor[item].stop - poor[item].start).total_seconds()
            assert kept < broken
            limit = LIMITS.get(item, (kept + broken) / 2)
            assert kept <= limit < broken, (scenario.id, item)
            seen.add(item)
    assert set(LIMITS) <= seen


@every_scenario
def test_a_clock_of_a_file_is_printed_in_the_line_that_is_its_evidence(scenario):
    if scenario.channel in LIVE:
        return
    composed = play(scenario)
    for item, clock in composed.clocks.items():
        text = composed.turns[composed.evidence[item] - 1].text
        assert f"{clock.stop:%Y-%m-%d %H:%M}" in text


def test_a_clock_of_a_chat_is_the_pause_before_its_turn():
    composed = play(named("chat-cn-invoice"), lost=["CON-02"])
    place = composed.evidence["CON-02"]
    before, late = composed.turns[place - 2 : place]
    clock = composed.clocks["CON-02"]

    assert clock.start == AT + timedelta(seconds=before.start_seconds)
    assert clock.stop == AT + timedelta(seconds=late.start_seconds)
    assert timedelta(seconds=190) <= clock.stop - clock.start <= timedelta(seconds=421)


def test_dates_in_the_text_follow_the_encounter():
    scenario = named("phone-tw-change-date")
    later = AT.replace(month=12, day=28)

    # The new flight is nine days on: 12 May + 9 = 21 May, 28 December + 9 = 6 January.
    assert any("5月21日" in turn.text for turn in play(scenario).turns)
    assert any("1月6日" in turn.text for turn in play(scenario, at=later).turns)


@pytest.mark.parametrize(
    ("text", "expected"), [("40s", 40), ("9m", 540), ("26h", 93_600), ("-170d", -14_688_000)]
)
def test_durations_are_read_in_seconds(text, expected):
    assert seconds(text) == expected
