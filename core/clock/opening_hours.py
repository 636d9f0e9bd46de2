"""The calendar of a station: when it is open, and how much open time lies between two moments.

Open time is counted from tables of a year, so that a span of ten years costs what a day does.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil

from core.clock.days import day_of, first_moment, zone_names
from core.clock.limits import NOTHING
from core.errors import InvalidInput

FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Years for which a calendar with hours or free days counts."""
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_MIDNIGHT = time()


class Measure(Enum):
    """In what open time is counted."""

    TICKS = auto()
    """Microseconds."""
    WORKING_DAYS = auto()
    """Days on which the station opens, each in the share of its own open time that has passed."""


@dataclass(frozen=True)
class Opening:
    """From when to when a station is open on a day of the week, in its own time.

    Attributes:
        weekday: 0 is Monday.
        closes: 00:00 is the end of the day. What is open over midnight is two openings.
    """

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise InvalidInput("A day of the week is a number from 0, Monday, to 6, Sunday.")
        if self.opens.tzinfo or self.closes.tzinfo:
            raise InvalidInput("Opening hours are in the station's own time, without a zone.")
        if self.closes != _MIDNIGHT and self.closes <= self.opens:
            raise InvalidInput("Opening hours end before they begin.")


ROUND_THE_CLOCK = tuple(Opening(weekday, _MIDNIGHT, _MIDNIGHT) for weekday in range(7))


