"""How long things take of which some are not over yet: Kaplan and Meier's estimate."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist
from typing import NamedTuple

from core.errors import InvalidInput, finite


class Ended(NamedTuple):
    """How many came to their end at a time, and how many were watched until then without one."""

    time: float
    ended: int
    watched: int = 0


class SurvivalStep(NamedTuple):
    """The share that goes on after a time (0 to 1), its standard error, and how many were left."""

    time: float
    share: float
    error: float
    at_risk: int


class Survival(NamedTuple):
    """How long it takes.

    Attributes:
        steps: one for each time at which something ended, in order.
        n, ended: how many there were, and how many of them ended.
        median: until when half had ended; None where more than half never did.
        lower, upper: of the median; None where the data do not reach so far.
    """

    steps: tuple[SurvivalStep, ...]
    n: int
    ended: int
    median: float | None
    lower: float | None
    upper: float | None


def kaplan_meier(counts: Iterable[Ended], *, level: float = 0.9) -> Survival:
    """The product-limit estimate of how many go on, and the median time with its interval.

    S(t) is the product of 1 - d/n over the times at which d of n left ended; what was watched until
    a time is among those left at it. Its variance is Greenwood's. The interval of the median holds
    the times at which log(-log S) is within z standard errors of log(-log 0.5). Sources: Kaplan &
    Meier (1958); Brookmeyer & Crowley (1982); Kalbfleisch & Prentice (1980).

    Args:
        counts: times in any order and unit, several of one time allowed.
        level: of the interval of the median.

    Raises:
        InvalidInput: a time or count below 0, level outside 0 to 1.
    """
    z = _z(level)
    ended: dict[float, int] = {}
    left: dict[float, int] = {}
    for time, of_time, watched in counts:
        if min(finite(time), finite(of_time), finite(watched)) < 0:
            raise InvalidInput("Times and counts cannot be negative.")
        ended[time] = ended.get(time, 0) + of_time
        left[time] = left.get(time, 0) + of_time + watched
    n = at_risk = sum(left.values())
    share, greenwood, steps = 1.0, 0.0, []
    for time in sorted(left):
        if events := ended[time]:
            share *= 1 - events / at_risk
            still = at_risk - events
            greenwood += events / (at_risk * still) if still else math.inf
            error = share * math.sqrt(greenwood) if share else 0.0
            steps.append(SurvivalStep(time=time, share=share, error=error, at_risk=at_risk))
        at_risk -= left[time]
    lower, upper = _interval(steps, z)
    median = next((step.time for step in steps if step.share <= 0.5 + 1e-12), None)
    return Survival(
        steps=tuple(steps),
        n=n,
        ended=sum(ended.values()),
        median=median,
        lower=lower,
        upper=upper,
    )


def _interval(steps: list[SurvivalStep], z: float) -> tuple[float | None, float | None]:
    """The first time at which the median is within reach, and the first beyond it."""
    lower = upper = None
    for step in steps:
        if not 0 < step.share < 1:
            low, high = step.share, step.share
        else:
            log = math.log(step.share)
            spread = z * step.error / (step.share * abs(log))
            low, high = (step.share ** math.exp(sign * spread) for sign in (1, -1))
        if lower is None and low <= 0.5:
            lower = step.time
        if upper is None and high <= 0.5:
            upper = step.time
    return lower, upper


def _z(level: float) -> float:
    if not 0 < finite(level) < 1:
        raise InvalidInput("The level must lie between 0 and 1, not {level}.", level=level)
    return NormalDist().inv_cdf((1 + level) / 2)
