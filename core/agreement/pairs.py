"""Agreement of two ratings per unit, from sums: how often each pair of ratings occurred."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from core.agreement.alpha import krippendorff_of_units
from core.agreement.correlation import MeanSquares, intraclass
from core.agreement.kappa import kappa_of_table
from core.agreement.nominal import corrected, gwet_chance
from core.agreement.ratings import Floats, agreement_weights
from core.agreement.result import (
    ALL_APART,
    CONSTANT,
    NO_PAIRS,
    ONE_UNIT,
    ROUNDING,
    Agreement,
    around,
    check_confidence,
)
from core.errors import InvalidInput, finite

Times = Mapping[tuple[int, int], int]
"""How often the first rated so and the second so."""


@dataclass(frozen=True)
class PairAgreement:
    """What `n` pairs of ratings of one item say.

    Attributes:
        n: units both rated.
        alike: share of equal ratings.
        ac1: every category counting for itself, N/A included.
        judged: units that neither called N/A; what follows is of these.
        alpha: Krippendorff's, ordinal.
        ac2, kappa: with quadratic weights over the ratings that occur.
    """

    n: int
    alike: Agreement
    ac1: Agreement
    judged: int
    alpha: Agreement
    ac2: Agreement
    kappa: Agreement


class PairSums(NamedTuple):
    """Count, sums, sums of squares and of products of the two scores of each unit."""

    n: int
    first: float
    second: float
    first_squares: float
    second_squares: float
    product: float


class ShareSums(NamedTuple):
    """Units with the sums, squares and products of three shares each: alike, lost and N/A."""

    n: int
    alike: float
    lost: float
    na: float
    alike_squares: float
    lost_squares: float
    na_squares: float
    alike_lost: float
    alike_na: float
    lost_na: float


def pair_agreement(
    times: Times,
    *,
    scale: Sequence[int],
    not_applicable: int,
    confidence: float = 0.95,
    ordered: bool = True,
) -> PairAgreement:
    """Every coefficient of one item, equal to those of the ratings written out one by one.

    Ratings stand at their own value. A miss between two ratings weighs by their distance on the
    item's own scale, from the lowest to the highest rating that occurs: where nobody uses more than
    its two best levels, to miss by one is to miss altogether. Where all are equal alpha and kappa
    are None and AC1 and AC2 are 1, since the scale is known. Alpha's interval is a jackknife over
    units (Efron & Stein 1981), which for equal units needs one evaluation per kind of pair; the
    others' are those of the functions they are named after.

    Args:
        times: ratings of whole numbers.
        scale: ratings that the item allows besides those found.
        not_applicable: the rating that is no place on the scale.
        ordered: ratings lie on a scale; if not, alpha is nominal and AC2 and kappa mean nothing.
    """
    check_confidence(confidence)
    counted = {pair: n for pair, n in times.items() if _count(pair, n)}
    judged = {pair: n for pair, n in counted.items() if not_applicable not in pair}
    ratings = {rating for pair in counted for rating in pair} - {not_applicable}
    places = sorted(ratings | set(scale))
    nominal = (
        [not_applicable, *places] if any(not_applicable in pair for pair in counted) else places
    )
    own = sorted({rating for pair in judged for rating in pair})
    if len(own) < 2:
        own = places
    table = _table(judged, own)
    weights = agreement_weights(np.array(own, dtype=np.float64), "quadratic")
    return PairAgreement(
        n=sum(counted.values()),
        alike=_against_chance(counted, nominal, np.eye(len(nominal)), confidence, chance=False),
        ac1=_against_chance(counted, nominal, np.eye(len(nominal)), confidence),
        judged=sum(judged.values()),
        alpha=_alpha(judged, confidence, "ordinal" if ordered else "nominal"),
        ac2=_against_chance(judged, own, weights, confidence),
        kappa=_kappa(table, weights, sum(judged.values()), confidence),
    )


def pair_icc(sums: PairSums, *, confidence: float = 0.95) -> Agreement:
    """ICC(1,1) of Shrout & Fleiss (1979), each unit having its own two raters, from sums.

    With d the difference and m the mean of a unit's two scores: MS within = sum d^2 / 2 / n, MS
    between = 2 sum (m - mean)^2 / (n - 1). None with fewer than two units or equal scores.
    """
    n = _units(sums, confidence)
    if n < 2:
        return Agreement(None, reason=ONE_UNIT if n else NO_PAIRS)
    squares = sums.first_squares + sums.second_squares
    total = sums.first + sums.second
    within = max(0.0, squares - 2 * sums.product) / 2 / n
    between = max(0.0, (squares + 2 * sums.product) / 2 - total**2 / 2 / n) / (n - 1)
    noise = 1e-12 * squares / n
    within, between = (0.0 if square <= noise else square for square in (within, between))
    if not within and not between:
        return Agreement(None, reason=CONSTANT)
    parts = MeanSquares(units=n, raters=2, between=between, within=within, judges=0.0, error=within)
    return intraclass("ICC(1,1)", parts, (1 + confidence) / 2)


def difference(sums: PairSums, *, confidence: float = 0.95) -> Agreement:
    """Mean of first minus second with Student's interval of paired differences; in points."""
    n = _units(sums, confidence)
    if not n:
        return Agreement(None, reason=NO_PAIRS)
    value = (sums.first - sums.second) / n
    if n == 1:
        return Agreement(value, reason=ONE_UNIT)
    squares = sums.first_squares + sums.second_squares - 2 * sums.product
    error = math.sqrt(max(0.0, squares - n * value**2) / (n - 1) / n)
    if error <= ROUNDING * max(1.0, abs(value)):
        return Agreement(value, reason=ALL_APART)
    half = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * error
    return Agreement(value=value, lower=value - half, upper=value + half, standard_error=error)


