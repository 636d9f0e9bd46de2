"""Which stations differ, and how many inspections it would take to tell two apart."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from core.ranking.arrays import BoolArray
from core.ranking.cells import Key
from core.ranking.posterior import Posterior
from core.ranking.result import Separation, difference
from core.text.sentence import Sentence

MOST_NEEDED = 10_000
NEAR_ZERO = 1e-6
TOO_CLOSE = (
    "The gap to the next better station is so small that even {most} more inspections at each "
    "would not settle it."
)


def separation(
    neighbour: Key, posterior: Posterior, pair: tuple[int, int], level: float, per_score: float
) -> Separation:
    """A station against its better neighbour, with the number that would separate them.

    m further scores at each station measure the difference with variance 2 s2 / m, s2 the variance
    of a score around its station. Put together with the present variance v of the difference, the
    interval leaves zero out once 1 / v + m / (2 s2) reaches (z / gap)^2.

    Args:
        neighbour: the next better station.
        posterior: of the ranked stations.
        pair: places of the station and of its neighbour.
        level: of the interval.
        per_score: s2.
    """
    gap = difference(posterior, pair, level)
    if gap.distinguishable:
        return Separation(neighbour, gap, 0, None)
    half = (gap.interval.upper - gap.interval.lower) / 2
    if abs(gap.value) <= NEAR_ZERO * half:
        return Separation(neighbour, gap, None, Sentence(TOO_CLOSE, {"most": MOST_NEEDED}))
    z = NormalDist().inv_cdf((1 + level) / 2)
    needed = 2 * per_score * z * z * (1 / gap.value**2 - 1 / half**2)
    if needed > MOST_NEEDED:
        return Separation(neighbour, gap, None, Sentence(TOO_CLOSE, {"most": MOST_NEEDED}))
    return Separation(neighbour, gap, max(1, math.ceil(needed)), None)


def overlapping(posterior: Posterior, level: float) -> BoolArray:
    """Stations x stations: the interval of the difference holds zero."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    variance = np.diag(posterior.covariance)
    spread = variance[:, None] + variance - 2 * posterior.covariance
    gaps = posterior.mean[:, None] - posterior.mean
    overlap: BoolArray = np.abs(gaps) <= z * np.sqrt(np.maximum(spread, 0.0))
    return overlap
