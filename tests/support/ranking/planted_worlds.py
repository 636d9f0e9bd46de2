"""Networks whose true quality is known, and which break what the station model assumes.

A score is mean + station + staff + day + severity of its inspector (which may drift) + residual,
perhaps cut off at 100. What is true of a station is what its staff and days give on average at the
severity 0; the verdict is right if the station lies on that side of the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.ranking import AgainstNetwork, DayCells, MonthCells, ScoreCells, rank_stations

MEAN, DAYS, LARGE = 88.0, 90, 20_000
INSPECTORS, TEAM = 10, 3


@dataclass(frozen=True)
class Plan:
    """How a world is made; standard deviations are in points.

    `assignment` is random, local (three inspectors score nine in ten of a station's) or masked
    (lenient inspectors at weak stations); `shape` of the residual is normal or skewed to the left;
    with a ceiling four points are added and everything above 100 is 100.
    """

    name: str
    stations: int = 8
    staff: tuple[int, int] = (8, 15)
    station_sd: float = 1.5
    staff_sd: float = 2.5
    severity_sd: float = 2.5
    day_sd: float = 0.0
    drift_sd: float = 0.0
    residual_sd: float = 7.0
    assignment: str = "random"
    skewed: bool = False
    ceiling: bool = False


PLANS = (
    Plan("plain"),
    Plan("large differences", station_sd=3.0),
    Plan("local inspectors", assignment="local"),
    Plan("lenient inspectors at weak stations", assignment="masked"),
    Plan("days", day_sd=3.0),
    Plan("drifting inspectors", drift_sd=3.0),
    Plan("skewed", skewed=True),
    Plan("ceiling", ceiling=True),
    Plan("skewed below a ceiling", skewed=True, ceiling=True),
    Plan("few staff", staff=(3, 6)),
    Plan("thirty stations", stations=30),
    Plan("everything", assignment="masked", day_sd=2.0, drift_sd=2.0, skewed=True, ceiling=True),
)


@dataclass(frozen=True, eq=False)
class World:
    """Single scores by row, and the true quality of every station."""

    station: np.ndarray
    staff: np.ndarray
    inspector: np.ndarray
    day: np.ndarray
    score: np.ndarray
    quality: np.ndarray

    def cells(self) -> ScoreCells:
        one, none = np.ones(len(self.score)), np.zeros(len(self.score))
        alike = np.zeros(len(self.score), dtype=np.int64)
        month, squares = self.day // 30, self.score**2
        return ScoreCells(
            station=self.station,
            staff=self.staff,
            inspector=self.inspector,
            case=alike,
            stratum=alike,
            n=one,
            total=self.score,
            squares=squares,
            weight=one,
            weighted=self.score,
            critical=none,
            unscored=none,
            days=DayCells(self.station, self.day, one, self.score, squares),
            months=MonthCells(self.station, self.inspector, month, alike, alike, one, self.score),
        )

    def shuffled(self, rng: np.random.Generator) -> World:
        """The same inspections, each with the station of another one."""
        return replace(self, station=rng.permutation(self.station))


def planted(plan: Plan, rng: np.random.Generator) -> World:
    """One world: 60 to 139 inspections a station in 90 days."""
    severity = rng.normal(0, plan.severity_sd, INSPECTORS)
    drift = rng.normal(0, 1, INSPECTORS) * plan.drift_sd
    level = rng.normal(0, plan.station_sd, plan.stations)
    columns = [_station(plan, k, level[k], severity, drift, rng) for k in range(plan.stations)]
    quality = [_truth(plan, level[k], rng) for k in range(plan.stations)]
    rows = [np.concatenate(column) for column in zip(*columns, strict=True)]
    station, staff, inspector, day, score = rows
    return World(station, staff, inspector, day, score, np.array(quality))


def _station(plan, number, level, severity, drift, rng):
    n, people = int(rng.integers(60, 140)), int(rng.integers(*plan.staff))
    person = rng.choice(people, n, p=rng.dirichlet([3.0] * people))
    day = rng.integers(0, DAYS, n)
    if plan.day_sd:  # audits come in bundles: the fewer days, the more a day weighs
        day = rng.choice(rng.choice(DAYS, max(6, n // 6), replace=False), n)
    inspector = rng.choice(INSPECTORS, n, p=_shares(plan, level, severity, rng))
    staff, days = rng.normal(0, plan.staff_sd, people), rng.normal(0, 1, DAYS) * plan.day_sd
    expected = level + staff[person] + days[day] + severity[inspector]
    expected += drift[inspector] * (2 * day / DAYS - 1)
    score = _scored(plan, expected, rng)
    return np.full(n, number), person + 100 * number, inspector, day, score


def _scored(plan: Plan, expected: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    residual = (
        1 - rng.exponential(1, len(expected)) if plan.skewed else rng.normal(0, 1, len(expected))
    )
    score = MEAN + expected + plan.residual_sd * residual
    return np.minimum(score + 4, 100.0) if plan.ceiling else score


def _truth(plan: Plan, level: float, rng: np.random.Generator) -> float:
    """What people of the station score on average at severity 0."""
    if not plan.ceiling:
        return MEAN + level
    people = rng.normal(0, plan.staff_sd, LARGE) + rng.normal(0, 1, LARGE) * plan.day_sd
    return float(_scored(plan, level + people, rng).mean())


def _shares(plan, level, severity, rng):
    shares = np.ones(INSPECTORS)
    if plan.assignment == "local":
        team = rng.choice(INSPECTORS, TEAM, replace=False)
        shares[:] = 0.1 / (INSPECTORS - TEAM)
        shares[team] = 0.9 / TEAM
    if plan.assignment == "masked":
        distance = severity / plan.severity_sd + level / plan.station_sd
        shares = np.exp(-(distance**2) / 2) + 0.02
    return shares / shares.sum()


@dataclass(frozen=True)
class Tally:
    """What many worlds came to; errors are of differences to the network, in points.

    `announced` counts worlds with a verdict, `covered` stations whose interval holds the truth,
    `order` and `error` are mean rank correlation with the truth and root mean squared error, of the
    plain means and of the adjusted values.
    """

    worlds: int
    announced: int
    stations: int
    verdicts: int
    wrong: int
    covered: int
    order: tuple[float, float]
    error: tuple[float, float]


def tally(worlds: Iterator[World]) -> Tally:
    counts = np.zeros(6, dtype=int)
    orders, errors = [], []
    for world in worlds:
        rows = rank_stations(world.cells(), draws=100).comparison.rows
        shares = np.array([row.n for row in rows]) / sum(row.n for row in rows)
        truth = world.quality - shares @ world.quality
        signs = {AgainstNetwork.ABOVE: 1, AgainstNetwork.BELOW: -1}
        sides = np.array([signs.get(row.verdict, 0) for row in rows])
        intervals = np.array([row.difference or (np.nan, np.nan) for row in rows])
        held = (intervals[:, 0] <= truth) & (truth <= intervals[:, 1])
        counts += [
            1,
            sides.any(),
            len(rows),
            np.abs(sides).sum(),
            (sides * truth < 0).sum(),
            held.sum(),
        ]
        both = [np.array([row.mean for row in rows]), np.array([row.adjusted for row in rows])]
        orders.append([_rank_correlation(values, truth) for values in both])
        errors.append([np.mean((values - shares @ values - truth) ** 2) for values in both])
    order, error = np.mean(orders, axis=0), np.sqrt(np.mean(errors, axis=0))
    values: list[Any] = [*counts.tolist(), (order[0], order[1]), (error[0], error[1])]
    return Tally(*values)


def _rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    ranks = [np.argsort(np.argsort(values)) for values in (first, second)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1]) if np.ptp(first) else 0.0
