"""The charts as data, and what several of them share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import finite

NO_POINTS = "There are no points to chart."
NO_NEIGHBOURS = "No two neighbouring points, so the spread between them is unknown."
NO_SPREAD = "The points do not vary, so limits would have no width."

# Mean range of two normal values in standard deviations, to the places of the published tables.
RANGE_TO_SIGMA = 1.128

Series: TypeAlias = Sequence[float | None] | NDArray[Any]
Points: TypeAlias = tuple[float | None, ...]


@dataclass(frozen=True)
class Chart:
    """A chart whose limits change from point to point."""

    points: Points
    center: float | None
    lower: Points
    upper: Points
    signals: tuple[int, ...]
    reason: str | None = None


@dataclass(frozen=True)
class LaneyChart(Chart):
    """A Laney p' chart; `sigma_z` is the variation beyond (above 1) or below the binomial."""

    sigma_z: float | None = None


@dataclass(frozen=True)
class FlatChart:
    """A chart with the same limits throughout."""

    points: Points
    center: float | None
    lower: float | None
    upper: float | None
    signals: tuple[int, ...]
    reason: str | None = None


@dataclass(frozen=True)
class CusumChart:
    """A tabular CUSUM: `high` and `low` are both counted upwards from 0.

    Drawn on one chart, `low` goes below the centre 0 as -low, and the limits are -h and h.
    """

    high: Points
    low: Points
    center: float
    lower: float
    upper: float
    signals: tuple[int, ...]
    reason: str | None = None


def as_points(values: Series) -> Points:
    """The values as floats, with None where one is missing."""
    return tuple(_as_point(value) for value in values)


def mean_moving_range(points: Points) -> float | None:
    """Mean distance of neighbouring points; a range over a gap is not a neighbour's."""
    ranges = [abs(b - a) for a, b in pairwise(points) if a is not None and b is not None]
    return math.fsum(ranges) / len(ranges) if ranges else None


def outside(points: Points, lower: Points, upper: Points) -> tuple[int, ...]:
    """Positions of the points beyond their limits; on the limit (to rounding) is within."""
    triples = enumerate(zip(points, lower, upper, strict=True))
    return tuple(position for position, triple in triples if _is_outside(*triple))


def _is_outside(point: float | None, low: float | None, high: float | None) -> bool:
    if point is None or low is None or high is None:
        return False
    rounding = 1e-12 * max(abs(low), abs(high))
    return not low - rounding <= point <= high + rounding


def _as_point(value: float | None) -> float | None:
    if value is None or (isinstance(value, float | np.floating) and math.isnan(value)):
        return None
    return finite(value)
