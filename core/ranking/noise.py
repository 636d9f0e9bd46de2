"""What the station model leaves out of a station's error: own spread, days, drifting inspectors."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from core.ranking.arrays import BoolArray, FloatArray, IntArray, sum_by
from core.ranking.cells import DayCells, Key, Keys, MonthCells, ScoreCells
from core.ranking.design import Design, levels_of
from core.ranking.drift import expected_scores, month_severities
from core.ranking.model import Fitted, StationModel, combine

PRIOR = 20.0
"""Inspections that the common spread weighs beside a station's own."""


@dataclass(frozen=True, eq=False)
class Noise:
    """Per station, in squared points.

    Attributes:
        own: variance of the station's mean from scores, staff, days and drift together.
        added: the part of it that the model's covariance lacks; below zero where a station's scores
            spread less than others'.
        moving: the part of `own` that days and drifting inspectors bring.
        freedom: degrees of freedom of `own`.
        inspectors: degrees of freedom of the inspectors' severities.
    """

    own: FloatArray
    added: FloatArray
    moving: FloatArray
    freedom: FloatArray
    inspectors: float


def noise(fitted: Fitted, cells: ScoreCells) -> Noise:
    """Variances of the stations' means by scores, staff, days and drift.

    Scores spread more at some stations than at others (few reach the ceiling where service is
    poor), so the model's common variance is multiplied by the station's own mean square over the
    usual one, PRIOR inspections of the usual one added. Scores of one day at one station, and those
    of one inspector in one month, may move together: their covariance is estimated over all
    stations and counted for the days and months of each.
    """
    design, model = fitted.design, fitted.model
    n = design.inspections()
    residual, staff = model.fit.residual, model.variance("staff") or 0.0
    members = len(design.member_key)
    per_member = sum_by(design.member, design.sums.n, members)
    precision = sum_by(design.member_station, per_member / (residual + per_member * staff), len(n))
    usual = 1.0 / precision
    by_score = np.minimum(residual / n, usual)
    scaled = usual * _spread(model, design)
    others = _days(cells.days, design) + _drift(fitted, cells.months)
    by_staff = usual - by_score
    freedom = usual**2 / (
        by_score**2 / (n + PRIOR) + by_staff**2 / max(1.0, float(members - len(n)))
    )
    return Noise(
        own=scaled + others,
        added=scaled - usual + others,
        moving=others,
        freedom=freedom,
        inspectors=max(1.0, len(design.inspectors) - 1.0),
    )


def _spread(model: StationModel, design: Design) -> FloatArray:
    """Mean square of a station's scores around its model over the usual one."""
    stations, inspectors = len(design.stations), len(design.inspectors)
    station = combine(model, {"station": np.eye(stations)}, np.zeros((stations, 0))).mean
    severity = combine(model, {"inspector": np.eye(inspectors)}, np.zeros((inspectors, 0))).mean
    context = model.fit.fixed[: len(design.context_case)]
    fitted = station[design.station] + severity[design.inspector] + context[design.context]
    sums = design.sums
    around = sums.squares - 2 * fitted * sums.total + sums.n * fitted**2
    squares, n = sum_by(design.station, around, stations), design.inspections()
    usual = squares.sum() / n.sum()
    relative: FloatArray = (squares + PRIOR * usual) / (n + PRIOR) / usual
    return relative


def _days(cells: DayCells | None, design: Design) -> FloatArray:
    """Variance that days add: their covariance, at least 0, for pairs of scores of one day.

    The covariance is the mean product of two deviations of one day less that of two of different
    days, deviations being from the station's mean.
    """
    stations = len(design.stations)
    if cells is None:
        return np.zeros(stations)
    at, known = _places(design, cells.station)
    present = known & (cells.n > 0)
    station, day = at[present], levels_of(cells.day[present])[1]
    _, code = levels_of(station * (day.max(initial=0) + 1) + day)
    size = int(code.max(initial=-1)) + 1
    n, total = sum_by(code, cells.n[present], size), sum_by(code, cells.total[present], size)
    where = np.zeros(size, dtype=np.int64)
    where[code] = station
    counts, sums = sum_by(where, n, stations), sum_by(where, total, stations)
    squares = sum_by(station, cells.squares[present], stations)
    means = np.divide(sums, counts, out=np.zeros(stations), where=counts > 0)
    around = squares - means * sums
    same = sum_by(where, (total - n * means[where]) ** 2, stations) - around
    pairs = sum_by(where, n * (n - 1), stations)
    other_pairs = counts * (counts - 1) - pairs
    if not pairs.sum() or not other_pairs.sum():
        return np.zeros(stations)
    covariance = same.sum() / pairs.sum() + (around + same).sum() / other_pairs.sum()
    shares: FloatArray = np.divide(pairs, counts**2, out=np.zeros(stations), where=counts > 0)
    return max(0.0, float(covariance)) * shares


def _drift(fitted: Fitted, months: MonthCells | None) -> FloatArray:
    """Variance that inspectors add who are not equally strict in every month."""
    design = fitted.design
    stations = len(design.stations)
    if months is None:
        return np.zeros(stations)
    at, present = _places(design, months.station)
    rows = present & (months.n > 0)
    inspector, month = (levels_of(key[rows])[1] for key in (months.inspector, months.month))
    width = month.max(initial=0) + 1
    code = (at[rows] * (inspector.max(initial=0) + 1) + inspector) * width + month
    size = stations * (int(inspector.max(initial=0)) + 1) * int(width)
    n = sum_by(code, months.n[rows], size).reshape(stations, -1)
    counts = n.sum(axis=1)
    shares: FloatArray = np.divide(
        (n**2).sum(axis=1), counts**2, out=np.zeros(stations), where=counts > 0
    )
    return _drift_variance(fitted, months) * shares


def _drift_variance(fitted: Fitted, months: MonthCells) -> float:
    """Variance of an inspector's months around the usual beyond the error of the months.

    A month of n out of N inspections lies around the mean of all with error^2 (1 - n / N).
    """
    rows = month_severities(expected_scores(fitted.model, fitted.design), months)
    total: Counter[Key] = Counter()
    for row in rows:
        total[row.inspector] += row.n
    left = [(row, 1 - row.n / total[row.inspector]) for row in rows]
    weight = sum(row.n * share for row, share in left)
    excess = sum(
        row.n * ((row.value - row.usual) ** 2 - row.error**2 * share)
        for row, share in left
        if share > 0
    )
    return max(0.0, excess / weight) if weight > 0 else 0.0


def _places(design: Design, stations: Keys) -> tuple[IntArray, BoolArray]:
    """The code of each station, and whether it is one of the design's."""
    at = np.minimum(np.searchsorted(design.stations, stations), len(design.stations) - 1)
    return at, design.stations[at] == stations
