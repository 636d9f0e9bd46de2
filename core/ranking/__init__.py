"""Station ranking: severity and case mix taken out, uncertainty said aloud."""

from core.ranking.assignment import AssignmentCheck
from core.ranking.cells import DayCells, Keys, MonthCells, ScoreCells, ScoreRow, Traffic
from core.ranking.drift import Expected, MonthSeverity, month_severities
from core.ranking.explain import Adjustment
from core.ranking.positions import Position, RankInterval, positions
from core.ranking.posterior import Posterior
from core.ranking.rank import compare, rank_stations
from core.ranking.result import (
    AgainstNetwork,
    Comparison,
    CriticalRate,
    Difference,
    Estimate,
    RankedStation,
    Ranking,
    Separation,
    Severity,
    StationVerdict,
    Tier,
    UnrankedStation,
    Variances,
)
from core.ranking.verdict import FALSE_SHARE, headline

__all__ = [
    "FALSE_SHARE",
    "Adjustment",
    "AgainstNetwork",
    "AssignmentCheck",
    "Comparison",
    "CriticalRate",
    "DayCells",
    "Difference",
    "Estimate",
    "Expected",
    "Keys",
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
    "StationVerdict",
    "Tier",
    "Traffic",
    "UnrankedStation",
    "Variances",
    "compare",
    "headline",
    "month_severities",
    "positions",
    "rank_stations",
]
