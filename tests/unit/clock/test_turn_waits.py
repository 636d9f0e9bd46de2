"""Waits between the turns of a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from core.checklist import parse_checklist
from core.clock.happenings import Happening
from core.clock.turn_waits import longest, turn_waits
from core.inspection.clock_times import (
    Recorded,
    late_waits,
    limit_of_turns,
    prefilled_clocks,
    recorded_pauses,
    recorded_times,
)
from core.scoring import parse_answers, score

BEGAN = datetime(2026, 3, 10, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Turn:
    position: int
    speaker: str
    start_seconds: float | None


def spoken(*turns):
    return [Turn(number, *turn) for number, turn in enumerate(turns, 1)]


CHAT = spoken(("customer", 0), ("agent", 40), ("customer", 100), ("agent", 300))


def seconds(turns):
    return [wait.seconds for wait in turn_waits(turns)]


def test_the_chat_of_the_specification():
    """Customer at 0 and 100 s, agent at 40 and 300 s: 40 and 200 s, one of two over 60 s."""
    waits = turn_waits(CHAT)
    assert [(wait.position, wait.seconds) for wait in waits] == [(2, 40), (4, 200)]
    assert [wait.seconds for wait in late_waits(waits, 1)] == [200]
    assert not longest(waits).is_late(timedelta(seconds=200))


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], []),
        ([("agent", 5), ("agent", 9)], []),
        ([("customer", 5)], []),
        ([("customer", 5), ("customer", 20), ("agent", 30)], [25]),
        ([("customer", 5), ("system", 6), ("bot", 7), ("agent", 90)], [2]),
        ([("customer", None), ("agent", 30), ("customer", 40), ("agent", 45)], [5]),
        ([("customer", 5), ("agent", None), ("agent", 45)], []),
        ([("customer", 50), ("agent", 30), ("customer", 60), ("agent", 60)], [0]),
    ],
)
def test_a_wait_runs_from_the_first_thing_unanswered_to_its_answer(turns, expected):
    assert seconds(spoken(*turns)) == expected


def recorded(turns=CHAT, happenings=()):
    return Recorded(BEGAN, "Asia/Taipei", "none", tuple(happenings), turn_waits(turns))


def checklist(limit=1, **clock):
    answered = {"start_event": "enquiry_received", "stop_event": "first_response"}
    item = {"key": "A", "kind": "clock", "clock": answered | {"limit_minutes": limit} | clock}
    other = {"key": "B", "text": "Friendly"}
    return parse_checklist(
        {"key": "own", "sections": [{"key": "s", "weight": 100, "items": [item, other]}]}
    )


def test_a_clock_of_answers_is_filled_with_the_longest_wait_and_is_late():
    """100 s after 9:00 is 9:01:40, 300 s are 9:05; 200 s are over 60."""
    form = checklist()
    answers = prefilled_clocks(form, recorded())
    assert answers == {
        "A": {
            "start": "2026-03-10T09:01:40+08:00",
            "stop": "2026-03-10T09:05:00+08:00",
            "evidence_kind": "system",
        }
    }
    parsed = parse_answers(form, answers)["A"]
    assert (parsed.keys, parsed.elapsed_seconds, parsed.by_hand) == (("late",), 200, False)
    assert limit_of_turns(form) == 1
    assert score(form, parse_answers(form, answers | {"B": {"value": "yes"}})).score == 50


def test_without_a_limit_or_turns_nothing_is_filled():
    assert prefilled_clocks(checklist(None), recorded()) == {}
    assert prefilled_clocks(checklist(), recorded([])) == {}
    assert prefilled_clocks(checklist(stop_event="told"), recorded()) == {}
    assert limit_of_turns(checklist(None)) is None


def test_what_waiting_was_recorded_is_a_pause_where_the_clock_pauses():
    """Received 9:00, waiting 9:10 to 9:40 and from 9:50 on, answered 10:00."""
    minutes = [("received", 0), ("waiting_began", 10), ("waiting_ended", 40), ("told", 60)]
    found = [Happening(key, BEGAN + timedelta(minutes=m), by_system=True) for key, m in minutes]
    form = checklist(start_event="received", stop_event="told", pauses=True)
    clock, known = form.by_key["A"].clock, recorded([], found)
    assert recorded_times(clock, known)["stop"] == "2026-03-10T10:00:00+08:00"
    span = {"from": "2026-03-10T09:10:00+08:00", "to": "2026-03-10T09:40:00+08:00"}
    assert recorded_pauses(clock, known) == [span]
    unpaused = checklist(start_event="received", stop_event="told").by_key["A"].clock
    assert recorded_pauses(unpaused, known) == []
