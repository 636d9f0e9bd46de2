"""Clocks for tests: an office in Taipei, its times, and rules with a limit."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.clock import (
    ALWAYS_OPEN,
    Calendar,
    ClockRules,
    Level,
    Limit,
    LimitLine,
    Limits,
    Opening,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = Calendar("Asia/Taipei", tuple(Opening(day, time(9), time(18)) for day in range(5)))
URGENT, IMPORTANT, ORDINARY = Level


def at(text, zone="Asia/Taipei"):
    """A time of March 2026, or of the whole date that stands before it."""
    text = text if text.count("-") == 2 else f"2026-03-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def within(hours, calendar=ALWAYS_OPEN, **others):
    """Rules with one limit."""
    return ClockRules(Limits((LimitLine(Limit(hours * HOUR)),)), calendar, **others)


def by_level(urgent, important, ordinary):
    """Limits in hours."""
    hours = zip(Level, (urgent, important, ordinary), strict=True)
    return Limits(tuple(LimitLine(Limit(h * HOUR), level=level) for level, h in hours))
