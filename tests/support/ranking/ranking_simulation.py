"""A network whose true quality is known: stations, staff, inspectors, cases and who scores whom.

60 stations of 50 staff each and 80 inspectors, spread evenly over 6 regions; 5 case types. Effects
are normal: station sd 0.20, staff 0.25, inspector 0.30, residual 0.80 about a mean of 3.6. What
counts is delivered quality: the station effect plus its staff's effects weighted by traffic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from core.ranking import ScoreCells, Traffic, positions
from core.ranking.arrays import sum_by
from core.ranking.crossproducts import FixedBlock, RandomFactor
from core.ranking.design import encode
from core.ranking.model import delivered, fit_fixed
from core.ranking.population import population
from core.ranking.positions import Position, draw
from core.ranking.posterior import Posterior, posterior
from core.ranking.rank import rank_stations
from core.ranking.reml import fit_reml

STATIONS, STAFF, INSPECTORS, REGIONS, TENTH = 60, 50, 80, 6, 6
STATION_SD, STAFF_SD, SEVERITY_SD, RESIDUAL_SD, MEAN = 0.20, 0.25, 0.30, 0.80, 3.6
CASES = np.array([0.25, 0.10, 0.0, -0.15, -0.30])
CROSS_SCORED, TEAM = 0.10, 3
LEVEL, DRAWS = 0.90, 4000

Assignment = Literal["random", "local", "masked", "amplified"]
_SIGN = {"local": 0, "masked": -1, "amplified": 1}


@dataclass(frozen=True, eq=False)
class Network:
    """One simulated period: what is known (cells, traffic) and what is true."""

    cells: ScoreCells
    traffic: Traffic
    quality: np.ndarray


def simulate(assignment: Assignment, mean_n: float, rng: np.random.Generator) -> Network:
    station = rng.normal(0, STATION_SD, STATIONS)
    staff = rng.normal(0, STAFF_SD, (STATIONS, STAFF))
    severity = rng.normal(0, SEVERITY_SD, INSPECTORS)
    traffic = rng.gamma(3, 1, (STATIONS, STAFF))
    traffic /= traffic.sum(axis=1, keepdims=True)
    spread = rng.lognormal(-0.5 * 0.8**2, 0.8, STATIONS)
    sizes = np.maximum(8, np.floor(mean_n * spread)).astype(int)
    at = np.repeat(np.arange(STATIONS), sizes)
    person = _by_share(traffic, at, rng)
    mix = rng.dirichlet([4.0] * len(CASES), STATIONS)
    case = _by_share(mix, at, rng)
    inspector = _inspectors(assignment, station, severity, at, rng)
    score = MEAN + station[at] + staff[at, person] + severity[inspector] + CASES[case]
    score += rng.normal(0, RESIDUAL_SD, len(at))
    return Network(
        cells=cells_of(at, person, inspector, case, score),
        traffic=_traffic(traffic[:, :, None] * mix[:, None, :]),
        quality=station + (traffic * staff).sum(axis=1),
    )


def _by_share(shares: np.ndarray, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One draw per row from the distribution of the row's station."""
    ladder = np.cumsum(shares, axis=1)
    ladder[:, -1] = 1.0
    picks = rng.random(len(rows))
    return np.concatenate(
        [np.searchsorted(ladder[s], picks[rows == s], side="right") for s in range(len(shares))]
    )


def _inspectors(assignment, station, severity, at, rng):
    anyone = rng.integers(0, INSPECTORS, len(at))
    if assignment == "random":
        return anyone
    teams = np.array([_team(s, _SIGN[assignment], station, severity, rng) for s in range(STATIONS)])
    own = teams[at, rng.integers(0, TEAM, len(at))]
    return np.where(rng.random(len(at)) < CROSS_SCORED, anyone, own)


def _team(s, sign, station, severity, rng):
    """Three inspectors of the region; lenient (masked) or strict ones lean to weak stations."""
    region = np.flatnonzero(np.arange(INSPECTORS) % REGIONS == s % REGIONS)
    if sign == 0:
        return rng.choice(region, TEAM, replace=False)
    mismatch = severity[region] / SEVERITY_SD - sign * station[s] / STATION_SD
    weights = np.exp(-(mismatch**2) / 2) + 0.001
    return rng.choice(region, TEAM, replace=False, p=weights / weights.sum())


