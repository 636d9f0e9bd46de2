"""Months as whole numbers yyyymm, and the spans of them that figures are made of."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from core.errors import InvalidInput


class Period(NamedTuple):
    """From the first to the last month, both included."""

    first: int
    last: int

    @property
    def code(self) -> str:
        """How an address names the period, such as 202604-202606."""
        return f"{self.first}-{self.last}"

    @property
    def length(self) -> int:
        return _ordinal(self.last) - _ordinal(self.first) + 1

    def months(self) -> list[int]:
        return [shift(self.first, step) for step in range(self.length)]

    def previous(self) -> Period:
        """The period of the same length just before."""
        return Period(shift(self.first, -self.length), shift(self.last, -self.length))

    def year_before(self) -> Period:
        """The same months of the year before."""
        return Period(shift(self.first, -12), shift(self.last, -12))

    def is_running(self, running: int) -> bool:
        """Whether it has begun, and is not over, in the running month."""
        return self.first <= running <= self.last

    def whole(self, running: int) -> Period | None:
        """Its months before the running one, which are over; None where none is."""
        if self.first >= running:
            return None
        return Period(self.first, min(self.last, shift(running, -1)))

    def beginning(self, length: int) -> Period:
        """Its first `length` months."""
        return Period(self.first, shift(self.first, length - 1))

    @classmethod
    def parse(cls, code: str) -> Period:
        """The period of a code.

        Raises:
            InvalidInput: it is not two months in order.
        """
        first, _, last = code.partition("-")
        if not (_is_month(first) and _is_month(last) and first <= last):
            raise InvalidInput("{code} is not a period.", code=code)
        return cls(int(first), int(last))


class LikeMonths(NamedTuple):
    """Months of two periods that may be told against each other."""

    own: Period
    other: Period


def like_months(own: Period, other: Period, running: int) -> LikeMonths | None:
    """The months of two periods by which they are compared: of each only what is over.

    A month that is not over is like no other: it is left out, and of a period as long as many
    first months are taken as there are of the other. One and the same period is compared as it is,
    as with other stations. None where no month of one of them is over.
    """
    if own == other:
        return LikeMonths(own, other)
    first, second = own.whole(running), other.whole(running)
    if first is None or second is None:
        return None
    if own.length == other.length:
        length = min(first.length, second.length)
        first, second = first.beginning(length), second.beginning(length)
    return LikeMonths(first, second)


def first_day(month: int) -> date:
    return date(month // 100, month % 100, 1)


def month_of(day: date) -> int:
    return day.year * 100 + day.month


def shift(month: int, by: int) -> int:
    """The month `by` months later, or earlier if negative."""
    year, index = divmod(_ordinal(month) + by, 12)
    return year * 100 + index + 1


def around(month: int, length: int) -> Period:
    """The span of `length` months, counted from January, that a month lies in."""
    start = _ordinal(month) // length * length
    first = start // 12 * 100 + start % 12 + 1
    return Period(first, shift(first, length - 1))


def choices(first: int, last: int, running: int) -> list[Period]:
    """What one may look at between two months: newest spans, quarters, months, years.

    The spans are the last 3, 6 and 12 months that are over, as far as there are so many; quarters
    and years may reach beyond the two, and like the running month itself need not be over.
    """
    ended = min(last, shift(running, -1))
    if ended < first:
        ended = last
    spans = [Period(shift(ended, 1 - length), ended) for length in (3, 6, 12)]
    months = list(reversed(Period(first, last).months()))
    quarters = [around(month, 3) for month in months]
    years = [around(month, 12) for month in months]
    singles = [Period(month, month) for month in months]
    reaching = [span for span in spans if span.first >= first] or [Period(first, ended)]
    return list(dict.fromkeys([*reaching, *quarters, *years, *singles]))


def _ordinal(month: int) -> int:
    return month // 100 * 12 + month % 100 - 1


def _is_month(text: str) -> bool:
    return len(text) == 6 and text.isascii() and text.isdigit() and 1 <= int(text[4:]) <= 12
