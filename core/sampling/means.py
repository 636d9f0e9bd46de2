"""Means of a whole from samples drawn with known probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import LARGEST, InvalidInput, finite

NO_VALUES = "There are no values."
ONE_VALUE = "One value says nothing about the spread."
EMPTY_STRATUM = "A stratum was not sampled, so the whole is not known."
LONE_VALUE = "A stratum has one value only, which says nothing about its spread."

_Values: TypeAlias = Sequence[float] | NDArray[Any]


class Estimate(NamedTuple):
    """A mean and its standard error; what is None is explained by `reason`."""

    mean: float | None
    standard_error: float | None
    reason: str | None = None


class Stratum(NamedTuple):
    """What was found in a stratum, and how many there are in it."""

    values: _Values
    population: float


def hajek_mean(values: _Values, inclusion_probabilities: _Values) -> Estimate:
    """Mean of the whole from a sample with unequal inclusion probabilities pi (Hájek 1971).

    mean m = sum(w y) / sum(w) with w = 1 / pi; variance n / (n - 1) sum((1 - pi) (w (y - m))^2) /
    sum(w)^2. With equal pi this is the simple mean with its finite population correction. Unlike
    Horvitz-Thompson it does not suffer from a random sample size. Joint probabilities are
    approximated, so in a stratified draw the error is `stratified_mean`'s.

    Returns:
        No values: mean None. One value with pi below 1: standard error None.

    Raises:
        InvalidInput: lists of different lengths, a probability outside (0, 1], a missing value.
    """
    y, pi = _numbers(values), _numbers(inclusion_probabilities)
    if y.shape != pi.shape:
        raise InvalidInput(
            "As many values as probabilities are needed: {values} and {probabilities} given.",
            values=y.size,
            probabilities=pi.size,
        )
    if ((pi < 1 / LARGEST) | (pi > 1)).any():
        raise InvalidInput("Inclusion probabilities lie above 0 and at most at 1.")
    if y.size == 0:
        return Estimate(mean=None, standard_error=None, reason=NO_VALUES)
    weight = 1 / pi
    mean = float(weight @ y / weight.sum())
    if y.size == 1 and pi[0] < 1:
        return Estimate(mean=mean, standard_error=None, reason=ONE_VALUE)
    spread = float(((1 - pi) * (weight * (y - mean)) ** 2).sum() / weight.sum() ** 2)
    return Estimate(mean=mean, standard_error=math.sqrt(spread * y.size / max(1, y.size - 1)))


def stratified_mean(strata: Sequence[Stratum]) -> Estimate:
    """Mean of the whole from simple random samples within strata.

    sum(W_h mean_h) with variance sum(W_h^2 (1 - f_h) s_h^2 / n_h), W_h the stratum's share of the
    population and f_h the share of the stratum that was sampled. A stratum sampled whole adds no
    variance; an empty population is left out. Source: Cochran (1977), section 5.4.

    Args:
        strata: (values, population) each; a plain pair will do.

    Returns:
        Mean None where there is no population or a stratum of it has no values; standard error
        None where a stratum has one value out of several.

    Raises:
        InvalidInput: more values than population, a missing value.
    """
    checked_strata = [_checked(*stratum) for stratum in strata]
    checked_strata = [checked for checked in checked_strata if checked.population > 0]
    if not checked_strata:
        return Estimate(mean=None, standard_error=None, reason=NO_VALUES)
    if any(len(checked.values) == 0 for checked in checked_strata):
        return Estimate(mean=None, standard_error=None, reason=EMPTY_STRATUM)
    total = sum(checked.population for checked in checked_strata)
    mean = sum(
        checked.population / total * float(np.mean(checked.values)) for checked in checked_strata
    )
    if any(len(checked.values) == 1 < checked.population for checked in checked_strata):
        return Estimate(mean=mean, standard_error=None, reason=LONE_VALUE)
    return Estimate(
        mean=mean,
        standard_error=math.sqrt(sum(_variance(checked, total) for checked in checked_strata)),
    )


def _numbers(values: _Values) -> NDArray[np.float64]:
    try:
        numbers: NDArray[np.float64] = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidInput("Every value must be a number.") from error
    if numbers.ndim != 1 or not (np.abs(numbers) <= LARGEST).all():
        raise InvalidInput("Every value must be a number.")
    return numbers


def _checked(values: _Values, population: float) -> Stratum:
    numbers, population = _numbers(values), finite(population)
    if numbers.size > population:
        raise InvalidInput(
            "A sample of {n} from a population of {population} cannot be.",
            n=numbers.size,
            population=population,
        )
    return Stratum(numbers, population)


def _variance(stratum: Stratum, total: float) -> float:
    n = len(stratum.values)
    if n == stratum.population:
        return 0.0
    spread = float(np.var(stratum.values, ddof=1))
    return (stratum.population / total) ** 2 * (1 - n / stratum.population) * spread / n
