"""How sure a share is, and how many cases make it sure enough."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

from core.errors import InvalidInput, finite


class Interval(NamedTuple):
    lower: float
    upper: float


def wilson_interval(
    k: float, n: float, population: float | None = None, level: float = 0.95
) -> Interval | None:
    """Wilson's score interval for a share of k in n, within 0 to 1.

    (p + z^2/2n -+ z sqrt(p (1-p)/n + z^2/4n^2)) / (1 + z^2/n), without continuity correction.
    Drawn from a finite population of N, n becomes n (N - 1) / (N - n), so that a full count has
    no uncertainty left. Source: Wilson (1927); Newcombe (1998), method 3.

    Returns:
        None where nothing was counted (n is 0).

    Raises:
        InvalidInput: k outside 0 to n, n above the population, level outside 0 to 1.
    """
    z = _z(level)
    k, n = finite(k), finite(n)
    if not 0 <= k <= n:
        raise InvalidInput("{k} of {n} cannot be.", k=k, n=n)
    if n == 0:
        return None
    share = k / n
    size = _effective(n, population)
    if math.isinf(size):
        return Interval(share, share)
    middle = share + z * z / (2 * size)
    half = z * math.sqrt(share * (1 - share) / size + (z / (2 * size)) ** 2)
    scale = 1 + z * z / size
    return Interval(
        0.0 if k == 0 else (middle - half) / scale, 1.0 if k == n else (middle + half) / scale
    )


def sample_size(
    rate: float, margin: float, population: float | None = None, level: float = 0.95
) -> int:
    """Cases needed to know a share near `rate` to within -+ `margin`, rounded up.

    n0 = z^2 p (1 - p) / e^2; in a population of N, n0 / (1 + (n0 - 1) / N). Take rate 0.5 where
    nothing is known: it needs most. Source: Cochran (1977), Sampling Techniques, section 4.4.

    Raises:
        InvalidInput: rate or margin not between 0 and 1 (at a rate of 0 or 1 the formula would
            ask for no case at all), population below 1, level outside 0 to 1.
    """
    z = _z(level)
    _check_rate(rate)
    if not 0 < finite(margin) < 1:
        raise InvalidInput("The margin must lie between 0 and 1, not {margin}.", margin=margin)
    needed = z * z * rate * (1 - rate) / margin**2
    if not _is_endless(population):
        population = finite(population)
        if population < 1:
            raise InvalidInput("A population of {population} cannot be.", population=population)
        needed /= 1 + (needed - 1) / population
    return max(1, math.ceil(round(needed, 9)))


def margin_of_error(
    rate: float, n: float, population: float | None = None, level: float = 0.95
) -> float | None:
    """The margin that n cases buy for a share near `rate`: `sample_size` read backwards.

    z sqrt(p (1 - p) / n'), n' = n or, in a population of N, n (N - 1) / (N - n). Errors as in
    `sample_size`.

    Returns:
        None where n is 0; 0 for a full count.
    """
    z = _z(level)
    _check_rate(rate)
    n = finite(n)
    if n < 0:
        raise InvalidInput("A sample of {n} cannot be.", n=n)
    if n == 0:
        return None
    return z * math.sqrt(rate * (1 - rate) / _effective(n, population))


def _effective(n: float, population: float | None) -> float:
    """The size of a sample from an endless population that is as sure as this one."""
    if population is None or _is_endless(population):
        return n
    population = finite(population)
    if n > population:
        raise InvalidInput(
            "A sample of {n} from a population of {population} cannot be.",
            n=n,
            population=population,
        )
    return math.inf if n == population else n * (population - 1) / (population - n)


def _is_endless(population: float | None) -> bool:
    return population is None or population == math.inf


def _z(level: float) -> float:
    if not 0 < finite(level) < 1:
        raise InvalidInput("The level must lie between 0 and 1, not {level}.", level=level)
    return NormalDist().inv_cdf((1 + level) / 2)


def _check_rate(rate: float) -> None:
    if not 0 < finite(rate) < 1:
        raise InvalidInput("The expected rate must lie between 0 and 1, not {rate}.", rate=rate)
