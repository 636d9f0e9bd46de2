"""Working days: until when an encounter is due, and how many a day keep every due day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from math import ceil

_DAY = timedelta(days=1)
_LOOKED_AT = 366

IsFree = Callable[[date], bool]
"""Whether the inspector does not work on a day."""


def due_day(since: date, days: int, is_free: IsFree) -> date:
    """The day by which so many working days have passed, the day itself left out.

    Where a year holds fewer working days the last day looked at is taken.
    """
    day = since
    for _ in range(_LOOKED_AT):
        if days == 0:
            break
        day += _DAY
        days -= not is_free(day)
    return day


def daily_target(due: Mapping[date, int], today: date, is_free: IsFree) -> int:
    """How many to score today, if as many a day are to keep every due day.

    For each due day all that is due by then is spread over the working days until then, today
    included whether free or not; the largest of these shares is needed. What is overdue is due
    today.

    Args:
        due: how many are due, by day.
    """
    target = so_far = 0
    day, working = today, 1
    for last in sorted(due):
        so_far += due[last]
        while day < last and (day - today).days < _LOOKED_AT:
            day += _DAY
            working += not is_free(day)
        target = max(target, ceil(so_far / working))
    return target
