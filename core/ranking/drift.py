"""How strict each inspector was from month to month, stations and cases taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.ranking.arrays import BoolArray, FloatArray, IntArray, sum_by
from core.ranking.cells import Key, Keys, MonthCells
from core.ranking.design import Design, levels_of
from core.ranking.model import StationModel, combine

ROUNDS = 100


@dataclass(frozen=True, eq=False)
class Expected:
    """The score to expect of a station in a context at average severity.

    Attributes:
        stations: key per row of `values`; `case` and `stratum` the keys per column.
        values: stations x contexts.
        variance: of one score around it, staff included.
    """

    stations: Keys
    case: Keys
    stratum: Keys
    values: FloatArray
    variance: float


class MonthSeverity(NamedTuple):
    """What an inspector added to a score in a month; negative is strict.

    `error` is the standard error of `value`, `usual` the inspector's mean over all months.
    """

    inspector: Key
    month: int
    n: int
    value: float
    error: float
    usual: float


def expected_scores(model: StationModel, design: Design) -> Expected:
    eye = np.eye(len(design.stations))
    stations = combine(model, {"station": eye}, np.zeros((len(eye), 0))).mean
    contexts = model.fit.fixed[: len(design.context_case)]
    return Expected(
        design.stations,
        design.context_case,
        design.context_stratum,
        stations[:, None] + contexts,
        model.fit.residual + (model.variance("staff") or 0.0),
    )


def month_severities(expected: Expected, cells: MonthCells) -> tuple[MonthSeverity, ...]:
    """Every inspector's months, by inspector and month.

    The mean of score minus what is expected of the station and context, less what the month did to
    everybody: value = inspector + month fitted to these means by weighted alternation, the month
    part taken out. A change of staff within a station shows as noise, so that the standard error is
    sqrt(variance / n) with the variance of staff in it. Cells of stations or contexts that the
    ranking does not know are left out.
    """
    station, is_ranked = _places(expected.stations, cells.station)
    context, valued = _contexts(expected, cells)
    keep = is_ranked & valued & (cells.n > 0)
    inspectors, inspector = levels_of(cells.inspector[keep])
    months, month = levels_of(cells.month[keep])
    if not len(inspectors):
        return ()
    size = (len(inspectors), len(months))
    flat: IntArray = inspector * size[1] + month
    deviations = cells.total[keep] - cells.n[keep] * expected.values[station[keep], context[keep]]
    n = sum_by(flat, cells.n[keep], size[0] * size[1]).reshape(size)
    total = sum_by(flat, deviations, size[0] * size[1]).reshape(size)
    usual, network = _additive(n, np.divide(total, n, out=np.zeros(size), where=n > 0))
    return tuple(
        MonthSeverity(
            inspector=inspectors[i].item(),
            month=int(months[t]),
            n=int(n[i, t]),
            value=float(total[i, t] / n[i, t] - network[t]),
            error=float(np.sqrt(expected.variance / n[i, t])),
            usual=float(usual[i]),
        )
        for i, t in np.argwhere(n > 0)
    )


def _additive(n: FloatArray, means: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Inspector and month parts of the means, weighted by n; the months average to zero."""
    usual, network = np.zeros(n.shape[0]), np.zeros(n.shape[1])
    for _ in range(ROUNDS):
        usual = (n * (means - network)).sum(axis=1) / n.sum(axis=1)
        network = (n * (means - usual[:, None])).sum(axis=0) / n.sum(axis=0)
        network -= n.sum(axis=0) @ network / n.sum()
    return usual, network


def _places(stations: Keys, keys: Keys) -> tuple[IntArray, BoolArray]:
    position = np.minimum(np.searchsorted(stations, keys), len(stations) - 1)
    return position, stations[position] == keys


def _contexts(expected: Expected, cells: MonthCells) -> tuple[IntArray, BoolArray]:
    pairs = zip(expected.case.tolist(), expected.stratum.tolist(), strict=True)
    table = {pair: k for k, pair in enumerate(pairs)}
    keys = zip(cells.case.tolist(), cells.stratum.tolist(), strict=True)
    positions = np.array([table.get(pair, -1) for pair in keys], dtype=np.int64)
    return np.maximum(positions, 0), positions >= 0
