"""Patterns within the limits: the rules of Western Electric and of Nelson, as marks on a chart.

They are drawn and named, and decide nothing: all together they mark a chart that is at rest far
more often than its limits do. Sources: Western Electric (1956), Statistical Quality Control
Handbook; Nelson (1984), The Shewhart control chart - tests for special causes, Journal of Quality
Technology 16:237-239.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise

from core.control.chart import Chart, FlatChart, Points, Series, as_points

Window = Sequence[float]


class RunRule(StrEnum):
    """A pattern by the rules' names; WE is Western Electric, N is Nelson."""

    TWO_OF_THREE = "WE 2, N 5"
    FOUR_OF_FIVE = "WE 3, N 6"
    EIGHT_ON_A_SIDE = "WE 4"
    NINE_ON_A_SIDE = "N 2"
    SIX_STEADILY = "N 3"
    FOURTEEN_ALTERNATING = "N 4"
    FIFTEEN_NEAR = "N 7"
    EIGHT_FAR = "N 8"


def run_rules(scores: Series) -> tuple[tuple[RunRule, ...], ...]:
    """For each point the patterns that end there; a missing point ends every pattern.

    The first rule of both, a point beyond three standard deviations, is the chart's own limit.

    Args:
        scores: distances from the centre in standard deviations, in order of time.
    """
    found: list[tuple[RunRule, ...]] = []
    seen: list[float] = []
    for score in as_points(scores):
        seen = [] if score is None else [*seen, score][-_LONGEST:]
        found.append(tuple(rule for rule, (n, holds) in _RULES.items() if _ends(seen, n, holds)))
    return tuple(found)


def in_deviations(chart: Chart | FlatChart) -> Points:
    """The points of a chart of three standard deviations, as `run_rules` takes them.

    A point without a limit is missing. Where a limit was cut off, as at a share of 0 or 1, the
    farther one tells the deviation.
    """
    size = len(chart.points)
    lower = chart.lower if isinstance(chart, Chart) else (chart.lower,) * size
    upper = chart.upper if isinstance(chart, Chart) else (chart.upper,) * size
    return tuple(
        _deviations(point, chart.center, low, high)
        for point, low, high in zip(chart.points, lower, upper, strict=True)
    )


def _deviations(
    point: float | None, center: float | None, low: float | None, high: float | None
) -> float | None:
    if point is None or center is None or low is None or high is None:
        return None
    width = max(high - center, center - low)
    return None if width <= 0 else 3 * (point - center) / width


def _ends(seen: Window, n: int, holds: Callable[[Window], bool]) -> bool:
    return len(seen) >= n and holds(seen[-n:])


def _beyond(limit: float, least: int) -> Callable[[Window], bool]:
    """At least so many of a window beyond a limit on one side, the last one among them."""

    def holds(window: Window) -> bool:
        side = 1 if window[-1] > 0 else -1
        return side * window[-1] > limit and sum(side * z > limit for z in window) >= least

    return holds


def _one_side(window: Window) -> bool:
    return all(z > 0 for z in window) or all(z < 0 for z in window)


def _steadily(window: Window) -> bool:
    return all(a < b for a, b in pairwise(window)) or all(a > b for a, b in pairwise(window))


def _alternating(window: Window) -> bool:
    steps = [b - a for a, b in pairwise(window)]
    return all(a * b < 0 for a, b in pairwise(steps))


def _near(window: Window) -> bool:
    return all(abs(z) < 1 for z in window)


def _far(window: Window) -> bool:
    return all(abs(z) > 1 for z in window)


_RULES: dict[RunRule, tuple[int, Callable[[Window], bool]]] = {
    RunRule.TWO_OF_THREE: (3, _beyond(2, 2)),
    RunRule.FOUR_OF_FIVE: (5, _beyond(1, 4)),
    RunRule.EIGHT_ON_A_SIDE: (8, _one_side),
    RunRule.NINE_ON_A_SIDE: (9, _one_side),
    RunRule.SIX_STEADILY: (6, _steadily),
    RunRule.FOURTEEN_ALTERNATING: (14, _alternating),
    RunRule.FIFTEEN_NEAR: (15, _near),
    RunRule.EIGHT_FAR: (8, _far),
}
_LONGEST = max(n for n, _holds in _RULES.values())
