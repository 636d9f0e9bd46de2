"""Items that are lost more often than before, told from mere variation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.control import laney_p_chart

FEWEST_MONTHS = 4
FEWEST_ANSWERS = 20


class Counts(NamedTuple):
    """How often an item was answered in a month, and in how many answers points were lost."""

    lost: int
    answered: int


class Rise(NamedTuple):
    """An item's newest month against the months before; shares from 0 to 1.

    `excess` is the distance from the usual share in units of the way to the limit: above 1 the
    rise is more than variation.
    """

    item: str
    share: float
    usual: float
    limit: float
    lost: int
    answered: int
    excess: float

    @property
    def is_signal(self) -> bool:
        return self.excess > 1


def rises(months: Mapping[str, Sequence[Counts]]) -> tuple[Rise, ...]:
    """Items whose newest share of losses lies above the usual one, the clearest first.

    The usual share p and the variation between months come from a Laney p' chart of the months
    before the newest; the newest month's limit is p + 3 sigma_z sqrt(p (1 - p) / n) with its own
    n, and sigma_z not below 1. A month that is judged so does not widen its own limit.

    Args:
        months: counts by item, oldest month first; the last one is the newest. Left out are items
            with fewer than FEWEST_MONTHS months before with answers, with fewer than
            FEWEST_ANSWERS newest answers, and those whose months before were all or never lost.
    """
    rising = [_rise(item, counts) for item, counts in months.items() if counts]
    return tuple(sorted((rise for rise in rising if rise), key=lambda r: (-r.excess, r.item)))


def _rise(item: str, counts: Sequence[Counts]) -> Rise | None:
    newest, before = counts[-1], [month for month in counts[:-1] if month.answered]
    if len(before) < FEWEST_MONTHS or newest.answered < FEWEST_ANSWERS:
        return None
    chart = laney_p_chart([month.lost for month in before], [month.answered for month in before])
    if chart.center is None or not 0 < chart.center < 1:
        return None
    spread = math.sqrt(chart.center * (1 - chart.center) / newest.answered)
    limit = min(1.0, chart.center + 3 * max(1.0, chart.sigma_z or 0.0) * spread)
    share = newest.lost / newest.answered
    if share <= chart.center:
        return None
    excess = (share - chart.center) / (limit - chart.center)
    return Rise(
        item=item,
        share=share,
        usual=chart.center,
        limit=limit,
        lost=newest.lost,
        answered=newest.answered,
        excess=excess,
    )
