"""Station ranking: severity and case mix taken out, uncertainty said aloud."""

from core.ranking.assignment import AssignmentCheck
from core.ranking.cells import ScoreCells, ScoreRow, Traffic
from core.ranking.drift import Expected, MonthCells, MonthSeverity, month_severities
from core.ranking.explain import Adjustment
from core.ranking.positions import Position, RankInterval, positions
from core.ranking.posterior import Posterior
from core.ranking.rank import rank_stations
from core.ranking.result import (
    CriticalRate,
    Difference,
    Estimate,
    RankedStation,
    Ranking,
    Separation,
    Severity,
    Tier,
    UnrankedStation,
    Variances,
)

__all__ = [
    "Adjustment",
    "AssignmentCheck",
    "CriticalRate",
    "Difference",
    "Estimate",
    "Expected",
    "MonthCells",
    "MonthSeverity",
    "Position",
    "Posterior",
    "RankInterval",
    "RankedStation",
    "Ranking",
    "ScoreCells",
    "ScoreRow",
    "Separation",
    "Severity",
    "Tier",
    "Traffic",
    "UnrankedStation",
    "Variances",
    "month_severities",
    "positions",
    "rank_stations",
]
