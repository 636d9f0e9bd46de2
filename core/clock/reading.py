"""Reading a clock: what has passed, what did not count, and whether it is late.

A clock is computed from its start, its stop and what lies between at every reading; nothing is
stored that could drift. Whoever enters a fact later, or strikes one out, reads the right result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, auto
from itertools import pairwise

from core.clock.limits import NO_LIMITS, NOTHING, Level, LimitLine, Limits
from core.clock.opening_hours import ALWAYS_OPEN, Calendar
from core.clock.running_time import RunningTime, TimeSpan
from core.errors import InvalidInput


@dataclass(frozen=True)
class Wait:
    """A time in which the customer has to act; `ended` is None while it lasts."""

    began: datetime
    ended: datetime | None = None


@dataclass(frozen=True)
class LevelChange:
    since: datetime
    level: Level


@dataclass(frozen=True)
class ClockRules:
    """What a clock runs by.

    Attributes:
        first_answer: limits of the first answer; whoever gets a matter when it is raised to a level
            has at least that long.
        pauses: whether waiting stops it; a first answer never pauses.
    """

    limits: Limits
    calendar: Calendar = ALWAYS_OPEN
    first_answer: Limits = NO_LIMITS
    pauses: bool = True


@dataclass(frozen=True)
class ClockRun:
    """What happened.

    Attributes:
        stop: None while it runs.
        level: at the start; what changes after the stop changes nothing.
    """

    start: datetime
    stop: datetime | None = None
    level: Level = Level.ORDINARY
    channel: str = ""
    changes: tuple[LevelChange, ...] = ()
    waits: tuple[Wait, ...] = ()


class ClockState(StrEnum):
    """Ended: it stopped, and there is no limit to compare with."""

    RUNNING = auto()
    MET = auto()
    LATE = auto()
    ENDED = auto()


@dataclass(frozen=True)
class ClockReading:
    """A clock at its stop, or now. elapsed + paused + closed is the time on the wall.

    Attributes:
        elapsed: open time without waiting.
        paused: open time of waiting.
        line: the limit of the level at the end.
        due, warn_at: when the limit is reached, and three quarters of it, as far as is known by
            now: waiting to come moves both. None where nothing is judged.
        late_since: when it ran on after a limit, the first of the levels that it had.
        late_by: by how much elapsed time at most.
        late_before_change: it passed the limit of a former level; a new limit does not mend that.
        counts: in measures.
    """

    until: datetime
    is_running: bool
    is_waiting: bool
    elapsed: timedelta
    paused: timedelta
    closed: timedelta
    line: LimitLine
    due: datetime | None
    warn_at: datetime | None
    late_since: datetime | None
    late_by: timedelta
    late_before_change: bool
    counts: bool

    @property
    def is_late(self) -> bool:
        return self.late_since is not None

    @property
    def is_due_soon(self) -> bool:
        """It runs, is not late, and three quarters of the limit have passed."""
        passed = self.warn_at is not None and self.warn_at <= self.until
        return self.is_running and passed and not self.is_late

    @property
    def state(self) -> ClockState:
        if self.is_late:
            return ClockState.LATE
        if self.is_running:
            return ClockState.RUNNING
        return ClockState.ENDED if self.due is None else ClockState.MET


def read(run: ClockRun, rules: ClockRules, *, now: datetime) -> ClockReading:
    """The clock at its stop, or at `now` while it runs.

    Raises:
        InvalidInput: the times contradict each other, or nothing would ever be late.
    """
    within, waits = _checked(run, rules, now)
    start, until = within
    time = RunningTime(rules.calendar, waits)
    open_time, elapsed = rules.calendar.open_time(start, until), time.passed(start, until)
    reigns = list(_reigns(run, rules, time, within))
    broken = [reign for reign in reigns if reign.overrun]
    last = reigns[-1]
    return ClockReading(
        until=until,
        is_running=run.stop is None,
        is_waiting=run.stop is None and any(wait.ended is None for wait in run.waits),
        elapsed=elapsed,
        paused=open_time - elapsed,
        closed=until - start - open_time,
        line=last.line,
        due=last.due,
        warn_at=None if last.due is None else _warn_at(time, start, last.due),
        late_since=broken[0].late_since if broken else None,
        late_by=max((reign.overrun for reign in broken), default=NOTHING),
        late_before_change=any(reign is not last for reign in broken),
        counts=any(reign.line.counts for reign in broken or [last]),
    )


def _warn_at(time: RunningTime, start: datetime, due: datetime) -> datetime:
    return time.when_passed(start, time.passed(start, due) * 3 / 4)


def waits_within(waits: Iterable[Wait], begin: datetime, end: datetime) -> tuple[Wait, ...]:
    """What of the waiting for a whole matter lies in the time of one of its clocks."""
    clipped = ((max(w.began, begin), min(w.ended or end, end)) for w in waits)
    return tuple(Wait(began=began, ended=ended) for began, ended in clipped if began < ended)


def _checked(
    run: ClockRun, rules: ClockRules, now: datetime
) -> tuple[TimeSpan, tuple[TimeSpan, ...]]:
    """From the start to the stop or now, and the waits in order; all in UTC.

    Raises:
        InvalidInput: they contradict each other.
    """
    start, until = _utc(run.start), _utc(now if run.stop is None else run.stop)
    if until < start:
        raise InvalidInput("The clock stops before it starts.")
    if run.waits and not rules.pauses:
        raise InvalidInput("This clock does not stop for waiting.")
    waits = sorted((_utc(w.began), until if w.ended is None else _utc(w.ended)) for w in run.waits)
    for began, ended in waits:
        if ended < began:
            raise InvalidInput("Waiting ends before it begins.")
        if began < start or ended > until:
            raise InvalidInput("Waiting lies outside of the time in which the clock runs.")
    if any(latter[0] < former[1] for former, latter in pairwise(waits)):
        raise InvalidInput("Times of waiting overlap.")
    return (start, until), tuple(waits)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise InvalidInput("A time of a clock needs its time zone.")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise InvalidInput(
            "A time of a clock lies before the first year or after the last."
        ) from None


@dataclass(frozen=True)
class _Reign:
    """The time in which one level was in force; `due` is None where it has no limit."""

    line: LimitLine
    due: datetime | None
    overrun: timedelta = NOTHING
    late_since: datetime | None = None


def _reigns(
    run: ClockRun, rules: ClockRules, time: RunningTime, within: TimeSpan
) -> Iterator[_Reign]:
    levels = _levels(run, within)
    ends = [*(since for since, _level in levels[1:]), within[1]]
    for index, ((begin, level), end) in enumerate(zip(levels, ends, strict=True)):
        line = rules.limits.line(level, run.channel)
        if line.judged is None:
            yield _Reign(line, None)
            continue
        floor = _floor(levels[: index + 1], rules.first_answer, run.channel, time)
        due = max(time.due(within[0], line.judged), floor or within[0])
        overrun = time.passed(due, end) if due < end else NOTHING
        yield _Reign(line, due, overrun, _late_since(time, begin, due) if overrun else None)


def _late_since(time: RunningTime, begin: datetime, due: datetime) -> datetime:
    """When it ran on after a limit; as the level began, if it had done so before."""
    is_over = due < begin and time.passed(due, begin)
    return begin if is_over else time.running_from(max(due, begin))


def _levels(run: ClockRun, within: TimeSpan) -> list[tuple[datetime, Level]]:
    """The level at the start, and those that it changed to, with their begin."""
    start, until = within
    changes = sorted((_utc(change.since), change.level) for change in run.changes)
    if any(former[0] == latter[0] for former, latter in pairwise(changes)):
        raise InvalidInput("The level changes twice at the same moment.")
    earlier = [run.level, *(level for since, level in changes if since <= start)]
    return [(start, earlier[-1]), *(c for c in changes if start < c[0] <= until)]


def _floor(
    levels: Sequence[tuple[datetime, Level]],
    first_answer: Limits,
    channel: str,
    time: RunningTime,
) -> datetime | None:
    """Before when the last of the levels is not due, if the matter was raised to it or over it.

    It counts from when the matter came to this level or one above. So raising and lowering again
    leaves what was before, and a level reached in two steps is due as if reached in one.
    """
    _since, level = levels[-1]
    lower = [index for index, (_s, former) in enumerate(levels) if not former.is_at_least(level)]
    line = first_answer.line(level, channel)
    if not lower or line.judged is None:
        return None
    return time.due(levels[lower[-1] + 1][0], line.judged)
