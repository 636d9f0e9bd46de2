"""Figures of stations against their targets: how far off, and whether by more than chance.

The interval that is drawn is the one that is judged: of the figure less its target, at a level
that follows from how many targets are looked at (Benjamini & Hochberg 1995). Inspections of one
person go together, so that errors are as much wider as people differ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple, get_args

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from core.errors import InvalidInput, finite
from core.ranking.verdict import false_discovery_level
from core.results.figures import ENOUGH, Moments, Proportion, check_sums
from core.sampling import Interval, wilson_interval

TargetMeasure = Literal["score", "before", "key_moments", "passed", "critical"]
TARGET_MEASURES: tuple[TargetMeasure, ...] = get_args(TargetMeasure)
"""In points of 100, and from `passed` on in percent; of critical failures fewer are better."""
_WHOLE = 100.0


class TargetVerdict(StrEnum):
    BETTER = "better"
    CANNOT_TELL = "cannot_tell"
    WORSE = "worse"
    TOO_FEW = "too_few"


class Aimed(NamedTuple):
    """What a station reached by a measure, and what it should reach, in points or percent.

    Means are `Moments` of scores, shares a `Proportion` of inspections. `spread` says how many
    times as wide as alone inspections of one person vary (`times_wider`).
    """

    station: int
    measure: TargetMeasure
    reached: Moments | Proportion
    target: float
    spread: float = 1.0


@dataclass(frozen=True)
class Distance:
    """A figure less its target, in points or percent; `value` is None without inspections.

    `interval` is judged where there are ENOUGH inspections; it is None where nothing varies.
    """

    aimed: Aimed
    n: int
    value: float | None
    distance: float | None
    interval: Interval | None
    verdict: TargetVerdict


@dataclass(frozen=True)
class TargetDistances:
    """All distances in the order of what was asked; `level` is that of the intervals."""

    level: float
    rows: tuple[Distance, ...]

    def count(self, verdict: TargetVerdict) -> int:
        return sum(row.verdict is verdict for row in self.rows)


def distances(aims: Sequence[Aimed]) -> TargetDistances:
    """How far every figure is from its target.

    Means are tested by Student's t, shares by the score test whose interval is Wilson's.

    Raises:
        InvalidInput: a target outside 0 to 100, a spread below 1, or impossible sums.
    """
    for aimed in aims:
        _check(aimed)
    tails = [_tail(aimed) for aimed in aims if aimed.reached.n >= ENOUGH]
    level = false_discovery_level(np.array([tail for tail in tails if tail is not None]))
    return TargetDistances(level, tuple(_distance(aimed, level) for aimed in aims))


def check_target(value: float) -> None:
    """Refuse what no figure can reach.

    Raises:
        InvalidInput: it is not from 0 to 100.
    """
    if not 0 <= finite(value) <= _WHOLE:
        raise InvalidInput("A target lies between 0 and 100, not at {target}.", target=value)


def _check(aimed: Aimed) -> None:
    check_target(aimed.target)
    if finite(aimed.spread) < 1:
        raise InvalidInput("A spread of {spread} cannot be.", spread=aimed.spread)
    if isinstance(aimed.reached, Moments):
        check_sums(aimed.reached)
    elif not 0 <= finite(aimed.reached.k) <= finite(aimed.reached.n):
        raise InvalidInput("{k} of {n} cannot be.", k=aimed.reached.k, n=aimed.reached.n)


def _distance(aimed: Aimed, level: float) -> Distance:
    n, value = aimed.reached.n, _value(aimed)
    if value is None:
        return Distance(
            aimed=aimed,
            n=n,
            value=None,
            distance=None,
            interval=None,
            verdict=TargetVerdict.TOO_FEW,
        )
    reach = _reach(aimed, level)
    interval = reach and Interval(reach.lower - aimed.target, reach.upper - aimed.target)
    verdict = _verdict(aimed, interval) if n >= ENOUGH else TargetVerdict.TOO_FEW
    return Distance(
        aimed=aimed,
        n=n,
        value=value,
        distance=value - aimed.target,
        interval=interval,
        verdict=verdict,
    )


def _value(aimed: Aimed) -> float | None:
    reached = aimed.reached
    if isinstance(reached, Moments):
        return reached.mean
    return _WHOLE * reached.k / reached.n if reached.n else None


def _reach(aimed: Aimed, level: float) -> Interval | None:
    """The interval of the figure itself, within 0 to 100."""
    reached = aimed.reached
    if isinstance(reached, Proportion):
        size = reached.n / aimed.spread
        share = wilson_interval(reached.k / aimed.spread, size, level=level)
        return share and Interval(_WHOLE * share.lower, _WHOLE * share.upper)
    error = _error(reached, aimed.spread)
    if reached.mean is None or not error:
        return None
    half = float(stdtrit(reached.n - 1, (1 + level) / 2)) * error
    return Interval(max(0.0, reached.mean - half), min(_WHOLE, reached.mean + half))


def _tail(aimed: Aimed) -> float | None:
    """The two-sided probability of as large a distance where the target is just met."""
    reached = aimed.reached
    if isinstance(reached, Moments):
        error = _error(reached, aimed.spread)
        if reached.mean is None or not error:
            return None
        return 2 * float(stdtr(reached.n - 1, -abs(reached.mean - aimed.target) / error))
    if not reached.n:
        return None
    share, aim = reached.k / reached.n, aimed.target / _WHOLE
    error = math.sqrt(aim * (1 - aim) * aimed.spread / reached.n)
    if not error:
        return 1.0 if share == aim else 0.0
    return 2 * float(ndtr(-abs(share - aim) / error))


def _error(scores: Moments, spread: float) -> float | None:
    return None if scores.variance is None else math.sqrt(scores.variance * spread / scores.n)


def _verdict(aimed: Aimed, interval: Interval | None) -> TargetVerdict:
    if interval is None:
        return TargetVerdict.TOO_FEW
    if interval.lower <= 0 <= interval.upper:
        return TargetVerdict.CANNOT_TELL
    is_more = interval.lower > 0
    is_better = is_more != (aimed.measure == "critical")
    return TargetVerdict.BETTER if is_better else TargetVerdict.WORSE
