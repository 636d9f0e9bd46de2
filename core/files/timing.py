"""How a file counts in figures: whether it was in time, when it came, how long it took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from core.clock.days import at_wall_clock
from core.files.clocks import FileClockState, ReadClock, is_due_known
from core.files.course import Course
from core.files.steps import Step

TIMED = (Step.FIRST_RESPONSE, Step.EXECUTED, Step.TOLD)
"""The steps whose clocks are counted, of the first round."""
HOURS_A_WEEK = 7 * 24


class Outcome(StrEnum):
    """Open: it runs and was not late at the last event; past its due moment it is overdue."""

    MET = auto()
    LATE = auto()
    OPEN = auto()


@dataclass(frozen=True)
class Timing:
    """What figures of files are made of.

    Attributes:
        weekday_hour: of its receiving at the station; 0 is Monday from 0 to 1, 167 the last hour.
        outcomes: of the clocks that count in measures, by the step that stops them.
        dues: when the open ones of them are due, as far as that is known.
        worked_until: when it was handled in its first round, or ended without; None while open.
        is_handled: it was handled then, and not cancelled or closed without.
    """

    weekday_hour: int
    outcomes: Mapping[Step, Outcome]
    dues: Mapping[Step, datetime]
    worked_until: datetime | None
    is_handled: bool


def timing(course: Course, clocks: Iterable[ReadClock], zone: str) -> Timing:
    """How a file counts, by its clocks as they stood at its last event."""
    counted = [c for c in clocks if c.counts and c.key in TIMED]
    local = at_wall_clock(course.received_at, zone)
    first = course.rounds[0]
    handled = first.first(
        Step.EXECUTED if Step.EXECUTED in course.kind.required else course.kind.closes
    )
    return Timing(
        weekday_hour=local.weekday() * 24 + local.hour,
        outcomes={clock.key: _outcome(clock) for clock in counted},
        dues={
            clock.key: clock.reading.due
            for clock in counted
            if _outcome(clock) is Outcome.OPEN and clock.reading.due and is_due_known(clock)
        },
        worked_until=handled or first.ended,
        is_handled=handled is not None,
    )


def _outcome(clock: ReadClock) -> Outcome:
    return {FileClockState.LATE: Outcome.LATE, FileClockState.MET: Outcome.MET}.get(
        clock.state, Outcome.OPEN
    )
