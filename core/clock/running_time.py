"""The time by which a clock runs: the open time of a calendar, less what is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TypeVar

from core.clock.days import add_months, begin_of, day_of
from core.clock.limits import NOTHING, Limit
from core.clock.opening_hours import END_OF_TIME, Calendar
from core.errors import InvalidInput

TimeSpan = tuple[datetime, datetime]
_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
_Amount = TypeVar("_Amount", timedelta, Fraction)


@dataclass(frozen=True)
class RunningTime:
    """`waits` are in order and do not overlap."""

    calendar: Calendar
    waits: tuple[TimeSpan, ...]

    def passed(self, begin: datetime, end: datetime) -> timedelta:
        """How long it runs between two moments."""
        between = self.calendar.open_time
        return sum((between(*span) for span in self._spans(begin, end)), NOTHING)

    def when_passed(self, begin: datetime, amount: timedelta) -> datetime:
        """The first moment by which it has run so long since another."""
        return self._when(begin, amount, self.calendar.open_time, self.calendar.after)

    def running_from(self, moment: datetime) -> datetime:
        """The moment itself if it runs then, else when it goes on."""
        return self.when_passed(moment, _TICK) - _TICK

    def due(self, begin: datetime, limit: Limit) -> datetime:
        """The first moment by which a limit is reached that runs from another.

        Raises:
            InvalidInput: it is never reached.
        """
        if limit.months:
            return self._end_of_period(begin, limit.months)
        if self.calendar.never_opens:
            raise InvalidInput("This calendar is closed all week: no limit would ever be reached.")
        if limit.days and self.calendar.has_hours:
            between, after = self.calendar.working_days, self.calendar.after_working_days
            return self._when(begin, Fraction(limit.days), between, after)
        return self.when_passed(begin, limit.time + limit.days * _DAY)

    def _end_of_period(self, begin: datetime, months: int) -> datetime:
        try:
            last = add_months(day_of(begin, self.calendar.zone), months)
            return begin_of(last + _DAY, self.calendar.zone)
        except (OverflowError, ValueError):
            raise InvalidInput("By this calendar the limit is never reached.") from None

    def _when(
        self,
        begin: datetime,
        amount: _Amount,
        between: Callable[[datetime, datetime], _Amount],
        after: Callable[[datetime, _Amount], datetime],
    ) -> datetime:
        """The moment by which an amount has passed, in the measure that the two functions have."""
        if not amount:
            return begin
        *earlier, (last, _end) = self._spans(begin, END_OF_TIME)
        for span in earlier:
            passed = between(*span)
            if passed >= amount:
                return after(span[0], amount)
            amount -= passed
        return after(last, amount)

    def _spans(self, begin: datetime, end: datetime) -> Iterator[TimeSpan]:
        """What lies between the waits, in order; at the end of time there is always a span."""
        for began, ended in self.waits:
            if begin < began < end:
                yield begin, began
            if began < end:
                begin = max(begin, ended)
        if begin < end or end == END_OF_TIME:
            yield begin, end
