"""What the clocks of a file run by: limits and calendars as they were set from days on.

A file keeps what held on the day it was received. A change may say that it holds for clocks too
that still run when its day begins; what stopped before is not judged anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from core.clock import ALWAYS_OPEN, Calendar, LimitLine, Limits
from core.clock.days import begin_of
from core.files.clocks import LaterSetting, LimitTable
from core.files.kinds import KINDS, FileClock, Kind
from core.files.steps import Step


@dataclass(frozen=True)
class LimitChange:
    """One line of the limits of a clock from a day on; see `core.clock.LimitLine`.

    Attributes:
        step: the one that stops the clock.
        for_running: it holds for clocks that run when the day begins, too.
    """

    kind: Kind
    step: Step
    line: LimitLine
    since: date
    for_running: bool = False


@dataclass(frozen=True)
class CalendarChange:
    """The calendar of a station from a day on; `ALWAYS_OPEN` in its zone switches it off."""

    calendar: Calendar
    since: date
    for_running: bool = False


_Change = TypeVar("_Change", LimitChange, CalendarChange)


@dataclass(frozen=True)
class ClockSettings:
    """What a file was received under, and what came later for clocks that ran."""

    limits: LimitTable = field(default_factory=dict)
    calendar: Calendar = ALWAYS_OPEN
    later: tuple[LaterSetting, ...] = ()

    def by(self, moment: datetime) -> ClockSettings:
        """Without what holds from a later moment on."""
        return replace(self, later=tuple(one for one in self.later if one.since <= moment))


def clock_of(kind: Kind, step: Step) -> FileClock | None:
    """The clock of a kind that a step stops."""
    return next((clock for clock in KINDS[kind].clocks if clock.stop is step), None)


def limits_after(changes: Iterable[LimitChange]) -> LimitTable:
    """The limits of the clocks that were changed, after changes in the order in which they hold.

    A line replaces the one of the same level and channel. One for all levels leaves those of a
    single level as they are, which go before it.
    """
    lines: dict[tuple[Kind, Step], dict[object, LimitLine]] = defaultdict(dict)
    for change in changes:
        key = change.kind, change.step
        if key not in lines and (clock := clock_of(*key)) is not None:
            lines[key] = {(line.level, line.channel): line for line in clock.limits.lines}
        lines[key][change.line.level, change.line.channel] = change.line
    return {key: Limits(tuple(of_clock.values())) for key, of_clock in lines.items()}


def settings_for(
    received: date,
    zone: str,
    limits: Sequence[LimitChange],
    calendars: Sequence[CalendarChange] = (),
) -> ClockSettings:
    """What the clocks of a file run by.

    Args:
        received: the day, in the zone of the station.
        zone: in which days begin.
        limits, calendars: all changes in the order in which they were made; the calendars are
            those of the file's station.
    """
    held = [change for change in _in_order(limits) if change.since <= received]
    hours = [change.calendar for change in _in_order(calendars) if change.since <= received]
    calendar = hours[-1] if hours else Calendar(zone)
    table, later = limits_after(held), []
    for day in sorted(_later_days(limits, received) | _later_days(calendars, received)):
        held += [one for one in _in_order(limits) if one.since == day and one.for_running]
        hours += [one.calendar for one in calendars if one.since == day and one.for_running]
        now = hours[-1] if hours else calendar
        later.append(LaterSetting(begin_of(day, zone), limits_after(held), now))
    return ClockSettings(table, calendar, tuple(later))


def _in_order(changes: Iterable[_Change]) -> list[_Change]:
    """By the day from which they hold; of one day the later made is the last."""
    return sorted(changes, key=lambda change: change.since)


def _later_days(changes: Iterable[_Change], received: date) -> set[date]:
    """The days from which something holds for clocks that run."""
    return {one.since for one in changes if one.for_running and one.since > received}
