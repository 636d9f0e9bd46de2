"""Counts of a cell, such as complaints of a class at a station, against the cell's own past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import NamedTuple

from scipy import stats

from core.errors import InvalidInput, finite

SUSPECTED_AT, RAISED_AT = 0.05, 0.005
BASE_MONTHS = 12
FEWEST = 5
"""Events of a month below which nothing is suspected."""


class Alarm(StrEnum):
    """Raised: suspected twice in a row, or so unlikely that once is enough."""

    QUIET = auto()
    SUSPECTED = auto()
    RAISED = auto()


class MonthCount(NamedTuple):
    """The events of a month (yyyymm) and the chances of one, such as complaints and encounters."""

    month: int
    events: int
    chances: int


@dataclass(frozen=True)
class MonthSign:
    """What a month says.

    Attributes:
        base_events, base_chances: of the months it was compared with.
        p: probability of as many events or more at the rate of the base; None where there were no
            chances of one, or there is no base.
    """

    count: MonthCount
    base_events: int
    base_chances: int
    p: float | None
    alarm: Alarm


def tail(events: int, chances: int, base_events: int, base_chances: int) -> float | None:
    """The probability of as many events or more, if the rate is that of the base.

    Given all the events, those of the month are binomial with its share of the chances
    (Przyborowski & Wilenski 1940), so that the base is not taken as known. None without chances
    on both sides.

    Raises:
        InvalidInput: a count below 0.
    """
    if min(finite(n) for n in (events, chances, base_events, base_chances)) < 0:
        raise InvalidInput("Counts cannot be negative.")
    if not chances or not base_chances:
        return None
    share = chances / (chances + base_chances)
    return float(stats.binom.sf(events - 1, events + base_events, share))


def month_signs(counts: Sequence[MonthCount]) -> tuple[MonthSign, ...]:
    """What each month of a cell says, from the first to the last.

    A month is compared with the last twelve that were not under suspicion: what is suspected must
    not become what is usual. A month without chances is no month: it raises nothing,
    ends nothing, and the one before it still counts as the one before the next.

    Args:
        counts: in the order of their months, each once; what is missing is nothing known.

    Raises:
        InvalidInput: months out of order, a count below 0.
    """
    months = [count.month for count in counts]
    if months != sorted(set(months)):
        raise InvalidInput("Months must come in order, each once.")
    judged: list[MonthSign] = []
    for count in counts:
        quiet = [s.count for s in judged if s.alarm is Alarm.QUIET and s.count.chances]
        base = quiet[-BASE_MONTHS:]
        events, chances = sum(c.events for c in base), sum(c.chances for c in base)
        p = tail(count.events, count.chances, events, chances)
        spoken = [sign.alarm for sign in judged if sign.count.chances]
        before = spoken[-1] if spoken else Alarm.QUIET
        judged.append(
            MonthSign(
                count,
                base_events=events,
                base_chances=chances,
                p=p,
                alarm=_alarm(count, p, before),
            )
        )
    return tuple(judged)


def _alarm(count: MonthCount, p: float | None, before: Alarm) -> Alarm:
    if p is None or p > SUSPECTED_AT or count.events < FEWEST:
        return Alarm.QUIET
    is_raised = p <= RAISED_AT or before is not Alarm.QUIET
    return Alarm.RAISED if is_raised else Alarm.SUSPECTED
