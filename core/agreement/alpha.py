"""Krippendorff's alpha for any number of raters, missing ratings and four levels of measurement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.agreement.ratings import (
    Floats,
    Ratings,
    Scale,
    nothing_to_judge,
    paired,
    present,
    scale_of,
    sizes,
    why_undefined,
)
from core.agreement.result import (
    ONE_UNIT,
    ROUNDING,
    TOO_ALIKE,
    Agreement,
    around,
    check_confidence,
)
from core.errors import InvalidInput

LEVELS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True)
class _Pairs:
    """Every pair of ratings within a unit, and the ratings the pairs are made of."""

    level: str
    scores: Floats
    code: NDArray[np.intp]
    unit: NDArray[np.intp]
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    share: Floats


def krippendorff_alpha(
    ratings: Ratings, level: str, *, categories: Sequence[Any] | None = None
) -> float | None:
    """Krippendorff's alpha: 1 - observed disagreement / disagreement expected by chance.

    Range up to 1: 1 is full agreement, 0 what chance gives, negative is systematic disagreement.
    With n_c ratings of value c among n pairable ratings and m_u ratings in unit u:
    D_o = sum over units and ordered pairs of delta(c, k) / (m_u - 1) / n and
    D_e = sum n_c n_k delta(c, k) / (n (n - 1)). delta is c != k (nominal), the squared difference
    of mean ranks (ordinal: Krippendorff's own metric, not Gwet's ordinal weights), (c - k)^2
    (interval) or ((c - k) / (c + k))^2 (ratio, where 0 against 0 is no difference).
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.

    Args:
        ratings: units x raters; None or NaN is missing. Units with one rating are left out.
        level: "nominal", "ordinal", "interval" or "ratio".
        categories: order of the categories where texts are ordinal; sorted if not given.

    Returns:
        None where no unit has two ratings or all pairable ratings are equal (`why_undefined`).

    Raises:
        InvalidInput: unknown level, texts at interval or ratio level, negative ratios.
    """
    pairs = _pairs(ratings, level, categories)
    return None if pairs is None else _alpha(pairs, np.ones(pairs.unit[-1] + 1))


def krippendorff_interval(
    ratings: Ratings,
    level: str,
    *,
    seed: int,
    categories: Sequence[Any] | None = None,
    confidence: float = 0.95,
    draws: int = 1000,
) -> Agreement:
    """Alpha with a percentile interval from a bootstrap over units (Efron & Tibshirani 1993).

    Resamples in which all ratings are equal have no alpha and are left out; if they are more than
    a tenth of the draws there is no interval. The standard error is the spread of the draws; where
    all draws are equal, see `core.agreement.result.around`.
    """
    check_confidence(confidence)
    pairs = _pairs(ratings, level, categories)
    if pairs is None:
        return Agreement(None, reason=why_undefined(ratings))
    size = int(pairs.unit[-1]) + 1
    value = _alpha(pairs, np.ones(size))
    rng = np.random.default_rng(seed)
    drawn = (rng.integers(size, size=size) for _ in range(draws))
    resamples = (np.bincount(units, minlength=size).astype(np.float64) for units in drawn)
    alphas = [a for a in (_alpha(pairs, resample) for resample in resamples) if a is not None]
    if len(alphas) < 0.9 * draws:
        return Agreement(value, reason=TOO_ALIKE)
    if size == 1:
        return Agreement(value, reason=ONE_UNIT)
    lower, upper = np.quantile(alphas, [(1 - confidence) / 2, (1 + confidence) / 2])
    error = float(np.std(alphas, ddof=1))
    if value is None or error <= ROUNDING:
        return around(value or 0.0, 0.0, confidence, size)
    return Agreement(
        value=value,
        lower=max(-1.0, min(float(lower), value)),
        upper=max(float(upper), value),
        standard_error=error,
    )


def krippendorff_of_units(
    ratings: Ratings, level: str
) -> Callable[[NDArray[np.float64]], float | None]:
    """Alpha as a function of how often each unit occurs; None where one rating alone is left."""
    pairs = _pairs(ratings, level, None)
    return lambda times: None if pairs is None else _alpha(pairs, times)


def _pairs(ratings: Ratings, level: str, categories: Sequence[Any] | None) -> _Pairs | None:
    if level not in LEVELS:
        raise InvalidInput("{level} is not a level of measurement.", level=level)
    units = paired(present(ratings))
    scale = scale_of(units, categories)
    _check_level(scale, level)
    if nothing_to_judge(units) is not None:
        return None
    position = {category: index for index, category in enumerate(scale.categories)}
    size = sizes(units)
    unit = np.repeat(np.arange(len(units)), size)
    first, second = _within(unit, int(size.max()))
    code = np.array([position[rating] for rating in chain.from_iterable(units)])
    return _Pairs(
        level=level,
        scores=scale.scores,
        code=code,
        unit=unit,
        first=first,
        second=second,
        share=2 / (size[unit[first]] - 1),
    )


def _check_level(scale: Scale, level: str) -> None:
    if level in ("interval", "ratio") and not scale.numeric:
        raise InvalidInput("The {level} level needs numbers.", level=level)
    if level == "ratio" and (scale.scores < 0).any():
        raise InvalidInput("The ratio level needs ratings of zero or more.")


def _within(unit: NDArray[np.intp], largest: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions of the two ratings of each unordered pair; ratings of a unit lie side by side."""
    firsts = [np.flatnonzero(unit[:-lag] == unit[lag:]) for lag in range(1, largest)]
    seconds = [first + lag for lag, first in enumerate(firsts, start=1)]
    return np.concatenate(firsts), np.concatenate(seconds)


def _alpha(pairs: _Pairs, weight: Floats) -> float | None:
    """Alpha where unit u counts weight[u] times; None if only one value is left."""
    frequency: Floats = np.bincount(
        pairs.code, weight[pairs.unit], minlength=len(pairs.scores)
    ).astype(np.float64)
    if np.count_nonzero(frequency) < 2:
        return None
    scores = _mean_ranks(frequency) if pairs.level == "ordinal" else pairs.scores
    delta = _delta(pairs.level, scores[pairs.code[pairs.first]], scores[pairs.code[pairs.second]])
    observed = float((weight[pairs.unit[pairs.first]] * pairs.share) @ delta)
    total = float(frequency.sum())
    return 1 - (total - 1) * observed / _expected(pairs.level, scores, frequency)


def _mean_ranks(frequency: Floats) -> Floats:
    """The ordinal metric (sum of n from c to k, ends halved) is a difference of mean ranks."""
    return np.asarray(np.cumsum(frequency) - frequency / 2)


def _delta(level: str, one: Floats, other: Floats) -> Floats:
    if level == "nominal":
        return np.asarray(one != other, dtype=np.float64)
    if level == "ratio":
        total = one + other
        return np.asarray(((one - other) / np.where(total == 0, 1, total)) ** 2)
    return np.asarray((one - other) ** 2)


def _expected(level: str, scores: Floats, frequency: Floats) -> float:
    """Sum of n_c n_k delta(c, k), in closed form where the metric is a squared difference."""
    total = frequency.sum()
    if level == "nominal":
        return float(total**2 - frequency @ frequency)
    if level == "ratio":
        return float(frequency @ _delta(level, scores[:, None], scores) @ frequency)
    return float(2 * total * (frequency @ (scores - frequency @ scores / total) ** 2))
