"""How many people a course needs before its effect can be seen."""

from __future__ import annotations

import math
from statistics import NormalDist

from core.errors import InvalidInput, finite

MOST_PEOPLE = 1e9


def people_needed(effect: float, spread: float, level: float = 0.90, power: float = 0.80) -> int:
    """Trained people (pairs, with a comparison group) that an effect of this size calls for.

    n = ((z of the level, two-sided, + z of the power) x spread / effect)^2, rounded up: the
    interval at `level` then leaves zero out with probability `power`. At least 8, as fewer are
    never judged.

    Args:
        effect: the smallest effect worth finding, in points.
        spread: standard deviation of one person's contribution, from `change_spread` or from an
            earlier `Estimate`.
        level: of the interval.
        power: probability of establishing an effect of that size.

    Raises:
        InvalidInput: effect of zero, spread below zero, level or power outside 0 to 1.
    """
    for value in (effect, spread, level, power):
        finite(value)
    if effect == 0 or spread < 0 or not (0 < level < 1 and 0 < power < 1):
        raise InvalidInput(
            "An effect of {effect} with spread {spread}, level {level} and power {power} "
            "cannot be planned for.",
            effect=effect,
            spread=spread,
            level=level,
            power=power,
        )
    normal = NormalDist()
    z = normal.inv_cdf((1 + level) / 2) + normal.inv_cdf(power)
    people = (z * spread / effect) ** 2
    if people > MOST_PEOPLE:
        raise InvalidInput("An effect of {effect} is too small to plan for.", effect=effect)
    return max(8, math.ceil(people))


def change_spread(within: float, before: int, after: int, *, matched: bool) -> float:
    """Standard deviation of a person's change, or of the difference between a pair's changes.

    sqrt(W / before + W / after), W the variance of scores within a person; twice that variance for
    a pair.

    Raises:
        InvalidInput: a variance below zero or a period without scores.
    """
    if finite(within) < 0 or min(finite(before), finite(after)) < 1:
        raise InvalidInput("A change needs scores before and after.")
    variance = within / before + within / after
    return math.sqrt(2 * variance if matched else variance)
