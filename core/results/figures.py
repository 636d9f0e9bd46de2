"""What sums of scores say: means, shares and differences with their intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

from scipy.special import ndtri, stdtr, stdtrit

from core.errors import InvalidInput, finite
from core.sampling import Interval, wilson_interval

LEVEL = 0.90
ENOUGH = 30
"""Inspections below which a station is not compared."""


class Gap(NamedTuple):
    """A difference of two means and half the width of its interval; None if it has none."""

    value: float
    half: float | None

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.half is not None and abs(self.value) > self.half


class Moments(NamedTuple):
    """Count, sum and sum of squares of values."""

    n: int
    total: float
    squares: float

    def plus(self, other: Moments) -> Moments:
        return Moments(
            self.n + other.n, total=self.total + other.total, squares=self.squares + other.squares
        )

    def minus(self, other: Moments) -> Moments:
        """What is left when a part is taken out."""
        return Moments(
            self.n - other.n, total=self.total - other.total, squares=self.squares - other.squares
        )

    @property
    def mean(self) -> float | None:
        """None without values."""
        return self.total / self.n if self.n else None

    @property
    def variance(self) -> float | None:
        """Sample variance (divisor n - 1); None below two values, 0 for equal ones."""
        if self.n < 2:
            return None
        return max(0.0, self.squares - self.total**2 / self.n) / (self.n - 1)

    @property
    def sd(self) -> float | None:
        return None if self.variance is None else math.sqrt(self.variance)

    def half_width(self, level: float = LEVEL) -> float | None:
        """Half of Student's interval of the mean; None below two values."""
        if self.variance is None:
            return None
        return _student(level, self.n - 1) * math.sqrt(self.variance / self.n)


NOTHING = Moments(0, total=0.0, squares=0.0)


@dataclass(frozen=True)
class Figures:
    """What a set of inspections comes to.

    Attributes:
        scores: of the scores as people are told them.
        before: of the scores before critical effects, by which stations are compared.
        passed: inspections that passed.
        critical: inspections with a critical failure.
        unscored: inspections without a score, everything being N/A.
    """

    scores: Moments
    before: Moments
    passed: int
    critical: int
    unscored: int

    @classmethod
    def nothing(cls) -> Self:
        return cls(NOTHING, NOTHING, passed=0, critical=0, unscored=0)

    @property
    def n(self) -> int:
        return self.scores.n

    @property
    def inspections(self) -> int:
        """With or without a score."""
        return self.n + self.unscored

    @property
    def pass_rate(self) -> float | None:
        return self.passed / self.n if self.n else None

    @property
    def critical_rate(self) -> float | None:
        return self.critical / self.inspections if self.inspections else None

    def critical_interval(self, level: float = LEVEL) -> Interval | None:
        """Wilson's interval; None without inspections."""
        return wilson_interval(self.critical, self.inspections, level=level)

    def plus(self, other: Figures) -> Figures:
        return Figures(
            self.scores.plus(other.scores),
            self.before.plus(other.before),
            passed=self.passed + other.passed,
            critical=self.critical + other.critical,
            unscored=self.unscored + other.unscored,
        )


class Welch(NamedTuple):
    """A difference of two means with its standard error and Satterthwaite's degrees of freedom."""

    value: float
    error: float
    degrees: float

    def tail(self) -> float:
        """The two-sided probability of as large a difference where there is none."""
        return 2 * float(stdtr(self.degrees, -abs(self.value) / self.error))

    def half_width(self, level: float) -> float:
        return _student(level, self.degrees) * self.error


def welch(first: Moments, second: Moments) -> Welch | None:
    """The first mean minus the second (Welch 1947); None below two values or without spread."""
    if first.mean is None or second.mean is None:
        return None
    if first.variance is None or second.variance is None:
        return None
    a, b = first.variance / first.n, second.variance / second.n
    if a + b == 0:
        return None
    degrees = (a + b) ** 2 / (a**2 / (first.n - 1) + b**2 / (second.n - 1))
    return Welch(value=first.mean - second.mean, error=math.sqrt(a + b), degrees=degrees)


