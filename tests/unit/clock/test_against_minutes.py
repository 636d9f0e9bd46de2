"""Clocks against a walk over every minute, which knows nothing but what a wall clock shows.

A minute is open if the latest time that the station's clock has shown by then lies in an opening of
a day that is not free. The walk counts minutes; where a limit ends it finds by counting on.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

import pytest

from core.clock import (
    Calendar,
    ClockRules,
    ClockRun,
    ClockState,
    Level,
    LevelChange,
    Limit,
    LimitLine,
    Limits,
    Opening,
    Wait,
    read,
)

MINUTE = timedelta(minutes=1)
LEAPS = {  # zone: changes of its clocks in 2026 (Samoa: the day it left out), at noon UTC
    "Asia/Taipei": (date(2026, 3, 8),),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "Asia/Beirut": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Pacific/Apia": (date(2011, 12, 30),),
}
FEW, MANY = 120, 10_000


@dataclass
class Walk:
    """A station's minutes from three days before the start on."""

    calendar: Calendar
    begin: datetime
    latest: tuple[date, time] = (date.min, time())
    days: list[date | None] = field(default_factory=list)

    def day(self, minute: int) -> date | None:
        """The day to which an open minute belongs; None while it is closed."""
        while len(self.days) <= minute:
            moment = self.begin + len(self.days) * MINUTE
            shown = moment.astimezone(ZoneInfo(self.calendar.zone))
            self.latest = max(self.latest, (shown.date(), shown.time()))
            self.days.append(self.latest[0] if self._is_open() else None)
        return self.days[minute]

    def _is_open(self) -> bool:
        day, clock = self.latest
        return day not in self.calendar.free_days and any(
            o.weekday == day.weekday()
            and o.opens <= clock
            and (o.closes == time() or clock < o.closes)
            for o in self.calendar.openings
        )


@dataclass
class Case:
    """A clock at random, in whole minutes."""

    run: ClockRun
    rules: ClockRules
    now: datetime

    @property
    def until(self) -> datetime:
        return self.run.stop or self.now


