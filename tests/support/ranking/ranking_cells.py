"""Score cells small enough to work out by hand."""

from __future__ import annotations

import numpy as np

from core.ranking import Ranking, ScoreCells, ScoreRow, Traffic, rank_stations
from tests.support.ranking import ranking_simulation as simulation

A, B, C, D = 1, 2, 3, 4
ANN, BEN, CAT = 11, 12, 13


def row(station, inspector, scores, **more) -> ScoreRow:
    """One cell of single scores, all with inclusion probability 1 unless told otherwise."""
    scores = [float(score) for score in scores]
    total = sum(scores)
    values = {
        "staff": station,
        "case": 0,
        "stratum": 0,
        "n": len(scores),
        "total": total,
        "squares": sum(score**2 for score in scores),
        "weight": len(scores),
        "weighted": total,
        "critical": 0,
    }
    return ScoreRow(station=station, inspector=inspector, **(values | more))


def ranked(*rows: ScoreRow, **more) -> Ranking:
    return rank_stations(ScoreCells.from_rows(rows), **({"minimum": 1} | more))


def by_station(ranking: Ranking):
    return {found.station: found for found in ranking.ranked}


def reasons(ranking: Ranking) -> dict[int | str, str]:
    return {found.station: str(found.reason) for found in ranking.unranked}


# Three stations, each scored four times by both inspectors: means 90, 80, 76; Ben is 4 stricter.
BALANCED = (
    row(A, ANN, [90, 92, 94, 92]),
    row(A, BEN, [88, 90, 86, 88]),
    row(B, ANN, [80, 84, 82, 82]),
    row(B, BEN, [76, 80, 78, 78]),
    row(C, ANN, [78, 76, 80, 78]),
    row(C, BEN, [74, 72, 76, 74]),
)


# A strict inspector works mostly at A, a lenient one mostly at B; Cat links them at C.
UNEQUAL = (
    row(A, ANN, [70, 72, 71, 73, 69, 70, 72, 71]),
    row(A, BEN, [80, 82]),
    row(B, BEN, [80, 81, 79, 82, 78, 80, 80, 81]),
    row(B, ANN, [70, 69]),
    row(C, CAT, [75, 76, 74, 77]),
    row(C, ANN, [70, 71]),
    row(C, BEN, [80, 79]),
)


def traffic_of(*rows) -> Traffic:
    station, staff, case, stratum, count = (np.array(column) for column in zip(*rows, strict=True))
    return Traffic(station, staff, case, stratum, count.astype(float))


def simulated(assignment="local", mean_n=40, seed=3):
    return simulation.simulate(assignment, mean_n, np.random.default_rng(seed))


def figures(ranking: Ranking):
    return [
        (entry.station, entry.adjusted.value, *entry.adjusted.position.rank_interval)
        for entry in ranking.ranked
    ]
