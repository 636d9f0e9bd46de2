"""Have stations changed? Months of figures as the trend test wants them, by measure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from core.control import MonthMean, TrendJudgement, judge_trends
from core.control.trends import WORTH_KNOWING
from core.periods import Period, shift
from core.results.figures import Figures, Gap

Measured = Literal["score", "passed", "critical"]
WORTH_SHARE = 10.0
"""Percent points of a share whose chance of being told is stated."""


def station_trends(
    months: Mapping[int, Mapping[int, Figures]], measure: Measured = "score"
) -> dict[int, TrendJudgement]:
    """Every station's judgement, from its months by yyyymm.

    Scores are those before critical effects, shares are in percent.
    """
    series = {
        station: [
            found
            for month, figures in sorted(by_month.items())
            if (found := _month(month, figures, measure)) is not None
        ]
        for station, by_month in months.items()
    }
    worth = WORTH_KNOWING if measure == "score" else WORTH_SHARE
    return judge_trends(series, worth=worth)


def is_told(change: Gap | None, trend: TrendJudgement | None) -> bool:
    """Whether a change since the period before is told: it is clear, and the months agree."""
    return change is not None and change.is_clear and trend is not None and bool(trend.signal)


def month_of(ordinal: int) -> int:
    """The month, yyyymm, of a judgement's ordinal."""
    return shift(1, ordinal - 1)


def _month(month: int, figures: Figures, measure: Measured) -> MonthMean | None:
    """A month's mean and spread; None without inspections."""
    ordinal = Period(1, month).length
    if measure == "score":
        own = figures.before
        if own.mean is None:
            return None
        return MonthMean(ordinal=ordinal, n=own.n, mean=own.mean, sd=own.sd or 0.0)
    n = figures.n if measure == "passed" else figures.inspections
    if not n:
        return None
    share = (figures.passed if measure == "passed" else figures.critical) / n
    spread = share * (1 - share) * n / (n - 1) if n > 1 else 0.0
    return MonthMean(ordinal=ordinal, n=n, mean=100 * share, sd=100 * math.sqrt(spread))
