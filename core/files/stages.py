"""How urgent the clocks of a file are: due soon, late, twice too long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum, auto

from core.clock import Calendar, Level
from core.files.clocks import ReadClock

_A_MINUTE = timedelta(minutes=1)


class Stage(StrEnum):
    """Each is told once for a file: due soon to its owner, late to the supervisor too.

    Escalated: a clock has run twice its limit, which the quality manager is told.
    """

    DUE_SOON = auto()
    LATE = auto()
    ESCALATED = auto()


def stages(clocks: Iterable[ReadClock]) -> frozenset[Stage]:
    """The stages that the running clocks of a file have come to."""
    readings = [clock.reading for clock in clocks if clock.reading.is_running]
    reached = {Stage.DUE_SOON for reading in readings if reading.is_due_soon}
    late = [reading for reading in readings if reading.is_late]
    if late:
        reached.add(Stage.LATE)
    if any(2 * reading.late_by >= reading.elapsed for reading in late):
        reached.add(Stage.ESCALATED)
    return frozenset(reached)


def may_be_told(level: Level, calendar: Calendar, *, now: datetime) -> bool:
    """Whether a notice goes out now: urgent ones at once, others while the station is open."""
    return level is Level.URGENT or calendar.open_time(now, now + _A_MINUTE) > timedelta()
