"""Which backups to keep: every day for a week, every week for a month, every month for a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

DAYS, WEEKS, MONTHS = 7, 4, 12


def backups_to_keep(made: Iterable[datetime]) -> frozenset[datetime]:
    """Those to keep: the newest of each of the last days, weeks and months that have any."""
    newest_first = sorted(made, reverse=True)
    rules: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (DAYS, datetime.date),
        (WEEKS, lambda moment: moment.isocalendar()[:2]),
        (MONTHS, lambda moment: (moment.year, moment.month)),
    )
    newest: set[datetime] = set()
    for most, period in rules:
        first_of: dict[object, datetime] = {}
        for moment in newest_first:
            first_of.setdefault(period(moment), moment)
        newest |= set(list(first_of.values())[:most])
    return frozenset(newest)
