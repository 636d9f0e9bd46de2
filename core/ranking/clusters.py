"""How estimates err by people, where one person may stand at several stations (or in groups).

An estimate is a sum of scores, each times a weight that the model gives. What one person's scores
have in common moves the estimate by the person's weighted residuals, wherever they stand; the
squares of these are its variance (Liang & Zeger 1986), whatever the person's service varies with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.ranking.arrays import FloatArray, IntArray, sum_by
from core.ranking.cells import Key
from core.ranking.design import Design, levels_of
from core.ranking.model import StationModel, mean_of


@dataclass(frozen=True, eq=False)
class PeopleError:
    """Per estimate, in squared points.

    Attributes:
        variance: from scores and people, the larger of what is found and what the model expects
            of people who are one wherever they stand.
        modelled: what the model has in its place, where a person at two stations counts as two.
        freedom: degrees of freedom of `variance`: the people, as many as they weigh, less one.
    """

    variance: FloatArray
    modelled: FloatArray
    freedom: FloatArray


def people_error(
    model: StationModel, design: Design, weights: FloatArray, unknown: Key
) -> PeopleError:
    """The error of estimates by people.

    Args:
        weights: estimates x rows of the design, what an estimate takes of each score.
        unknown: the key of staff who are not known; each of their rows stands for itself.
    """
    person = _people(design, unknown)
    residual = design.sums.total - design.sums.n * _expected(model, design)
    size = int(person.max()) + 1
    n, staff = design.sums.n, model.variance("staff") or 0.0
    moved = _by(person, weights * residual, size)
    by_score = model.fit.residual * _by(person, n * weights**2, size)
    usual = by_score + staff * _by(person, n * weights, size) ** 2
    as_two = staff * _by(design.member, n * weights, len(design.member_key)) ** 2
    variance = size / max(1, size - 1) * (moved**2).sum(axis=1)
    return PeopleError(
        variance=np.maximum(variance, usual.sum(axis=1)),
        modelled=by_score.sum(axis=1) + as_two.sum(axis=1),
        freedom=np.maximum(1.0, usual.sum(axis=1) ** 2 / (usual**2).sum(axis=1) - 1),
    )


def _people(design: Design, unknown: Key) -> IntArray:
    """A number for each person from 0, and one of its own for each row of nobody known."""
    keys = design.member_key[design.member]
    person = levels_of(keys)[1]
    nobody = keys == unknown
    person[nobody] = len(keys) + np.arange(int(nobody.sum()))
    return levels_of(person)[1]


def _expected(model: StationModel, design: Design) -> FloatArray:
    """By row what is expected of its station, inspector and context, whoever was scored."""
    stations, inspectors = len(design.stations), len(design.inspectors)
    contexts = len(design.context_case)
    station = mean_of(model, {"station": np.eye(stations)}, np.zeros((stations, 0)))
    severity = mean_of(model, {"inspector": np.eye(inspectors)}, np.zeros((inspectors, 0)))
    context = mean_of(model, {}, np.eye(contexts))
    rows: FloatArray = station[design.station] + severity[design.inspector]
    return rows + context[design.context]


def _by(codes: IntArray, values: FloatArray, size: int) -> FloatArray:
    return np.array([sum_by(codes, row, size) for row in values])