def shared_ac1(sums: ShareSums, *, confidence: float = 0.95) -> Agreement:
    """Gwet's AC1 over items kept, lost or N/A, items of one unit belonging together.

    AC1 = (a - e) / (1 - e) with a the mean share judged alike and e = sum pi (1 - pi) / 2 over the
    mean shares pi of the three categories (Gwet 2008). Units, not items, are the sample: the
    standard error is the delta method's over the units' three shares, Student's t with n - 1.

    Returns:
        None without units, without an interval for a single one.
    """
    n = _units(sums, confidence)
    if not n:
        return Agreement(None, reason=NO_PAIRS)
    if not max(abs(value) for value in sums[1:]) <= n * (1 + 1e-9):
        raise InvalidInput("A share of an inspection lies between 0 and 1.")
    a, lost, na = sums.alike / n, sums.lost / n, sums.na / n
    earned = 1 - lost - na
    chance = (1 - earned**2 - lost**2 - na**2) / 2
    value = (a - chance) / (1 - chance)
    if n == 1:
        return Agreement(value, reason=ONE_UNIT)
    slope = (a - 1) / (1 - chance) ** 2
    gradient = np.array([1 / (1 - chance), slope * (earned - lost), slope * (earned - na)])
    error = math.sqrt(max(0.0, float(gradient @ _covariance(sums) @ gradient)) / n)
    return around(value, error, confidence, n)


def _count(pair: tuple[int, int], n: int) -> bool:
    """Whether the pair occurred."""
    for value in (*pair, n):
        finite(value)
    if n < 0:
        raise InvalidInput("{n} pairs cannot be.", n=n)
    return n > 0


def _units(sums: PairSums | ShareSums, confidence: float) -> int:
    """How many units the sums are of."""
    check_confidence(confidence)
    for value in sums:
        finite(value)
    if sums.n < 0:
        raise InvalidInput("{n} pairs cannot be.", n=sums.n)
    return sums.n


def _covariance(sums: ShareSums) -> Floats:
    """Sample covariance of the three shares."""
    n, means = sums.n, np.array([sums.alike, sums.lost, sums.na]) / sums.n
    raw = np.array(
        [
            [sums.alike_squares, sums.alike_lost, sums.alike_na],
            [sums.alike_lost, sums.lost_squares, sums.lost_na],
            [sums.alike_na, sums.lost_na, sums.na_squares],
        ]
    )
    return np.asarray((raw - n * np.outer(means, means)) / (n - 1))


def _table(times: Times, places: Sequence[int]) -> Floats:
    """Shares of each pair of ratings."""
    position = {rating: k for k, rating in enumerate(places)}
    table = np.zeros((len(places), len(places)))
    for (one, other), n in times.items():
        table[position[one], position[other]] += n
    return np.asarray(table / max(1.0, table.sum()))


def _against_chance(
    times: Times,
    places: Sequence[int],
    weights: Floats,
    confidence: float,
    *,
    chance: bool = True,
) -> Agreement:
    """AC1 or AC2 by its weights; without chance, the share of equal ratings."""
    if not times:
        return Agreement(None, reason=NO_PAIRS)
    position = {category: k for k, category in enumerate(places)}
    table = np.zeros((len(times), len(places)))
    for row, pair in enumerate(times):
        for rating in pair:
            table[row, position[rating]] += 1
    counts = np.array(list(times.values()), dtype=np.float64)
    if chance:
        return corrected(table, weights, gwet_chance(weights), confidence, counts)
    return corrected(table, weights, np.zeros_like, confidence, counts, lowest=0.0)


def _kappa(table: Floats, weights: Floats, size: int, confidence: float) -> Agreement:
    if not size:
        return Agreement(None, reason=NO_PAIRS)
    if np.count_nonzero(table.sum(axis=0) + table.sum(axis=1)) < 2:
        return Agreement(None, reason=CONSTANT)
    return kappa_of_table(table, weights, size, confidence)


def _alpha(times: Times, confidence: float, level: str) -> Agreement:
    if not times:
        return Agreement(None, reason=NO_PAIRS)
    counts: NDArray[np.float64] = np.array(list(times.values()), dtype=np.float64)
    alpha = krippendorff_of_units(list(times), level)
    value = alpha(counts)
    if value is None:
        return Agreement(None, reason=CONSTANT)
    n = float(counts.sum())
    left_out = [alpha(counts - one) for one in np.eye(len(counts))]
    if n < 2 or None in left_out:
        return Agreement(value, reason=ONE_UNIT)
    values = np.array(left_out, dtype=np.float64)
    middle = counts @ values / n
    error = math.sqrt((n - 1) / n * float(counts @ (values - middle) ** 2))
    return around(value, error, confidence, n)
