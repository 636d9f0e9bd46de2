"""Stations that pick complaints one, two, five or ten times as often as other encounters.

60 stations of 50 staff and 80 inspectors at random, effects as in `ranking_simulation`. A tenth of
the encounters are complaints (beta(4, 36) by station), which score 1 point lower. What counts is
what a station delivers over all its encounters, complaints as often as they occur.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from core.ranking import ScoreCells, Traffic, rank_stations
from tests.support.ranking.ranking_simulation import (
    DRAWS,
    INSPECTORS,
    RESIDUAL_SD,
    SEVERITY_SD,
    STAFF,
    STAFF_SD,
    STATION_SD,
    STATIONS,
    cells_of,
)

FACTORS = (1, 2, 5, 10)
COMPLAINT, ORDINARY_MEAN, MEAN_N = -1.0, 3.8, 120


@dataclass(frozen=True, eq=False)
class Sampled:
    cells: ScoreCells
    traffic: Traffic
    quality: np.ndarray
    factor: np.ndarray


@dataclass(frozen=True)
class Error:
    """Of one method, over the stations of a run."""

    bias_at_most_oversampled: float
    rmse: float
    spearman: float


def simulate(rng: np.random.Generator) -> Sampled:
    station = rng.normal(0, STATION_SD, STATIONS)
    staff = rng.normal(0, STAFF_SD, (STATIONS, STAFF))
    severity = rng.normal(0, SEVERITY_SD, INSPECTORS)
    share = rng.gamma(3, 1, (STATIONS, STAFF))
    share /= share.sum(axis=1, keepdims=True)
    complaints = rng.beta(4, 36, STATIONS)
    factor = rng.permutation(np.resize(FACTORS, STATIONS))
    sizes = np.maximum(30, np.floor(MEAN_N * rng.lognormal(-0.32, 0.8, STATIONS))).astype(int)
    at = np.repeat(np.arange(STATIONS), sizes)
    person = np.concatenate([rng.choice(STAFF, n, p=share[s]) for s, n in enumerate(sizes)])
    picked = factor * complaints / (factor * complaints + 1 - complaints)
    complaint = (rng.random(len(at)) < picked[at]).astype(int)
    inspector = rng.integers(0, INSPECTORS, len(at))
    score = ORDINARY_MEAN + COMPLAINT * complaint + station[at] + staff[at, person]
    score += severity[inspector] + rng.normal(0, RESIDUAL_SD, len(at))
    weight = np.where(complaint == 1, 1.0 / factor[at], 1.0)
    return Sampled(
        cells=cells_of(at, person, inspector, 0, score, stratum=complaint, weight=weight),
        traffic=_traffic(share, complaints),
        quality=ORDINARY_MEAN + COMPLAINT * complaints + station + (share * staff).sum(axis=1),
        factor=factor,
    )


def _traffic(share: np.ndarray, complaints: np.ndarray) -> Traffic:
    by_stratum = np.stack([1 - complaints, complaints], axis=1)
    counts = 4000 * share[:, :, None] * by_stratum[:, None, :]
    station, staff, stratum = np.indices(counts.shape).reshape(3, -1)
    return Traffic(station, staff, np.zeros_like(station), stratum, counts.ravel())


def errors(sampled: Sampled, seed: int) -> dict[str, Error]:
    cells, traffic = sampled.cells, sampled.traffic
    blind = replace(cells, stratum=np.zeros_like(cells.stratum))
    n, total, weight, weighted = (
        np.bincount(cells.station, column)
        for column in (cells.n, cells.total, cells.weight, cells.weighted)
    )
    values = {
        "raw mean": total / n,
        "Hájek mean": weighted / weight,
        "adjusted, blind to the stratum": _adjusted(blind, None, seed),
        "adjusted": _adjusted(cells, traffic, seed),
    }
    return {name: _error(found, sampled) for name, found in values.items()}


def _adjusted(cells: ScoreCells, traffic: Traffic | None, seed: int) -> np.ndarray:
    ranking = rank_stations(cells, traffic, minimum=1, draws=DRAWS, seed=seed)
    found = {row.station: row.adjusted.value for row in ranking.ranked}
    return np.array([found[s] for s in range(STATIONS)])


def _error(values: np.ndarray, sampled: Sampled) -> Error:
    error = values - sampled.quality
    return Error(
        bias_at_most_oversampled=float(error[sampled.factor == max(FACTORS)].mean()),
        rmse=float(np.sqrt(np.mean(error**2))),
        spearman=float(stats.spearmanr(values, sampled.quality).statistic),
    )