@dataclass(frozen=True)
class Calendar:
    """The weekly hours of a station and the days on which it is closed all the same."""

    zone: str = "UTC"
    openings: tuple[Opening, ...] = ROUND_THE_CLOCK
    free_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.zone not in zone_names():
            raise InvalidInput("Unknown time zone: {zone}.", zone=self.zone)
        ordered = sorted(self.openings, key=lambda opening: (opening.weekday, opening.opens))
        for former, latter in pairwise(ordered):
            if former.weekday == latter.weekday and (
                former.closes == _MIDNIGHT or latter.opens < former.closes
            ):
                raise InvalidInput("Opening hours overlap.")

    @property
    def has_hours(self) -> bool:
        """Whether it closes at all in an ordinary week; only then is a day a working day."""
        return frozenset(self.openings) != frozenset(ROUND_THE_CLOCK)

    @property
    def never_opens(self) -> bool:
        return not self.openings

    def refuse_idle_free_days(self) -> None:
        """To be called with what somebody enters; hours may change later and leave such a day.

        Raises:
            InvalidInput: a free day falls on a day of the week on which nothing opens.
        """
        weekdays = {opening.weekday for opening in self.openings}
        for day in sorted(self.free_days):
            if day.weekday() not in weekdays:
                raise InvalidInput("{day} is no free day: the station is closed anyway.", day=day)

    def open_time(self, begin: datetime, end: datetime) -> timedelta:
        """How much open time lies between two moments in order.

        Raises:
            InvalidInput: a moment lies outside of the years that are counted.
        """
        begin, end = begin.astimezone(UTC), end.astimezone(UTC)
        if self._never_closes:
            return end - begin
        return int(self._amount(begin, end, Measure.TICKS)) * _TICK

    def after(self, begin: datetime, amount: timedelta) -> datetime:
        """The first moment, in UTC, by which some open time has passed since `begin`.

        Raises:
            InvalidInput: it never passes within the years that are counted.
        """
        begin = begin.astimezone(UTC)
        if self._never_closes:
            return END_OF_TIME if amount > END_OF_TIME - begin else begin + amount
        return self._reached(begin, Fraction(amount // _TICK), Measure.TICKS)

    def working_days(self, begin: datetime, end: datetime) -> Fraction:
        """How many working days lie between two moments, the first and last in shares."""
        return self._amount(begin, end, Measure.WORKING_DAYS)

    def after_working_days(self, begin: datetime, amount: Fraction) -> datetime:
        """The first moment, in UTC, by which some working days have passed since `begin`."""
        return self._reached(begin, amount, Measure.WORKING_DAYS)

    @property
    def _never_closes(self) -> bool:
        return not self.has_hours and not self.free_days

    def _amount(self, begin: datetime, end: datetime, measure: Measure) -> Fraction:
        first, last = self._year(begin), self._year(end)
        between = sum(_table(self, year, measure).total for year in range(first, last))
        until = _table(self, last, measure).amount_until(end)
        return between + until - _table(self, first, measure).amount_until(begin)

    def _reached(self, begin: datetime, amount: Fraction, measure: Measure) -> datetime:
        year = self._year(begin)
        amount += _table(self, year, measure).amount_until(begin)
        while year <= LAST_YEAR:
            table = _table(self, year, measure)
            if amount <= table.total:
                return table.moment_of(amount)
            amount, year = amount - table.total, year + 1
        raise InvalidInput("By this calendar the limit is never reached.")

    def _year(self, moment: datetime) -> int:
        year = day_of(moment, self.zone).year
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise InvalidInput(
                "A calendar counts from {first} to {last}.", first=FIRST_YEAR, last=LAST_YEAR
            )
        return year


ALWAYS_OPEN = Calendar()


@dataclass(frozen=True)
class _OpenSpan:
    """One opening of one day, in UTC; `amount` is what it counts for."""

    begin: datetime
    end: datetime
    ticks: int
    amount: int | Fraction


@dataclass(frozen=True)
class _Table:
    """The open spans of a year in order; `reached` is the amount at the begin of the next one."""

    spans: tuple[_OpenSpan, ...]
    begins: tuple[datetime, ...]
    reached: tuple[int | Fraction, ...]

    @property
    def total(self) -> int | Fraction:
        return self.reached[-1]

    def amount_until(self, moment: datetime) -> Fraction:
        index = bisect_right(self.begins, moment)
        if not index:
            return Fraction()
        span = self.spans[index - 1]
        passed = (min(moment, span.end) - span.begin) // _TICK
        return self.reached[index - 1] + Fraction(span.amount * passed, span.ticks)

    def moment_of(self, amount: Fraction) -> datetime:
        """The first moment by which an amount above 0 and up to the total is reached."""
        index = bisect_left(self.reached, amount)
        span = self.spans[index - 1]
        ticks = (amount - self.reached[index - 1]) * span.ticks / span.amount
        return span.begin + ceil(ticks) * _TICK


@lru_cache(maxsize=128)
def _table(calendar: Calendar, year: int, measure: Measure) -> _Table:
    spans = tuple(_open_spans(calendar, year, measure))
    reached = accumulate((span.amount for span in spans), initial=0)
    return _Table(spans, tuple(span.begin for span in spans), tuple(reached))


def _open_spans(calendar: Calendar, year: int, measure: Measure) -> Iterator[_OpenSpan]:
    by_weekday: dict[int, list[Opening]] = defaultdict(list)
    for opening in sorted(calendar.openings, key=lambda opening: opening.opens):
        by_weekday[opening.weekday].append(opening)
    day = date(year, 1, 1)
    while day.year == year:
        if day not in calendar.free_days:
            pairs = [_moments(day, opening, calendar.zone) for opening in by_weekday[day.weekday()]]
            of_day = sum((end - begin for begin, end in pairs), NOTHING) // _TICK
            for begin, end in pairs:
                if begin < end:  # not where the clocks leap over the opening
                    ticks = (end - begin) // _TICK
                    amount = ticks if measure is Measure.TICKS else Fraction(ticks, of_day)
                    yield _OpenSpan(begin=begin, end=end, ticks=ticks, amount=amount)
        day += _DAY


def _moments(day: date, opening: Opening, zone: str) -> tuple[datetime, datetime]:
    last = day + _DAY if opening.closes == _MIDNIGHT else day
    begin, end = datetime.combine(day, opening.opens), datetime.combine(last, opening.closes)
    return first_moment(begin, zone), first_moment(end, zone)