def cells_of(station, staff, inspector, case, score, *, stratum=0, weight=1.0) -> ScoreCells:
    """Score cells of single inspections; keys from 0 up, weight 1 / inclusion probability."""
    keys = np.broadcast_arrays(station, staff, inspector, case, stratum)
    sizes = tuple(int(key.max()) + 1 for key in keys)
    levels, code = np.unique(np.ravel_multi_index(keys, sizes), return_inverse=True)
    weight = np.broadcast_to(weight, score.shape)
    station, staff, inspector, case, stratum = np.unravel_index(levels, sizes)
    nothing = np.zeros(len(levels))
    return ScoreCells(
        station,
        staff,
        inspector,
        case,
        stratum,
        n=np.bincount(code).astype(float),
        total=sum_by(code, score, len(levels)),
        squares=sum_by(code, score**2, len(levels)),
        weight=sum_by(code, weight, len(levels)),
        weighted=sum_by(code, weight * score, len(levels)),
        critical=nothing,
        unscored=nothing,
    )


def _traffic(shares: np.ndarray) -> Traffic:
    station, staff, case = np.indices(shares.shape).reshape(3, -1)
    return Traffic(station, staff, case, np.zeros_like(station), shares.ravel() * 100_000)


@dataclass(frozen=True)
class Quality:
    """How near a ranking comes to the truth."""

    spearman: float
    kendall: float
    top: float
    bottom: float
    coverage: float
    width: float


def judge(places: tuple[Position, ...], quality: np.ndarray) -> Quality:
    truth = (-quality).argsort().argsort() + 1
    expected = np.array([place.expected_rank for place in places])
    rank = np.array([place.rank for place in places])
    best = np.array([place.rank_interval.best for place in places])
    worst = np.array([place.rank_interval.worst for place in places])
    last = len(truth) - TENTH
    return Quality(
        spearman=float(stats.spearmanr(expected, truth).statistic),
        kendall=float(stats.kendalltau(expected, truth).statistic),
        top=float((truth[rank <= TENTH] <= TENTH).mean()),
        bottom=float((truth[rank > last] > last).mean()),
        coverage=float(((best <= truth) & (truth <= worst)).mean()),
        width=float((worst - best + 1).mean()),
    )


def raw(network: Network, seed: int) -> tuple[Position, ...]:
    """Plain means with the usual standard errors."""
    cells = network.cells
    n, total, squares = (
        np.bincount(cells.station, column) for column in (cells.n, cells.total, cells.squares)
    )
    variance = (squares - total**2 / n) / (n - 1) / n
    return _places(Posterior(total / n, np.diag(variance)), seed)


def shrunken(network: Network, seed: int) -> tuple[Position, ...]:
    """One-way empirical Bayes: stations random, nothing else in the model."""
    design = encode(network.cells)
    intercept = FixedBlock(np.zeros(len(design.station), dtype=np.int64), np.ones((1, 1)))
    fit = fit_reml(design.sums, (RandomFactor(design.station, STATIONS),), (intercept,))
    return _places(posterior(fit, (np.eye(STATIONS),), np.ones((STATIONS, 1))), seed)


def fixed(network: Network, seed: int) -> tuple[Position, ...]:
    """The station model with inspectors as fixed effects."""
    design = encode(network.cells)
    served = population(design, network.traffic)
    return _places(delivered(fit_fixed(design), design, served), seed)


@dataclass(frozen=True)
class Adjusted:
    places: tuple[Position, ...]
    follows_quality: bool
    bottom: np.ndarray


def adjusted(network: Network, seed: int) -> Adjusted:
    """The ranking as the portal shows it, with the minimum number of inspections lifted."""
    ranking = rank_stations(
        network.cells, network.traffic, minimum=1, level=LEVEL, draws=DRAWS, seed=seed
    )
    assert not ranking.unranked
    assert ranking.assignment is not None
    rows = sorted(ranking.ranked, key=lambda row: row.station)
    return Adjusted(
        places=tuple(row.adjusted.position for row in rows),
        follows_quality=ranking.assignment.follows_quality,
        bottom=np.array([row.adjusted.position.bottom for row in rows]),
    )


def _places(values: Posterior, seed: int) -> tuple[Position, ...]:
    return positions(draw(values, DRAWS, np.random.default_rng(seed)), LEVEL)
