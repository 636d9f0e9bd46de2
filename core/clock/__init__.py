"""Clocks: what day it is for whom, opening hours, limits, and what a clock says.

See core/clock/reading.py for how a clock is read and core/clock/days.py for days and time zones.
"""

from core.clock.limits import NO_LIMITS, Level, Limit, LimitLine, Limits, LimitStatus
from core.clock.opening_hours import ALWAYS_OPEN, ROUND_THE_CLOCK, Calendar, Opening
from core.clock.reading import (
    ClockReading,
    ClockRules,
    ClockRun,
    ClockState,
    LevelChange,
    Wait,
    read,
    waits_within,
)

__all__ = [
    "ALWAYS_OPEN",
    "NO_LIMITS",
    "ROUND_THE_CLOCK",
    "Calendar",
    "ClockReading",
    "ClockRules",
    "ClockRun",
    "ClockState",
    "Level",
    "LevelChange",
    "Limit",
    "LimitLine",
    "LimitStatus",
    "Limits",
    "Opening",
    "Wait",
    "read",
    "waits_within",
]