def a_calendar(rng: Random, zone: str, around: date) -> Calendar:
    hours = sorted(rng.sample(range(0, 1440, 15), 4))
    times = [time(minutes // 60, minutes % 60) for minutes in hours]
    kind = rng.choice(["always", "free", "day", "split", "night"])
    week = range(7) if rng.random() < 0.5 else sorted(rng.sample(range(7), rng.randint(2, 6)))
    openings = {
        "day": [Opening(day, times[0], times[3]) for day in week],
        "split": [Opening(day, *pair) for day in week for pair in (times[:2], times[2:])],
        "night": [
            Opening(day, *pair) for day in week for pair in ((time(), times[0]), (times[1], time()))
        ]
        if hours[0]
        else [Opening(day, times[1], time()) for day in week],
    }
    free = {around + timedelta(days=rng.randint(-3, 4)) for _ in range(rng.randint(0, 2))}
    free_days = frozenset() if kind == "always" else frozenset(free)
    calendar = Calendar(zone, free_days=free_days)
    return replace(calendar, openings=tuple(openings[kind])) if kind in openings else calendar


def a_case(seed: int) -> Case:
    rng = Random(seed)
    zone = rng.choice(sorted(LEAPS))
    leap = rng.choice(LEAPS[zone])
    noon = datetime(leap.year, leap.month, leap.day, 12, tzinfo=UTC)
    begin = noon + rng.randint(-3 * 1440, 600) * MINUTE
    length = rng.randint(0, 4 * 1440)
    until = begin + length * MINUTE
    ends = sorted(rng.sample(range(length + 1), 2 * min(rng.randint(0, 3), (length + 1) // 2)))
    waits = [
        Wait(begin + ends[n] * MINUTE, begin + ends[n + 1] * MINUTE) for n in range(0, len(ends), 2)
    ]
    is_running = rng.random() < 0.4
    if waits and is_running and rng.random() < 0.5:
        waits[-1] = Wait(waits[-1].began)
    changes = rng.sample(range(-60, length + 60), min(rng.randint(0, 4), length + 120))
    run = ClockRun(
        begin,
        None if is_running else until,
        rng.choice(list(Level)),
        changes=tuple(LevelChange(begin + n * MINUTE, rng.choice(list(Level))) for n in changes),
        waits=tuple(rng.sample(waits, len(waits))),
    )
    rules = ClockRules(limits(rng), a_calendar(rng, zone, leap), limits(rng, first=True))
    return Case(run, rules, until)


def limits(rng: Random, *, first: bool = False) -> Limits:
    """Now and then in days, or none."""
    most = 300 if first else 2000
    lines = []
    for level in Level:
        if rng.random() < 0.9:
            days = Limit(days=rng.randint(1, 2))
            limit = days if rng.random() < 0.2 else Limit(rng.randint(0, most) * MINUTE)
            lines.append(LimitLine(limit, level=level))
    return Limits(tuple(lines))


class Expected:
    """What the walk says of a case."""

    def __init__(self, case: Case) -> None:
        self.case, run = case, case.run
        self.calendar = case.rules.calendar
        self.walk = Walk(self.calendar, run.start - timedelta(days=3))
        self.start, self.end = 3 * 1440, self.minute(case.until)
        self.waiting = {
            minute
            for wait in run.waits
            for minute in range(self.minute(wait.began), self.minute(wait.ended or case.until))
        }
        minutes = range(self.start, self.end)
        open_minutes = {minute for minute in minutes if self.walk.day(minute)}
        self.elapsed = len(open_minutes - self.waiting) * MINUTE
        self.paused = len(open_minutes & self.waiting) * MINUTE
        self.closed = (len(minutes) - len(open_minutes)) * MINUTE
        self.lengths: dict[date | None, int] = {}
        self.levels = self._levels()
        self._judge()

    def minute(self, moment: datetime) -> int:
        return (moment - self.walk.begin) // MINUTE

    def _levels(self) -> list[tuple[int, Level]]:
        levels = [(self.start, self.case.run.level)]
        for change in sorted(self.case.run.changes, key=lambda change: change.since):
            since = self.minute(change.since)
            if since <= self.start:
                levels = [(self.start, change.level)]
            elif since <= self.end:
                levels.append((since, change.level))
        return levels

    def _judge(self) -> None:
        self.late_by, self.late_before, self.due = timedelta(), False, None
        self.late_since: datetime | None = None
        for index, (since, level) in enumerate(self.levels):
            is_last = index == len(self.levels) - 1
            end = self.end if is_last else self.levels[index + 1][0]
            self.due = self._due(index, level)
            if self.due is not None:
                over = self.running(self.due, self.walk.begin + end * MINUTE)
                self.late_by = max(self.late_by, over)
                if over and self.late_since is None:
                    self.late_since = self._running_from(since)
                self.late_before |= bool(over) and not is_last

    def _running_from(self, since: int) -> datetime:
        begin = self.walk.begin + since * MINUTE
        if self.due < begin and self.running(self.due, begin):
            return begin
        first = max(self.due, begin)
        minute = next(m for m in count(self.minute(first)) if self.runs(m))
        return max(first, self.walk.begin + minute * MINUTE)

    def _due(self, index: int, level: Level) -> datetime | None:
        line = self.case.rules.limits.line(level, "")
        if line.limit is None:
            return None
        first = self.case.rules.first_answer.line(level, "").limit
        raised = next(
            (
                since
                for n, (since, _level) in reversed(list(enumerate(self.levels[: index + 1])))
                if n and self._is_below(self.levels[n - 1][1], level)
            ),
            None,
        )
        due = self.reached(self.start, line.limit)
        return due if first is None or raised is None else max(due, self.reached(raised, first))

    @staticmethod
    def _is_below(former: Level, level: Level) -> bool:
        order = ["urgent", "important", "ordinary"]
        return order.index(former) > order.index(level)

    def running(self, begin: datetime, end: datetime) -> timedelta:
        """Open time without waiting; `begin` may lie within a minute."""
        first, last = self.minute(begin), self.minute(end)
        minutes = [m for m in range(first, last) if self.runs(m)]
        passed = len(minutes) * MINUTE
        return passed - (begin - self.walk.begin) % MINUTE if first in minutes else passed

    def runs(self, minute: int) -> bool:
        return self.walk.day(minute) is not None and minute not in self.waiting

    def reached(self, begin: int, limit: Limit) -> datetime:
        """Counting on, minute by minute; a working day has as many as its own open minutes."""
        has_hours = len({o.weekday for o in self.calendar.openings if o.opens == o.closes}) < 7
        needed = Fraction(limit.days if has_hours else limit.days * 1440)
        needed += limit.time // MINUTE
        if not needed:
            return self.walk.begin + begin * MINUTE
        for minute in count(begin):
            if self.runs(minute):
                share = self._share(minute) if limit.days and has_hours else Fraction(1)
                if share >= needed:
                    ticks = -(-(needed / share * 60_000_000) // 1)
                    return self.walk.begin + minute * MINUTE + timedelta(microseconds=int(ticks))
                needed -= share
        raise AssertionError

    def _share(self, minute: int) -> Fraction:
        day = self.walk.day(minute)
        if day not in self.lengths:
            near = range(max(0, minute - 1600), minute + 1600)
            self.lengths[day] = sum(self.walk.day(other) == day for other in near)
        return Fraction(1, self.lengths[day])


def check(seed: int) -> None:
    case = a_case(seed)
    reading, expected = read(case.run, case.rules, now=case.now), Expected(case)
    assert reading.elapsed + reading.paused + reading.closed == case.until - case.run.start
    assert reading.elapsed == expected.elapsed
    assert reading.paused == expected.paused
    assert reading.closed == expected.closed
    assert reading.due == expected.due
    assert (reading.late_by, reading.late_since) == (expected.late_by, expected.late_since)
    assert reading.late_before_change == expected.late_before
    assert (reading.state is ClockState.LATE) == bool(expected.late_by)
    entered_in_another_order = replace(
        case.run, waits=case.run.waits[::-1], changes=case.run.changes[::-1]
    )
    assert read(entered_in_another_order, case.rules, now=case.now) == reading


def raised_and_lowered(seed: int) -> None:
    """Up and down again within a minute: as before, if nothing passed in between."""
    case = a_case(seed)
    run = replace(case.run, changes=(), level=Level.ORDINARY)
    length = (case.until - run.start) // MINUTE
    since = run.start + Random(seed).randint(0, max(length - 1, 0)) * MINUTE
    there_and_back = (
        LevelChange(since + MINUTE / 3, Level.URGENT),
        LevelChange(since + MINUTE / 2, Level.ORDINARY),
    )
    before = read(run, case.rules, now=case.now)
    after = read(replace(run, changes=there_and_back), case.rules, now=case.now)
    if not after.late_before_change or before.late_before_change:
        assert after == before
    else:
        assert after.state is ClockState.LATE


@pytest.mark.parametrize("seeds", [range(n, n + 20) for n in range(0, FEW, 20)], ids=str)
def test_a_clock_says_what_a_walk_over_the_minutes_counts(seeds):
    for seed in seeds:
        check(seed)


def test_raising_and_lowering_again_leaves_the_result_unless_it_was_due_in_between():
    for seed in range(FEW):
        raised_and_lowered(seed)


def test_the_cases_meet_what_may_happen():
    cases = [a_case(seed) for seed in range(FEW)]
    readings = [read(case.run, case.rules, now=case.now) for case in cases]
    assert {case.rules.calendar.zone for case in cases} == set(LEAPS)
    assert {reading.state for reading in readings} == set(ClockState)
    assert sum(reading.paused > timedelta() for reading in readings) > FEW / 10
    assert sum(reading.closed > timedelta() for reading in readings) > FEW / 10
    assert sum(reading.late_before_change for reading in readings) > FEW / 20
    assert sum(reading.is_waiting for reading in readings) > FEW / 20


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.skipif(not os.environ.get("SOAK"), reason="ten thousand clocks: make soak")
def test_ten_thousand_clocks_say_what_the_minutes_count():
    for seed in range(MANY):
        check(seed)
        raised_and_lowered(seed)
