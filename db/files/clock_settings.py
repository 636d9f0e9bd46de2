"""Limits of clocks of files and opening hours of stations as they are stored, for each file."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Calendar, Level, Limit, LimitLine, LimitStatus, Opening
from core.clock.days import day_of
from core.files.clock_settings import CalendarChange, ClockSettings, LimitChange, settings_for
from core.files.kinds import Kind
from core.files.steps import Step
from db.files.models import FileLimit, StationHours


class StoredSettings:
    """All that was set, read once for many files."""

    def __init__(self, session: Session) -> None:
        limits = session.scalars(select(FileLimit).order_by(FileLimit.id))
        self._limits = [limit_change(row) for row in limits]
        self._hours: dict[int, list[StationHours]] = defaultdict(list)
        for row in session.scalars(select(StationHours).order_by(StationHours.id)):
            self._hours[row.station_id].append(row)
        self._known: dict[tuple[int, str, date], ClockSettings] = {}

    def of(self, station_id: int, zone: str, received_at: datetime) -> ClockSettings:
        """What the clocks of a file run by; `zone` is that of its station."""
        key = station_id, zone, day_of(received_at, zone)
        if key not in self._known:
            hours = [calendar_change(row, zone) for row in self._hours[station_id]]
            self._known[key] = settings_for(key[2], zone, self._limits, hours)
        return self._known[key]


def limit_change(row: FileLimit) -> LimitChange:
    return LimitChange(
        Kind(row.kind), Step(row.step), line_of(row), row.effective_from, row.for_running
    )


def line_of(row: FileLimit) -> LimitLine:
    return LimitLine(
        amount(row.minutes, row.days, row.months),
        LimitStatus(row.status),
        Level(row.level) if row.level else None,
        row.channel or None,
    )


def amount(minutes: float | None, days: int | None, months: int | None) -> Limit | None:
    """A limit as it is stored in three columns of which at most one is filled."""
    if minutes is None and days is None and months is None:
        return None
    return Limit(timedelta(minutes=minutes or 0), days=days or 0, months=months or 0)


def calendar_change(row: StationHours, zone: str) -> CalendarChange:
    return CalendarChange(calendar_of_hours(row, zone), row.effective_from, row.for_running)


def calendar_of_hours(row: StationHours, zone: str) -> Calendar:
    """The calendar that a row stands for; one without openings runs round the clock."""
    if not row.openings:
        return Calendar(zone)
    openings = (
        Opening(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
        for weekday, opens, closes in row.openings
    )
    return Calendar(zone, tuple(openings), frozenset(map(date.fromisoformat, row.free_days)))
