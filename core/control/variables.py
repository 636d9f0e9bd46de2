"""Charts of measured values: means, individuals, EWMA and CUSUM."""

from __future__ import annotations

import math

from core.control.chart import (
    NO_NEIGHBOURS,
    NO_POINTS,
    NO_SPREAD,
    RANGE_TO_SIGMA,
    Chart,
    CusumChart,
    FlatChart,
    Points,
    Series,
    as_points,
    mean_moving_range,
    outside,
)
from core.errors import InvalidInput, finite


def means_chart(means: Series, sizes: Series, sds: Series) -> Chart:
    """Means of samples of different size with limits m -+ 3 s / sqrt(n_i).

    m is the mean of all values and s the standard deviation within samples, pooled. Source:
    Montgomery, Introduction to Statistical Quality Control, section 6.3.2 (variable sample size).

    Args:
        means: per sample; None or NaN is missing.
        sizes: how many values; a sample of 0 or an unknown number is missing.
        sds: standard deviation within each sample; it may be missing where there is one value.

    Returns:
        Center None without any sample; limits None where no sample tells a spread.

    Raises:
        InvalidInput: lists of different lengths, or a size or spread below 0.
    """
    if not len(means) == len(sizes) == len(sds):
        raise InvalidInput("Means, sizes and spreads must be as many.")
    samples = [
        None if mean is None or not size else (mean, size, sd)
        for mean, size, sd in zip(as_points(means), as_points(sizes), as_points(sds), strict=True)
    ]
    present = [sample for sample in samples if sample is not None]
    if any(size < 0 or (sd or 0.0) < 0 for _, size, sd in present):
        raise InvalidInput("A size or a spread cannot be below 0.")
    points = tuple(None if sample is None else sample[0] for sample in samples)
    nothing = (None,) * len(points)
    if not present:
        return Chart(
            points=points, center=None, lower=nothing, upper=nothing, signals=(), reason=NO_POINTS
        )
    center = math.fsum(mean * size for mean, size, _ in present) / math.fsum(
        size for _, size, _ in present
    )
    freedom = math.fsum(size - 1 for _, size, sd in present if sd is not None)
    squares = math.fsum((size - 1) * sd**2 for _, size, sd in present if sd is not None)
    if freedom <= 0 or squares <= 0:
        return Chart(
            points=points, center=center, lower=nothing, upper=nothing, signals=(), reason=NO_SPREAD
        )
    width = 3 * math.sqrt(squares / freedom)
    halves = [None if sample is None else width / math.sqrt(sample[1]) for sample in samples]
    lower = tuple(None if half is None else center - half for half in halves)
    upper = tuple(None if half is None else center + half for half in halves)
    signals = outside(points, lower, upper)
    return Chart(points=points, center=center, lower=lower, upper=upper, signals=signals)


def individuals_chart(values: Series) -> FlatChart:
    """Single values with limits mean -+ 3 MR / 1.128, MR being the mean moving range of two.

    Source: NIST/SEMATECH e-Handbook 6.3.2.2. None or NaN is missing; a range is taken only between
    neighbours that are both there.

    Returns:
        Center None without any value; limits None without two neighbours or where no value differs
        from the one before.
    """
    points = as_points(values)
    present = [point for point in points if point is not None]
    if not present:
        return FlatChart(
            points=points, center=None, lower=None, upper=None, signals=(), reason=NO_POINTS
        )
    center = math.fsum(present) / len(present)
    mean_range = mean_moving_range(points)
    if not mean_range:
        reason = NO_NEIGHBOURS if mean_range is None else NO_SPREAD
        return FlatChart(
            points=points, center=center, lower=None, upper=None, signals=(), reason=reason
        )
    width = 3 * mean_range / RANGE_TO_SIGMA
    size = len(points)
    signals = outside(points, (center - width,) * size, (center + width,) * size)
    return FlatChart(
        points=points, center=center, lower=center - width, upper=center + width, signals=signals
    )


def ewma_chart(
    values: Series, *, target: float, sigma: float, weight: float, width: float
) -> Chart:
    """Exponentially weighted moving average: z_i = weight x_i + (1 - weight) z_(i-1), z_0 target.

    Limits target -+ width sigma sqrt(weight / (2 - weight) (1 - (1 - weight)^(2 i))), exact from
    the first point on; they approach NIST's constant limits. Source: Roberts (1959); Montgomery,
    chapter 9; NIST/SEMATECH e-Handbook 6.3.2.4. A missing value (None or NaN) leaves a gap: the
    average waits and i counts the values seen.

    Args:
        values: in order of time.
        target: the centre the process is held to.
        sigma: standard deviation of a single value, above 0.
        weight: of the newest value, above 0 and at most 1 (1 is a Shewhart chart).
        width: of the limits in standard deviations of z, above 0.

    Raises:
        InvalidInput: a parameter outside its range.
    """
    target = finite(target)
    if not (finite(sigma) > 0 and finite(width) > 0 and 0 < finite(weight) <= 1):
        raise InvalidInput("Sigma and width must be above 0, the weight above 0 and at most 1.")
    points = _averages(as_points(values), target, weight)
    seen = 0
    spreads: list[float | None] = []
    for point in points:
        seen += point is not None
        growth = weight / (2 - weight) * (1 - (1 - weight) ** (2 * seen))
        spreads.append(None if point is None else width * sigma * math.sqrt(growth))
    lower = tuple(None if spread is None else target - spread for spread in spreads)
    upper = tuple(None if spread is None else target + spread for spread in spreads)
    reason = None if seen else NO_POINTS
    return Chart(
        points=points,
        center=target,
        lower=lower,
        upper=upper,
        signals=outside(points, lower, upper),
        reason=reason,
    )


def cusum_chart(values: Series, *, target: float, k: float, h: float) -> CusumChart:
    """Tabular CUSUM: sums of what exceeds the target by more than k, upwards and downwards.

    high_i = max(0, x_i - target - k + high_(i-1)) and low_i = max(0, target - k - x_i +
    low_(i-1)), both from 0 and not restarted after a signal; a signal is a sum above h. k and h
    are in the units of the values (half a standard deviation and five are usual). Source:
    Montgomery, Introduction to Statistical Quality Control, section 9.1. A missing value (None or
    NaN) leaves a gap: the sums wait.

    Raises:
        InvalidInput: k below 0 or h not above 0.
    """
    target = finite(target)
    if not (finite(k) >= 0 and finite(h) > 0):
        raise InvalidInput("k must be 0 or more and h above 0.")
    deviations = tuple(None if value is None else value - target for value in as_points(values))
    high = _sums(deviations, k)
    low = _sums(tuple(None if deviation is None else -deviation for deviation in deviations), k)
    limits = (0.0,) * len(high), (h,) * len(high)
    signals = tuple(sorted({*outside(high, *limits), *outside(low, *limits)}))
    reason = None if any(point is not None for point in high) else NO_POINTS
    return CusumChart(
        high=high, low=low, center=0.0, lower=-h, upper=h, signals=signals, reason=reason
    )


def _averages(values: Points, start: float, weight: float) -> Points:
    current = start
    averages: list[float | None] = []
    for value in values:
        if value is not None:
            current = weight * value + (1 - weight) * current
        averages.append(None if value is None else current)
    return tuple(averages)


def _sums(deviations: Points, slack: float) -> Points:
    current = 0.0
    sums: list[float | None] = []
    for deviation in deviations:
        if deviation is not None:
            current = max(0.0, current + deviation - slack)
        sums.append(None if deviation is None else current)
    return tuple(sums)
