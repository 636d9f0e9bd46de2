"""Percent agreement, Fleiss' kappa and Gwet's AC1 and AC2, in one frame (Gwet 2014).

All four are (p_a - p_e) / (1 - p_e) with the same observed agreement p_a, and differ in what they
hold to be chance; their linearised variance is therefore one formula too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.agreement.ratings import (
    Floats,
    Ratings,
    agreement_weights,
    counted,
    nothing_to_judge,
    paired,
    present,
    scale_of,
)
from core.agreement.result import (
    CONSTANT,
    NO_PAIRS,
    ONE_UNIT,
    Agreement,
    around,
    check_confidence,
)
from core.errors import LARGEST, InvalidInput

Chance: TypeAlias = Callable[[Floats], Floats]


def percent_agreement(ratings: Ratings) -> float | None:
    """Share of agreeing pairs of ratings, averaged over the units rated at least twice.

    Range 0 to 1; nothing is taken off for chance, so constant data give 1. None where no unit has
    two ratings. Source: Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed.
    """
    return percent_agreement_interval(ratings).value


def percent_agreement_interval(ratings: Ratings, *, confidence: float = 0.95) -> Agreement:
    """Percent agreement with Gwet's standard error and a t interval over the units."""
    units = [unit for unit in present(ratings) if unit]
    table = counted(units, scale_of(units, None))
    return corrected(table, np.eye(table.shape[1]), np.zeros_like, confidence, lowest=0.0)


def fleiss_kappa(counts: Sequence[Sequence[float]] | NDArray[Any]) -> float | None:
    """Fleiss' kappa of a table of counts, units x categories.

    kappa = (P - P_e) / (1 - P_e): P is the mean share of agreeing pairs per unit and P_e the sum
    of squared category shares. Range up to 1; 0 is chance. Source: Fleiss (1971). Units may have
    different numbers of raters: shares are then averaged over units and units with one rating
    count for P_e only (Gwet 2014), which for equal numbers is Fleiss' own formula.

    Returns:
        None where no unit has two ratings or all ratings lie in one category.

    Raises:
        InvalidInput: the table is ragged or holds anything but counts.
    """
    return fleiss_interval(counts).value


def fleiss_interval(
    counts: Sequence[Sequence[float]] | NDArray[Any], *, confidence: float = 0.95
) -> Agreement:
    """Fleiss' kappa with Gwet's (2014) standard error, which does not assume kappa to be 0."""
    table = _count_table(counts)
    if np.count_nonzero(table.sum(axis=0)) == 1:
        return Agreement(None, reason=CONSTANT if (table.sum(axis=1) > 1).any() else NO_PAIRS)
    return corrected(table, np.eye(table.shape[1]), lambda share: share, confidence)


def gwet_ac1(ratings: Ratings, *, categories: Sequence[Any] | None = None) -> float | None:
    """Gwet's AC1: agreement beyond chance that stays stable when one category is very common.

    p_e = sum pi_k (1 - pi_k) / (q - 1) for q categories with mean shares pi_k; the coefficient is
    (p_a - p_e) / (1 - p_e). Range up to 1; 0 is chance. Source: Gwet (2008), Gwet (2014).

    Args:
        ratings: units x raters; None or NaN is missing. Units with one rating count for pi only.
        categories: all categories of the scale; those found in the ratings if not given.

    Returns:
        None where no unit has two ratings, or all ratings are equal and `categories` is not given
        (how many categories agreement could have missed is then unknown; if given, it is 1).
    """
    return gwet_ac1_interval(ratings, categories=categories).value


def gwet_ac1_interval(
    ratings: Ratings, *, categories: Sequence[Any] | None = None, confidence: float = 0.95
) -> Agreement:
    """AC1 with Gwet's standard error and a t interval over the units."""
    return _gwet(ratings, None, categories, confidence)


def gwet_ac2(
    ratings: Ratings, weights: str = "quadratic", *, categories: Sequence[Any] | None = None
) -> float | None:
    """Gwet's AC2: AC1 in which near misses count as partial agreement.

    p_e = T_w sum pi_k (1 - pi_k) / (q (q - 1)), T_w being the sum of all weights. Weights are 1 -
    distance / largest distance (linear) or one minus its square (quadratic); numbers keep their
    distances, texts stand one step apart in the order of `categories` (sorted if not given).
    Range, missing and constant data as for `gwet_ac1`. Source: Gwet (2014).
    """
    return gwet_ac2_interval(ratings, weights, categories=categories).value


def gwet_ac2_interval(
    ratings: Ratings,
    weights: str = "quadratic",
    *,
    categories: Sequence[Any] | None = None,
    confidence: float = 0.95,
) -> Agreement:
    """AC2 with Gwet's standard error and a t interval over the units."""
    return _gwet(ratings, weights, categories, confidence)


def _gwet(
    ratings: Ratings, weights: str | None, categories: Sequence[Any] | None, confidence: float
) -> Agreement:
    units = [unit for unit in present(ratings) if unit]
    scale = scale_of(units, categories)
    weight = agreement_weights(scale.scores, weights)
    reason = nothing_to_judge(paired(units))
    if reason == NO_PAIRS or (reason == CONSTANT and (categories is None or len(weight) < 2)):
        return Agreement(None, reason=reason)
    return corrected(counted(units, scale), weight, gwet_chance(weight), confidence)


def gwet_chance(weight: Floats) -> Chance:
    """Gwet's chance agreement for ratings weighted so; at least two categories."""
    size = len(weight)
    per_miss = weight.sum() / (size * (size - 1))
    return lambda shares: np.asarray(per_miss * (1 - shares))


def _count_table(counts: Sequence[Sequence[float]] | NDArray[Any]) -> Floats:
    try:
        table: Floats = np.asarray(counts, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidInput("Counts must be a table of units by categories.") from error
    if table.size == 0:
        return np.zeros((0, 1))
    if table.ndim != 2 or not ((table >= 0) & (table <= LARGEST)).all():
        raise InvalidInput("Counts must be a table of units by categories.")
    rated: Floats = table[table.sum(axis=1) > 0]
    return rated


def corrected(
    table: Floats,
    weights: Floats,
    chance: Chance,
    confidence: float,
    times: Floats | None = None,
    lowest: float = -1.0,
) -> Agreement:
    """The coefficient with its linearised standard error (Gwet 2014, chapter 5).

    `chance` turns the category shares into the probability that a rating in each category meets
    agreement by chance; its mean over the shares is p_e. `times` says how many units each row of
    the table stands for, one if not given, and `lowest` the least value of the coefficient.
    """
    check_confidence(confidence)
    sizes = table.sum(axis=1)
    twice = sizes > 1
    if not twice.any():
        return Agreement(None, reason=NO_PAIRS)
    share = np.ones(len(table)) if times is None else times
    units = float(share.sum())
    share = share / units
    shares = table / sizes[:, None]
    by_chance = chance(share @ shares)
    expected = float(share @ shares @ by_chance)
    agreeing = (table * (table @ weights - 1)).sum(axis=1) / np.where(twice, sizes * (sizes - 1), 1)
    rated_twice = float(share[twice].sum())
    value = (float(share[twice] @ agreeing[twice]) / rated_twice - expected) / (1 - expected)
    if units == 1:
        return Agreement(value, reason=ONE_UNIT)
    own = twice / rated_twice * (agreeing - expected) / (1 - expected)
    linear = own - 2 * (1 - value) * (shares @ by_chance - expected) / (1 - expected)
    error = math.sqrt(float(share @ (linear - value) ** 2) / (units - 1))
    return around(value, error, confidence, units, lowest=lowest)
