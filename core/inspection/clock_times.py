"""The times of an encounter's clocks, from what was recorded and from its transcript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.checklist import Checklist, Clock
from core.clock import waits_within
from core.clock.days import at_wall_clock
from core.clock.happenings import Happening, times_of, waits_of
from core.clock.turn_waits import TurnWait, longest

WRITTEN = frozenset({"chat", "bot"})
"""Channels in which turns are timed: what is spoken takes its time to be said."""
_ANSWERED = ("enquiry_received", "first_response")


@dataclass(frozen=True)
class Recorded:
    """What is known of an encounter.

    Attributes:
        waits: of the customer between turns; none but in a written channel.
    """

    began: datetime
    timezone: str
    case_kind: str
    happenings: tuple[Happening, ...]
    waits: tuple[TurnWait, ...] = ()


def is_by_turns(clock: Clock) -> bool:
    """Whether a clock measures answers to enquiries, of which a conversation has one each turn."""
    return (clock.start_event, clock.stop_event) == _ANSWERED


def recorded_times(clock: Clock, recorded: Recorded) -> dict[str, str] | None:
    """Start, stop and evidence_kind as an answer has them; None where they are not recorded.

    The times of turns go before events: the longest wait is what a limit for answers is about.
    """
    wait = longest(recorded.waits) if is_by_turns(clock) else None
    if wait is not None:
        start, stop = (recorded.began + timedelta(seconds=s) for s in (wait.asked, wait.answered))
        return _written(start, stop, recorded.timezone, "system")
    times = times_of(
        clock.start_event, clock.stop_event, recorded.happenings, case_kind=recorded.case_kind
    )
    if times is None:
        return None
    kind = "system" if all(happening.by_system for happening in times) else "manual"
    return _written(times[0].at, times[1].at, recorded.timezone, kind)


def recorded_pauses(clock: Clock, recorded: Recorded) -> list[dict[str, str]]:
    """The times of waiting for the customer within a clock's own, as {from, to}."""
    times = recorded_times(clock, recorded)
    if not clock.pauses or times is None:
        return []
    start, stop = (datetime.fromisoformat(times[name]) for name in ("start", "stop"))
    waits = waits_within(waits_of(recorded.happenings), start, stop)
    return [
        {
            name: at_wall_clock(moment, recorded.timezone).isoformat(timespec="seconds")
            for name, moment in (("from", wait.began), ("to", wait.ended or stop))
        }
        for wait in waits
    ]


def prefilled_clocks(checklist: Checklist, recorded: Recorded) -> dict[str, Any]:
    """Stored answers of the clocks with a limit that the transcript tells."""
    answers: dict[str, Any] = {}
    for item in checklist.items():
        if recorded.waits and item.scored and item.clock and is_by_turns(item.clock):
            answers[item.key] = recorded_times(item.clock, recorded)
    return answers


def late_waits(waits: Iterable[TurnWait], minutes: float) -> list[TurnWait]:
    return [wait for wait in waits if wait.is_late(timedelta(minutes=minutes))]


def limit_of_turns(checklist: Checklist) -> float | None:
    """The limit in minutes of the first clock that measures answers by turns; None without any."""
    clocks = (item.clock for item in checklist.items() if item.clock and is_by_turns(item.clock))
    limits = (clock.limit_minutes for clock in clocks)
    return next((limit for limit in limits if limit is not None), None)


def happenings_of(events: Iterable[Mapping[str, Any]]) -> tuple[Happening, ...]:
    """Stored events as clocks read them."""
    return tuple(
        Happening(
            str(event.get("name")),
            datetime.fromisoformat(str(event["at"])),
            by_system=event.get("source") == "system",
        )
        for event in events
    )


def _written(start: datetime, stop: datetime, timezone: str, kind: str) -> dict[str, str]:
    began, ended = (at_wall_clock(moment, timezone) for moment in (start, stop))
    return {
        "start": began.isoformat(timespec="seconds"),
        "stop": ended.isoformat(timespec="seconds"),
        "evidence_kind": kind,
    }
