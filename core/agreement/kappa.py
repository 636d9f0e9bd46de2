"""Cohen's kappa of two raters, plain or weighted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.agreement.ratings import (
    Floats,
    agreement_weights,
    nothing_to_judge,
    paired,
    present,
    scale_of,
)
from core.agreement.result import ONE_UNIT, Agreement, around, check_confidence
from core.errors import InvalidInput

_Rater: TypeAlias = Sequence[Any] | NDArray[Any]


def weighted_kappa(
    a: _Rater, b: _Rater, weights: str | None = None, *, categories: Sequence[Any] | None = None
) -> float | None:
    """Cohen's kappa of two raters: (p_o - p_e) / (1 - p_e) with agreement weights.

    Range up to 1; 0 is chance. p_o sums weight x share of each pair of categories, p_e the same
    for independent raters with these margins. Weights: None (agree or not), "linear"
    (1 - distance / largest distance) or "quadratic" (one minus its square). Numbers keep their
    distances, texts stand one step apart in the order of `categories` (sorted if not given).
    Source: Cohen (1960), Cohen (1968).

    Returns:
        None where no unit was rated by both or both gave one and the same rating throughout.

    Raises:
        InvalidInput: the two lists differ in length, or the weights are unknown.
    """
    return weighted_kappa_interval(a, b, weights, categories=categories).value


def weighted_kappa_interval(
    a: _Rater,
    b: _Rater,
    weights: str | None = None,
    *,
    categories: Sequence[Any] | None = None,
    confidence: float = 0.95,
) -> Agreement:
    """Kappa with the large-sample standard error of Fleiss, Cohen & Everitt (1969), normal."""
    check_confidence(confidence)
    if len(a) != len(b):
        raise InvalidInput(
            "Both raters need as many ratings: {a} and {b} given.", a=len(a), b=len(b)
        )
    units = paired(present(list(zip(a, b, strict=True))))
    scale = scale_of(units, categories)
    weight = agreement_weights(scale.scores, weights)
    reason = nothing_to_judge(units)
    if reason is not None:
        return Agreement(None, reason=reason)
    position = {category: index for index, category in enumerate(scale.categories)}
    table = np.zeros_like(weight)
    for one, other in units:
        table[position[one], position[other]] += 1 / len(units)
    return kappa_of_table(table, weight, len(units), confidence)


def kappa_of_table(table: Floats, weight: Floats, size: int, confidence: float) -> Agreement:
    """The same from the shares of each pair of categories among `size` units."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    expected = float(rows @ weight @ columns)
    value = float(((weight * table).sum() - expected) / (1 - expected))
    if size == 1:
        return Agreement(value, reason=ONE_UNIT)
    mean_weights = (weight @ columns)[:, None] + rows @ weight
    spread = (table * (weight - mean_weights * (1 - value)) ** 2).sum()
    variance = float(spread - (value - expected * (1 - value)) ** 2) / (1 - expected) ** 2 / size
    return around(value, math.sqrt(max(0.0, variance)), confidence, size, normal=True)
