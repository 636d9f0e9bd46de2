"""How far two rankings of the same things go together: Spearman's correlation with its interval."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from core.errors import InvalidInput, finite
from core.i18n import N_
from core.ranking.arrays import FloatArray
from core.results.figures import LEVEL
from core.sampling import Interval
from core.text.sentence import Sentence

FEWEST_PAIRS = 10
"""Pairs below which the approximation of the interval is not to be trusted."""
_FEWEST = 3


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's correlation of n pairs; without a value or an interval, `reason` says why."""

    n: int
    value: float | None = None
    interval: Interval | None = None
    reason: Sentence | None = None

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.interval is not None and not self.interval.lower <= 0 <= self.interval.upper


def rank_correlation(
    first: Sequence[float],
    second: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    level: float = LEVEL,
) -> RankCorrelation:
    """Pearson's correlation of the ranks, ties having the mean of theirs (Spearman 1904).

    The interval is that of Fisher's z with the variance (1 + r^2 / 2) / (n - 3) (Bonett & Wright
    2000). There is none below FEWEST_PAIRS, nor where r is 1 or -1.

    Args:
        first: of every pair the one value; `second` the other.
        clusters: which pairs go together, as those of one person: the variance is as many times
            larger as that of sums over clusters is than that of single pairs, at least once.
        level: of the interval.

    Raises:
        InvalidInput: lengths that differ, or what is no number.
    """
    if len(first) != len(second) or (clusters is not None and len(clusters) != len(first)):
        raise InvalidInput("Pairs need as many values on each side.")
    if not 0 < finite(level) < 1:
        raise InvalidInput("The level must lie between 0 and 1, not {level}.", level=level)
    one, other = (np.array([finite(value) for value in values]) for values in (first, second))
    n = len(one)
    if n < _FEWEST:
        return RankCorrelation(n, reason=Sentence(N_("Fewer than three pairs tell nothing.")))
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return RankCorrelation(n, reason=Sentence(N_("One of the two is the same everywhere.")))
    ranks = _standardised(one), _standardised(other)
    value = max(-1.0, min(1.0, float(ranks[0] @ ranks[1] / n)))
    if n < FEWEST_PAIRS:
        template = N_("{n} pairs are too few for an interval; {enough} are needed.")
        reason = Sentence(template, {"n": n, "enough": FEWEST_PAIRS})
        return RankCorrelation(n, value, reason=reason)
    if math.isclose(abs(value), 1):
        reason = Sentence(N_("The order is the very same, or the very opposite."))
        return RankCorrelation(n, value, reason=reason)
    wider = _times_wider(*ranks, value, clusters) if clusters is not None else 1.0
    half = float(ndtri((1 + level) / 2)) * math.sqrt(wider * (1 + value**2 / 2) / (n - 3))
    middle = math.atanh(value)
    return RankCorrelation(n, value, Interval(math.tanh(middle - half), math.tanh(middle + half)))


def _standardised(values: FloatArray) -> FloatArray:
    ranks = rankdata(values)
    centred = ranks - ranks.mean()
    return np.asarray(centred / math.sqrt(float(centred @ centred) / len(centred)))


def _times_wider(
    one: FloatArray, other: FloatArray, value: float, clusters: Sequence[Hashable]
) -> float:
    """By what each pair adds to the correlation, summed over clusters and by itself."""
    added = one * other - value * (one**2 + other**2) / 2
    codes = {key: code for code, key in enumerate(dict.fromkeys(clusters))}
    groups = np.array([codes[key] for key in clusters])
    sums = np.bincount(groups, weights=added)
    alone = float(added @ added)
    if len(sums) < 2 or not alone:
        return 1.0
    return max(1.0, float(sums @ sums) * len(sums) / (len(sums) - 1) / alone)
