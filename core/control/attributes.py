"""Charts of counted things: shares of cases (p, Laney's p') and numbers of defects (c)."""

from __future__ import annotations

import math
from typing import NamedTuple

from core.control.chart import (
    NO_NEIGHBOURS,
    NO_POINTS,
    NO_SPREAD,
    RANGE_TO_SIGMA,
    Chart,
    FlatChart,
    LaneyChart,
    Points,
    Series,
    as_points,
    mean_moving_range,
    outside,
)
from core.errors import InvalidInput


class _Sample(NamedTuple):
    cases: float
    size: float


class _Shares(NamedTuple):
    """Each share with the binomial standard deviation of a share of its size."""

    points: Points
    center: float | None
    sigmas: Points
    reason: str | None


def p_chart(counts: Series, sizes: Series) -> Chart:
    """Shares with limits p -+ 3 sqrt(p (1 - p) / n_i), cut off at 0 and 1.

    p is the total count over the total size. Source: Montgomery, Introduction to Statistical
    Quality Control, chapter 7; NIST/SEMATECH e-Handbook 6.3.3.2.

    Args:
        counts: cases per point; None or NaN is missing.
        sizes: out of how many. A point with size 0 or a missing number has no share and no limits.

    Returns:
        Center None without any share; limits None where every case or none was counted (p is 0 or
        1, the limits would have no width).

    Raises:
        InvalidInput: lists of different lengths, negative numbers, a count above its size.
    """
    shares = _shares(counts, sizes)
    lower, upper = _limits(shares, 1.0)
    return Chart(
        points=shares.points,
        center=shares.center,
        lower=lower,
        upper=upper,
        signals=outside(shares.points, lower, upper),
        reason=shares.reason,
    )


def laney_p_chart(counts: Series, sizes: Series) -> LaneyChart:
    """Laney's p' chart: limits p -+ 3 sigma_i sigma_z, for large samples that vary in themselves.

    sigma_i is the binomial standard deviation of point i, z_i = (p_i - p) / sigma_i, and sigma_z
    the mean moving range of z over 1.128 (not the standard deviation of z). It is not raised to 1:
    below 1 the points vary less than chance, which is worth seeing. Source: Laney (2002), Quality
    Engineering 14:531-537. Arguments, cut-offs and errors as in `p_chart`.

    Returns:
        Limits None also without two neighbouring points or where all shares are equal.
    """
    shares = _shares(counts, sizes)
    sigma_z, reason = None, shares.reason
    if reason is None:
        sigma_z = _between(shares)
        reason = {None: NO_NEIGHBOURS, 0.0: NO_SPREAD}.get(sigma_z)
    lower, upper = _limits(shares._replace(reason=reason), sigma_z or 0.0)
    signals = outside(shares.points, lower, upper)
    return LaneyChart(
        points=shares.points,
        center=shares.center,
        lower=lower,
        upper=upper,
        signals=signals,
        reason=reason,
        sigma_z=sigma_z,
    )


def c_chart(counts: Series) -> FlatChart:
    """Counts on equal areas of opportunity with limits c -+ 3 sqrt(c), cut off at 0.

    c is the mean count. Source: NIST/SEMATECH e-Handbook 6.3.3.1. None or NaN is missing.

    Returns:
        Center None without any count; limits None where all counts are 0.

    Raises:
        InvalidInput: a negative count.
    """
    points = as_points(counts)
    _refuse_negative(points)
    present = [point for point in points if point is not None]
    if not present:
        return FlatChart(
            points=points, center=None, lower=None, upper=None, signals=(), reason=NO_POINTS
        )
    center = math.fsum(present) / len(present)
    if center == 0:
        return FlatChart(
            points=points, center=center, lower=None, upper=None, signals=(), reason=NO_SPREAD
        )
    lower, upper = max(0.0, center - 3 * math.sqrt(center)), center + 3 * math.sqrt(center)
    size = len(points)
    return FlatChart(
        points=points,
        center=center,
        lower=lower,
        upper=upper,
        signals=outside(points, (lower,) * size, (upper,) * size),
    )


def _shares(counts: Series, sizes: Series) -> _Shares:
    if len(counts) != len(sizes):
        raise InvalidInput(
            "As many counts as sizes are needed: {counts} and {sizes} given.",
            counts=len(counts),
            sizes=len(sizes),
        )
    samples = [
        _sample(count, size)
        for count, size in zip(as_points(counts), as_points(sizes), strict=True)
    ]
    complete = [sample for sample in samples if sample is not None]
    points = tuple(None if sample is None else sample.cases / sample.size for sample in samples)
    if not complete:
        return _Shares(points, None, points, NO_POINTS)
    center = math.fsum(sample.cases for sample in complete) / math.fsum(
        sample.size for sample in complete
    )
    spread = math.sqrt(center * (1 - center))
    sigmas = tuple(
        None if sample is None else spread / math.sqrt(sample.size) for sample in samples
    )
    return _Shares(points, center, sigmas, NO_SPREAD if spread == 0 else None)


def _sample(count: float | None, size: float | None) -> _Sample | None:
    _refuse_negative((count, size))
    if count is None or not size:
        return None
    if count > size:
        raise InvalidInput("{count} of {size} cannot be.", count=count, size=size)
    return _Sample(cases=count, size=size)


def _refuse_negative(numbers: Points) -> None:
    for number in numbers:
        if number is not None and number < 0:
            raise InvalidInput("A count cannot be {number}.", number=number)


def _between(shares: _Shares) -> float | None:
    center = shares.center or 0.0
    scores = tuple(
        None if point is None or not sigma else (point - center) / sigma
        for point, sigma in zip(shares.points, shares.sigmas, strict=True)
    )
    mean_range = mean_moving_range(scores)
    return None if mean_range is None else mean_range / RANGE_TO_SIGMA


class _Limits(NamedTuple):
    lower: Points
    upper: Points


def _limits(shares: _Shares, factor: float) -> _Limits:
    if shares.reason is not None or shares.center is None:
        nothing = (None,) * len(shares.points)
        return _Limits(nothing, nothing)
    center = shares.center
    widths = [None if sigma is None else 3 * sigma * factor for sigma in shares.sigmas]
    return _Limits(
        tuple(None if width is None else max(0.0, center - width) for width in widths),
        tuple(None if width is None else min(1.0, center + width) for width in widths),
    )
