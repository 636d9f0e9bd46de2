"""Months and periods in the reader's words."""

from __future__ import annotations

from datetime import date

from babel.dates import format_interval, format_skeleton

from core.periods import Period
from pages.ui.messages import language


def month_name(month: int) -> str:
    """A month with its year, short, as on an axis."""
    return _written("yMMM", month)


def period_name(period: Period) -> str:
    """A month, quarter or year by its name, another span by its first and last month."""
    first, last = period
    if first == last:
        return _written("yMMMM", first)
    if period.length == 12 and first % 100 == 1:
        return _written("y", first)
    if period.length == 3 and first % 100 % 3 == 1:
        return _written("yQQQ", first)
    return str(format_interval(_day(first), _day(last), "yMMM", locale=language()))


def _written(skeleton: str, month: int) -> str:
    return str(format_skeleton(skeleton, _day(month), locale=language()))


def _day(month: int) -> date:
    return date(month // 100, month % 100, 1)
