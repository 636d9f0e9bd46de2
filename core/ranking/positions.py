"""From draws of a posterior to ranks that say how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.ranking.arrays import BoolArray, FloatArray
from core.ranking.posterior import Posterior

JITTER = 1e-12


class RankInterval(NamedTuple):
    """First and last rank that belong to the interval; 1 is best."""

    best: int
    worst: int


@dataclass(frozen=True)
class Position:
    """Where one station stands among those ranked.

    Attributes:
        rank: its place in the order of expected ranks; 1 is best.
        expected_rank: mean rank over the draws (Laird & Louis 1989: the least squared rank error).
        rank_interval: central interval of the rank at the asked level.
        bottom: probability of being in the bottom group.
        above: probability of lying above the mean of the ranked stations.
    """

    rank: int
    expected_rank: float
    rank_interval: RankInterval
    bottom: float
    above: float


def bottom_size(stations: int) -> int:
    """A tenth of the stations, at least one."""
    return max(1, stations // 10)


def draw(posterior: Posterior, draws: int, rng: np.random.Generator) -> FloatArray:
    """Draws x quantities. A jitter of 1e-12 of the largest variance separates exact ties."""
    covariance = posterior.covariance
    size = JITTER * max(float(np.diag(covariance).max()), np.finfo(np.float64).tiny)
    root = np.linalg.cholesky(covariance + size * np.eye(len(covariance)))
    noise = rng.standard_normal((draws, len(covariance)))
    values: FloatArray = posterior.mean + noise @ root.T
    return values


def positions(values: FloatArray, level: float) -> tuple[Position, ...]:
    """Ranks of the columns of `values` (draws x stations), a higher value being better.

    The rank interval runs from the (1 - level) / 2 to the (1 + level) / 2 quantile of the rank, as
    whole ranks; it holds the rank in at least `level` of the draws.
    """
    ranks = values.shape[1] - values.argsort(axis=1).argsort(axis=1)
    tails = [(1 - level) / 2, (1 + level) / 2]
    best, worst = np.quantile(ranks, tails, axis=0, method="inverted_cdf")
    expected = ranks.mean(axis=0)
    order = np.argsort(expected, kind="stable").argsort(kind="stable") + 1
    bottom = (ranks > values.shape[1] - bottom_size(values.shape[1])).mean(axis=0)
    above = _above_mean(values).mean(axis=0)
    return tuple(
        Position(
            rank=int(order[k]),
            expected_rank=float(expected[k]),
            rank_interval=RankInterval(int(best[k]), int(worst[k])),
            bottom=float(bottom[k]),
            above=float(above[k]),
        )
        for k in range(values.shape[1])
    )


def _above_mean(values: FloatArray) -> BoolArray:
    above: BoolArray = values > values.mean(axis=1, keepdims=True)
    return above