def gap(first: Moments, second: Moments, level: float = LEVEL) -> Gap | None:
    """The first mean minus the second with Welch's interval.

    Returns:
        None where a mean is unknown; half None where a side has a single value, 0 where neither
        side varies.
    """
    check_sums(first, second)
    _check_level(level)
    if first.mean is None or second.mean is None:
        return None
    value = first.mean - second.mean
    if first.variance is None or second.variance is None:
        return Gap(value=value, half=None)
    found = welch(first, second)
    return Gap(value=value, half=found.half_width(level) if found else 0.0)


class Proportion(NamedTuple):
    """How many of how many."""

    k: int
    n: int


class Ratios(NamedTuple):
    """Numerators and denominators of clusters: count, sums, sums of squares and of products."""

    clusters: int
    numerator: float
    denominator: float
    numerator_squares: float
    denominator_squares: float
    product: float

    @classmethod
    def of(cls, pairs: Iterable[tuple[float, float]]) -> Self:
        """From the numerator and denominator of every cluster."""
        clusters = list(pairs)
        return cls(
            clusters=len(clusters),
            numerator=math.fsum(numerator for numerator, _ in clusters),
            denominator=math.fsum(denominator for _, denominator in clusters),
            numerator_squares=math.fsum(numerator**2 for numerator, _ in clusters),
            denominator_squares=math.fsum(denominator**2 for _, denominator in clusters),
            product=math.fsum(numerator * denominator for numerator, denominator in clusters),
        )

    @property
    def rate(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def variance(self) -> float | None:
        """Of the rate, from cluster to cluster (Cochran 1977, section 6.4); None below two."""
        rate, m = self.rate, self.clusters
        if rate is None or m < 2:
            return None
        squares = (
            self.numerator_squares - 2 * rate * self.product + rate**2 * self.denominator_squares
        )
        return max(0.0, squares) * m / (m - 1) / self.denominator**2


class DifferenceInterval(NamedTuple):
    """A difference with its interval, which need not be symmetric; None where there is none."""

    value: float
    low: float | None
    high: float | None

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        has_interval = self.low is not None and self.high is not None
        return has_interval and not (self.low or 0.0) <= 0 <= (self.high or 0.0)

    @classmethod
    def of(cls, gap: Gap | None) -> Self | None:
        if gap is None:
            return None
        if gap.half is None:
            return cls(value=gap.value, low=None, high=None)
        return cls(value=gap.value, low=gap.value - gap.half, high=gap.value + gap.half)


def share_span(
    first: Proportion, second: Proportion, level: float = LEVEL
) -> DifferenceInterval | None:
    """The first share minus the second with Newcombe's (1998) hybrid score interval.

    Returns:
        None where one of them is of nothing.
    """
    if min(finite(first.n), finite(second.n)) < 0:
        raise InvalidInput("A share of fewer than none cannot be.")
    one = wilson_interval(first.k, first.n, level=level)
    other = wilson_interval(second.k, second.n, level=level)
    if one is None or other is None:
        return None
    p, q = first.k / first.n, second.k / second.n
    low = p - q - math.hypot(p - one.lower, other.upper - q)
    high = p - q + math.hypot(one.upper - p, q - other.lower)
    return DifferenceInterval(value=p - q, low=low, high=high)


def ratio_span(first: Ratios, second: Ratios, level: float = LEVEL) -> DifferenceInterval | None:
    """The first rate minus the second, what varies from cluster to cluster being the error.

    Normal interval of two independent ratios; None where a rate is unknown, no interval where
    there are fewer than two clusters.
    """
    check_sums(first, second)
    _check_level(level)
    if first.rate is None or second.rate is None:
        return None
    value = first.rate - second.rate
    if first.variance is None or second.variance is None:
        return DifferenceInterval(value=value, low=None, high=None)
    half = float(ndtri((1 + level) / 2)) * math.sqrt(first.variance + second.variance)
    return DifferenceInterval(value=value, low=value - half, high=value + half)


def check_sums(*sums: Moments | Ratios) -> None:
    """Refuses sums that no values can have.

    Raises:
        InvalidInput: one is not finite, or is of fewer than no values.
    """
    for one in sums:
        for value in one:
            finite(value)
        if one[0] < 0:
            raise InvalidInput("{n} values cannot be.", n=one[0])


def _check_level(level: float) -> None:
    if not 0 < finite(level) < 1:
        raise InvalidInput("The level must lie between 0 and 1, not {level}.", level=level)


def _student(level: float, degrees: float) -> float:
    return float(stdtrit(degrees, (1 + level) / 2))
