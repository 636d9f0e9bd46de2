"""python -m core verdicts: single scores in a file, ranked and compared as the pages do it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from core.commands.table_file import TableRow, read_table
from core.ranking import (
    DayCells,
    MonthCells,
    ScoreCells,
    StationVerdict,
    headline,
    rank_stations,
)

COLUMNS = ("station", "inspector", "staff", "day", "score")
CHANNEL = "channel"


def verdicts(path: Path) -> Iterator[dict[str, Any]]:
    """One answer a station, in the order of the file, and last the headline.

    Raises:
        InvalidInput: the file is no table of scores.
    """
    rows = read_table(path, COLUMNS, (CHANNEL,))
    stations = list(dict.fromkeys(row.text("station") for row in rows))
    comparison = rank_stations(score_cells(rows)).comparison
    by_station = {row.station: row for row in comparison.rows}
    for station in stations:
        yield _answer(by_station[station], comparison.reference)
    sentence = headline(comparison.rows)
    yield {"headline": str(sentence), "compared": comparison.compared}


def score_cells(rows: list[TableRow]) -> ScoreCells:
    """Every inspection a cell of its own; a channel is a kind of case.

    Raises:
        InvalidInput: a cell that is empty, or a score or day that is none.
    """
    keys = {name: np.array([row.text(name) for row in rows]) for name in COLUMNS[:3]}
    station, inspector = keys["station"], keys["inspector"]
    channel = np.array([row.cells.get(CHANNEL, "") for row in rows])
    days = np.array([row.day("day") for row in rows], dtype=np.int64)
    score = np.array([row.number("score") for row in rows])
    one, nothing, alike = np.ones(len(rows)), np.zeros(len(rows)), np.zeros(len(rows), dtype=int)
    return ScoreCells(
        station=station,
        staff=keys["staff"],
        inspector=inspector,
        case=channel,
        stratum=alike,
        n=one,
        total=score,
        squares=score**2,
        weight=one,
        weighted=score,
        critical=nothing,
        unscored=nothing,
        days=DayCells(station, days[:, 0], one, score, score**2),
        months=MonthCells(
            station=station,
            inspector=inspector,
            month=days[:, 1],
            case=channel,
            stratum=alike,
            n=one,
            total=score,
        ),
    )


def _answer(row: StationVerdict, reference: float | None) -> dict[str, Any]:
    low, high = row.difference or (None, None)
    return {
        "station": row.station,
        "n": row.n,
        "mean": row.mean,
        "adjusted": row.adjusted,
        "reference": reference,
        "difference": {"low": low, "high": high},
        "verdict": row.verdict.value,
    }
