"""The effects of many runs, looked at together: one interval each, which is drawn and judged.

Who looks at twenty trainings that do nothing finds two by chance, each judged alone at 90 %. So the
level of the intervals follows from how many are looked at, as it does for stations
(`core.ranking.verdict`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.effect.effect_data import Estimate
from core.errors import InvalidInput, finite
from core.ranking.verdict import false_discovery_level


class EffectsTogether(NamedTuple):
    """Estimates with intervals of one `level`, in the order given, and how many were `compared`."""

    level: float
    compared: int
    estimates: tuple[Estimate | None, ...]


def looked_at_together(estimates: Sequence[Estimate | None]) -> EffectsTogether:
    """The estimates with the intervals by which they are judged together.

    Exactly those intervals leave zero out that Benjamini and Hochberg (1995) reject at a false
    discovery rate of .05: of the effects told at most one in twenty is expected to be none, and
    where no training works nineteen tables in twenty tell none. None where there is no estimate, or
    nothing tells how much of it is chance.

    Raises:
        InvalidInput: an effect, its error or its degrees of freedom cannot be reckoned with.
    """
    usable = [estimate if estimate and _can_be_judged(estimate) else None for estimate in estimates]
    known = [estimate for estimate in usable if estimate]
    level = false_discovery_level(np.array([estimate.tail for estimate in known]))
    judged = tuple(estimate and estimate.at(level) for estimate in usable)
    return EffectsTogether(level, len(known), judged)


def _can_be_judged(estimate: Estimate) -> bool:
    finite(estimate.effect)
    if finite(estimate.error) < 0 or finite(estimate.freedom) < 1:
        raise InvalidInput("An effect has no error from which an interval follows.")
    return estimate.has_spread
