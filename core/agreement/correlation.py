"""Intraclass correlations in the six forms of Shrout and Fleiss."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from core.agreement.ratings import Floats, Ratings, as_unit, is_missing, is_number
from core.agreement.result import (
    CONSTANT,
    NO_PAIRS,
    NO_RESIDUAL,
    NO_SPREAD,
    ONE_UNIT,
    Agreement,
    check_confidence,
)
from core.errors import LARGEST, InvalidInput

FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares of the two-way table; within = one-way, error = two-way residual."""

    units: int
    raters: int
    between: float
    within: float
    judges: float
    error: float


class _Limits(NamedTuple):
    lower: float
    upper: float


def icc(ratings: Ratings) -> dict[str, float | None]:
    """The six intraclass correlations of Shrout & Fleiss (1979), from ANOVA mean squares.

    ICC(1,.): each unit has its own raters; ICC(2,.): the raters are a sample, absolute agreement;
    ICC(3,.): these raters, consistency. (.,1) is for a single rating, (.,k) for the mean of all
    k raters. Range up to 1; below 0 raters differ within units more than units differ.

    Args:
        ratings: units x raters, numbers. A unit with a missing rating (None, NaN) is left out,
            since the mean squares need a complete table.

    Returns:
        Each form by name; None (all forms) with fewer than two complete units, fewer than two
        raters or equal ratings throughout, and (single forms) where the denominator is not
        positive because the units do not differ. `icc_interval` gives the reason.

    Raises:
        InvalidInput: units of different lengths, or ratings that are not numbers.
    """
    return {form: result.value for form, result in icc_interval(ratings).items()}


def icc_interval(ratings: Ratings, *, confidence: float = 0.95) -> dict[str, Agreement]:
    """The six forms with intervals from F distributions.

    Shrout & Fleiss (1979) for forms 1 and 3; for form 2 their approximation with Satterthwaite's
    degrees of freedom, which breaks down far below 0: there the interval is None. No standard
    error: the intervals are not symmetric.
    """
    check_confidence(confidence)
    table = _complete(ratings)
    reason = _why_none(table)
    if reason is not None:
        return {form: Agreement(None, reason=reason) for form in FORMS}
    squares = _mean_squares(table)
    return {form: intraclass(form, squares, (1 + confidence) / 2) for form in FORMS}


def _complete(ratings: Ratings) -> Floats:
    rows: list[list[Any]] = [list(as_unit(unit)) for unit in ratings]
    if len({len(row) for row in rows}) > 1:
        raise InvalidInput("Every unit needs a place for every rater.")
    complete = [row for row in rows if not any(is_missing(rating) for rating in row)]
    for rating in (rating for row in complete for rating in row):
        if not is_number(rating) or not abs(rating) <= LARGEST:
            raise InvalidInput("{rating} is not a number.", rating=rating)
    raters = len(rows[0]) if rows else 0
    return np.array(complete, dtype=np.float64).reshape(len(complete), raters)


def _why_none(table: Floats) -> str | None:
    if table.shape[0] == 0 or table.shape[1] < 2:
        return NO_PAIRS
    if table.shape[0] == 1:
        return ONE_UNIT
    return CONSTANT if np.ptp(table) == 0 else None


def _mean_squares(table: Floats) -> MeanSquares:
    n, k = table.shape
    deviation = table - table.mean()
    unit = deviation.mean(axis=1, keepdims=True)
    judge = deviation.mean(axis=0, keepdims=True)
    noise = 1e-24 * float((table**2).sum())

    def square(deviations: Floats, freedom: int) -> float:
        total = float((deviations**2).sum())
        return total / freedom if total > noise else 0.0

    return MeanSquares(
        units=n,
        raters=k,
        between=square(np.repeat(unit, k, axis=1), n - 1),
        within=square(deviation - unit, n * (k - 1)),
        judges=square(np.repeat(judge, n, axis=0), k - 1),
        error=square(deviation - unit - judge, (n - 1) * (k - 1)),
    )


def intraclass(form: str, squares: MeanSquares, upper_tail: float) -> Agreement:
    """One of the FORMS with its interval, from mean squares; see `icc_interval`."""
    s, k = squares, squares.raters
    noise = s.within if form.startswith("ICC(1") else s.error
    bias = (s.judges - s.error) / s.units if form.startswith("ICC(2") else 0.0
    single = form.endswith(",1)")
    denominator = s.between + ((k - 1) * noise + k * bias if single else bias)
    if denominator <= 0:
        return Agreement(None, reason=NO_SPREAD)
    value = (s.between - noise) / denominator
    if noise == 0 or s.between == 0:
        return Agreement(value, reason=NO_RESIDUAL if noise == 0 else NO_SPREAD)
    if form.startswith("ICC(2"):
        limits = _absolute_limits(s, upper_tail)
    else:
        freedom = s.units * (k - 1) if form.startswith("ICC(1") else (s.units - 1) * (k - 1)
        limits = _f_limits(s, s.between / noise, freedom, upper_tail)
    lower, upper = limits if single else (_of_mean(limit, k) for limit in limits)
    if lower == -math.inf or not lower <= value <= upper:
        return Agreement(value, reason=NO_SPREAD)
    return Agreement(value=value, lower=lower, upper=upper)


def _f_limits(squares: MeanSquares, ratio: float, freedom: int, tail: float) -> _Limits:
    """Limits of a single rating's ICC from the F ratio of the mean squares."""
    n, k = squares.units, squares.raters
    low = ratio / float(stats.f.ppf(tail, n - 1, freedom))
    high = ratio * float(stats.f.ppf(tail, freedom, n - 1))
    return _Limits((low - 1) / (low + k - 1), (high - 1) / (high + k - 1))


def _absolute_limits(squares: MeanSquares, tail: float) -> _Limits:
    """Limits of ICC(2,1) (Shrout & Fleiss 1979, p. 424)."""
    n, k, error = squares.units, squares.raters, squares.error
    rho = (squares.between - error) / (
        squares.between + (k - 1) * error + k * (squares.judges - error) / n
    )
    judge = k * rho * squares.judges / error
    error_term = n * (1 + (k - 1) * rho) - k * rho
    freedom = (k - 1) * (n - 1) * (judge + error_term) ** 2 / ((n - 1) * judge**2 + error_term**2)
    low_f = float(stats.f.ppf(tail, n - 1, freedom))
    high_f = float(stats.f.ppf(tail, freedom, n - 1))
    noise = k * squares.judges + (k * n - k - n) * error
    between = squares.between
    return _Limits(
        n * (between - low_f * error) / (low_f * noise + n * between),
        n * (high_f * between - error) / (noise + n * high_f * between),
    )


def _of_mean(single: float, raters: int) -> float:
    """Spearman-Brown: what a limit for one rating is for the mean of all raters.

    At -1 / (raters - 1) and below, which the interval of few units can reach, the
    mean's reliability has no lower limit.
    """
    spread = 1 + (raters - 1) * single
    return raters * single / spread if spread > 0 else -math.inf
