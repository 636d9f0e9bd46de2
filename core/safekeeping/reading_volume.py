"""Accounts that open far more encounters than they usually do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

LEAST = 40  # a day below this is never worth an alert
TIMES = 3  # how often the usual must be passed
_DAYS_TO_KNOW = 5  # days with openings before an account has a usual of its own


@dataclass(frozen=True)
class Unusual:
    """A day on which an account opened far more than its usual.

    `usual` is the median of its own earlier days with openings; where it has fewer than five of
    them, the median of everybody's.
    """

    user_id: int
    day: date
    opened: int
    usual: float


def unusual_days(opened: Mapping[int, Mapping[date, int]], *, since: date) -> tuple[Unusual, ...]:
    """The days from `since` on that pass both LEAST and TIMES the usual, newest first.

    Args:
        opened: for each account the days on which it opened something, and how much.
    """
    everybody = [count for days in opened.values() for day, count in days.items() if day < since]
    unusual = [
        Unusual(user, day, count, usual)
        for user, days in opened.items()
        for day, count in days.items()
        if day >= since and count > max(LEAST, TIMES * (usual := _usual(days, day, everybody)))
    ]
    return tuple(sorted(unusual, key=lambda row: (row.day, row.opened), reverse=True))


def _usual(days: Mapping[date, int], today: date, everybody: Iterable[int]) -> float:
    own = [count for day, count in days.items() if day < today]
    counts = own if len(own) >= _DAYS_TO_KNOW else list(everybody)
    return float(median(counts)) if counts else 0.0
