"""Reading the clocks of a file from its events, at every reading anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from itertools import pairwise
from typing import NamedTuple

from core.clock import (
    ALWAYS_OPEN,
    Calendar,
    ClockReading,
    ClockRules,
    ClockRun,
    Limits,
    Wait,
    read,
    waits_within,
)
from core.files.course import Course, FileFacts, Round
from core.files.kinds import BECOME_COMPLAINTS, KINDS, FileClock, FileKind, Kind
from core.files.steps import Step


class FileClockState(StrEnum):
    """Unset: there is nothing to compare with, or the file ended before the step came."""

    RUNNING = auto()
    WAITING = auto()
    MET = auto()
    LATE = auto()
    UNSET = auto()


LimitTable = Mapping[tuple[Kind, Step], Limits]
"""Limits by kind and the step that stops the clock, in place of those that the kinds come with."""
AS_THEY_COME: LimitTable = {}


@dataclass(frozen=True)
class LaterSetting:
    """What clocks that still run at a moment run by from then on, from their start to their end."""

    since: datetime
    limits: LimitTable
    calendar: Calendar


@dataclass(frozen=True)
class ReadClock:
    """A clock of one round of a file.

    Attributes:
        is_former: of the kind that the file had before it became a complaint; kept, not counted.
        stop: when its step was taken; None while it runs, and where the file ended without it.
    """

    key: Step
    kind: Kind
    is_former: bool
    round: int
    start: datetime
    stop: datetime | None
    reading: ClockReading

    @property
    def state(self) -> FileClockState:
        if self.reading.is_late:
            return FileClockState.LATE
        if self.reading.is_waiting:
            return FileClockState.WAITING
        if self.reading.due is None or (self.stop is None and not self.reading.is_running):
            return FileClockState.UNSET
        return FileClockState.RUNNING if self.reading.is_running else FileClockState.MET

    @property
    def counts(self) -> bool:
        """Whether it counts in measures: the first round of the present kind, by a limit in use."""
        is_judged = self.state is not FileClockState.UNSET
        return self.round == 1 and not self.is_former and is_judged and self.reading.counts


def foremost(clocks: Iterable[ReadClock]) -> ReadClock | None:
    """The clock to look at first: the running one that is due first, else one that waits.

    None where no clock with a limit runs.
    """
    running = [c for c in clocks if c.reading.is_running and c.reading.due and not c.is_former]
    return min(running, key=lambda c: (not is_due_known(c), c.reading.due), default=None)


def late_since(clocks: Iterable[ReadClock]) -> datetime | None:
    """Since when the first of the clocks was late; None where none was."""
    late = [clock.reading.late_since for clock in clocks if clock.reading.late_since is not None]
    return min(late, default=None)


class Standing(NamedTuple):
    """What the clocks come to, as the events alone decide it.

    Attributes:
        next_due_at: when the next running clock is due; None where none is, or all wait.
        late_since: since when the file is late; it stays for good.
    """

    next_due_at: datetime | None
    late_since: datetime | None


def read_clocks(
    facts: FileFacts,
    *,
    now: datetime,
    limits: LimitTable = AS_THEY_COME,
    calendar: Calendar = ALWAYS_OPEN,
    later: Sequence[LaterSetting] = (),
) -> tuple[ReadClock, ...]:
    """The clocks of every round as they stand at a moment, by the events up to then.

    The clocks of a kind that became a complaint stop then and come first. A clock that did not
    begin is left out. `later` are settings that came after the file, in the order of their times,
    for clocks that they still met running.

    Raises:
        InvalidInput: the times contradict each other; see `core/files/order.py`.
    """
    facts = facts.until(now)
    if not facts.events:
        return ()
    course = Course(facts)
    reader = _Reader(course, (limits, calendar), tuple(later), now)
    former = reader.former() if facts.kind in BECOME_COMPLAINTS else ()
    return (*former, *reader.present())


def clocks_at_last_event(
    facts: FileFacts,
    *,
    limits: LimitTable = AS_THEY_COME,
    calendar: Calendar = ALWAYS_OPEN,
    later: Sequence[LaterSetting] = (),
) -> tuple[ReadClock, ...]:
    """The clocks without a clock on the wall: as they stood at the last event."""
    last = max(event.at for event in facts.events)
    return read_clocks(facts, now=last, limits=limits, calendar=calendar, later=later)


def standing_of(clocks: Iterable[ReadClock]) -> Standing:
    """What lists go by, from the clocks as they stood at the last event.

    A file is late in a list if it was late then, or `next_due_at` has passed since.
    """
    clocks = tuple(clocks)
    dues = [
        clock.reading.due
        for clock in clocks
        if clock.reading.is_running and clock.reading.due is not None and is_due_known(clock)
    ]
    return Standing(next_due_at=min(dues, default=None), late_since=late_since(clocks))


def is_due_known(clock: ReadClock) -> bool:
    """While the customer is waited for, the due moment is known only if it has passed."""
    return clock.reading.is_late or not clock.reading.is_waiting


@dataclass(frozen=True)
class _Reader:
    course: Course
    first: tuple[LimitTable, Calendar]
    later: tuple[LaterSetting, ...]
    now: datetime

    def former(self) -> Iterator[ReadClock]:
        """The clocks of the first kind, which ran until the file became a complaint."""
        became = self.course.became_complaint
        if became is not None:
            first = self.course.rounds[0]
            until = min(became, first.ended or became)
            known = tuple(event for event in first.events if event.at <= until)
            yield from self._of_round(KINDS[self.course.facts.kind], Round(1, known, until))

    def present(self) -> Iterator[ReadClock]:
        for here in self.course.rounds:
            yield from self._of_round(self.course.kind, here)

    def _of_round(self, kind: FileKind, here: Round) -> Iterator[ReadClock]:
        for clock in kind.clocks:
            if clock.for_major and not self.course.is_major:
                continue
            readings = [self._read(kind, clock, here, span) for span in _spans(clock, here)]
            late = (one for one in readings if one.reading.is_late)
            yield from [next(late, readings[-1])] if readings else []

    def _read(self, kind: FileKind, clock: FileClock, here: Round, span: _Span) -> ReadClock:
        until = span.until or self.now
        table, calendar = self._setting(span.until)
        limits = table.get((kind.key, clock.stop), clock.limits)
        answer = table.get((kind.key, Step.FIRST_RESPONSE), kind.first_answer)
        run = ClockRun(
            start=span.start,
            stop=span.until,
            level=self.course.first_level,
            channel=self.course.facts.channel,
            changes=self.course.changes,
            waits=self._waits(span.start, until, runs=span.until is None) if clock.pauses else (),
        )
        rules = ClockRules(limits, calendar, answer, pauses=clock.pauses)
        reading = read(run, rules, now=self.now)
        return ReadClock(
            key=clock.stop,
            kind=kind.key,
            is_former=kind is not self.course.kind,
            round=here.number,
            start=span.start,
            stop=span.stop,
            reading=reading,
        )

    def _setting(self, until: datetime | None) -> tuple[LimitTable, Calendar]:
        """Of the day the file was received, or of the last later one before the clock stopped."""
        met = [one for one in self.later if until is None or one.since <= until]
        return (met[-1].limits, met[-1].calendar) if met else self.first

    def _waits(self, start: datetime, until: datetime, *, runs: bool) -> tuple[Wait, ...]:
        waits = self.course.waits
        if runs and waits and waits[-1].ended is None:
            last = Wait(max(waits[-1].began, start))
            return (*waits_within(waits[:-1], start, until), last)
        return waits_within(waits, start, until)


class _Span(NamedTuple):
    """From where a clock runs; until when, None while it does; and its stop, if that came."""

    start: datetime
    until: datetime | None
    stop: datetime | None


def _spans(clock: FileClock, here: Round) -> list[_Span]:
    """One time in which a clock runs, or none; several where it begins anew with each stop."""
    start, ended = here.first(clock.start), here.ended
    if start is None or (ended is not None and ended < start):
        return []
    if not clock.is_progress:
        stop = here.first(clock.stop)
        return [_Span(start=start, until=stop or ended, stop=stop)]
    last = here.first(Step.TOLD) or ended
    told = [event.at for event in here.events if event.step is clock.stop and event.at >= start]
    moments = [start, *(at for at in told if last is None or at <= last)]
    if last is not None and last < start:
        return []
    silences = [_Span(start=a, until=b, stop=b) for a, b in pairwise(moments)]
    return [*silences, _Span(start=moments[-1], until=last, stop=last)]
