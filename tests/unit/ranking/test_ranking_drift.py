"""An inspector who grows stricter is seen, whatever stations and months did meanwhile."""

from __future__ import annotations

import numpy as np
import pytest

from core.ranking import MonthCells, ScoreCells, ScoreRow, month_severities, rank_stations

STATIONS = {1: 88.0, 2: 80.0, 3: 74.0}
SEVERITY = {11: 4.0, 12: 0.0, 13: -4.0}
MONTHS = (202601, 202602, 202603, 202604)
NETWORK = dict(zip(MONTHS, (0.0, 1.0, 2.0, 3.0), strict=True))  # everybody's scores rise
PER_CELL = 50


def _scores(drift):
    """Scores by station, inspector and month; the noise of each cell averages to zero."""
    noise = np.resize([3.0, -3.0], PER_CELL)
    for station, quality in STATIONS.items():
        for inspector, severity in SEVERITY.items():
            for month in MONTHS:
                moved = drift.get((inspector, month), 0.0)
                yield station, inspector, month, quality + severity + NETWORK[month] + moved + noise


def _drift(drift):
    rows, months = [], []
    for station, inspector, month, scores in _scores(drift):
        n, total, squares = len(scores), scores.sum(), scores @ scores
        sums = (n, total, squares, n, total, 0)
        rows.append(ScoreRow(station, station, inspector, 0, 0, *sums))
        months.append((station, inspector, month, 0, 0, n, total))
    ranking = rank_stations(ScoreCells.from_rows(rows))
    *keys, n, total = (np.array(column) for column in zip(*months, strict=True))
    cells = MonthCells(*keys, n.astype(float), total)
    return month_severities(ranking.expected, cells)


def test_steady_inspectors_are_as_strict_every_month_although_all_scores_rise():
    found = _drift({})
    assert [(each.inspector, each.month) for each in found] == [
        (inspector, month) for inspector in SEVERITY for month in MONTHS
    ]
    for each in found:
        assert each.n == 3 * PER_CELL
        assert each.value == pytest.approx(SEVERITY[each.inspector], abs=0.05)
        assert each.value == pytest.approx(each.usual, abs=1e-9)


def test_a_month_of_greater_strictness_stands_out():
    """-6 in one of four months: that month lies 4.5 below the usual, less a third of a quarter."""
    found = {(each.inspector, each.month): each for each in _drift({(12, 202603): -6.0})}
    strict = found[12, 202603]
    assert strict.value - strict.usual == pytest.approx(-6 * (3 / 4) * (2 / 3), abs=1e-6)
    assert abs(strict.value - strict.usual) > 3 * strict.error
    steady = found[11, 202602]
    assert abs(steady.value - steady.usual) < 3 * steady.error


def test_a_standard_error_is_that_of_a_mean():
    """Around a station's mean scores vary by 9, and by 5 / 4 from month to month."""
    found = _drift({})
    assert found[0].error == pytest.approx(np.sqrt((9 + 5 / 4) / 150), rel=0.01)


def test_stations_and_contexts_that_were_not_ranked_are_left_out():
    rows = [
        ScoreRow(
            station, station, inspector, 0, 0, 40, 40 * mean, 40 * mean**2 + 100, 40, 40 * mean, 0
        )
        for station, mean in ((1, 80.0), (2, 75.0))
        for inspector in (11, 12)
    ]
    ranking = rank_stations(ScoreCells.from_rows(rows))
    keys = np.array([1, 9, 1]), np.array([11, 11, 11]), np.full(3, 202601)
    case = np.array([0, 0, 7])
    cells = MonthCells(*keys, case, np.zeros(3, dtype=int), np.full(3, 5.0), np.full(3, 400.0))
    assert [each.n for each in month_severities(ranking.expected, cells)] == [5]


def test_without_cells_there_is_nothing_to_say():
    expected = _expected()
    nothing = np.array([], dtype=np.int64)
    assert (
        month_severities(expected, MonthCells(*[nothing] * 5, *[nothing.astype(float)] * 2)) == ()
    )


def _expected():
    rows = [
        ScoreRow(station, station, 11, 0, 0, 40, 3200.0, 40 * 6400.0 + 90, 40, 3200.0, 0)
        for station in (1, 2)
    ]
    return rank_stations(ScoreCells.from_rows(rows)).expected
