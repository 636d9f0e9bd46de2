"""What sittings say of a question: how many answer it rightly, and whether the able do so more.

Difficulty is the share of right answers (Lord & Novick 1968, 15.2). Discrimination is the
corrected item-rest correlation: Pearson's r of right (1) or wrong (0) with the share of the other
questions of the same paper that were answered rightly; without the correction a question would
correlate with itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import TypeVar

from core.sampling import Interval, wilson_interval

FEWEST_FOR_DIFFICULTY = 5
FEWEST_FOR_DISCRIMINATION = 20
LEVEL = 0.9
_Key = TypeVar("_Key", bound=Hashable)


class Untold(StrEnum):
    """Why a figure of a question is not there."""

    TOO_FEW = "too few sittings"
    ALL_ALIKE = "everybody answered it alike"
    REST_ALIKE = "everybody is as good at the rest"


@dataclass(frozen=True)
class ItemStatistics:
    """What the sittings say of one question.

    Attributes:
        sittings: in which it was asked.
        difficulty: the share that answered it rightly, 0 to 1; None below FEWEST_FOR_DIFFICULTY.
        interval: Wilson's interval of that share at LEVEL.
        discrimination: corrected item-rest correlation, -1 to 1; None where `untold` says why.
        compared: sittings that it is of, those with another question beside this one.
    """

    sittings: int
    difficulty: float | None
    interval: Interval | None
    discrimination: float | None
    compared: int
    untold: Untold | None


NEVER_ASKED = ItemStatistics(
    sittings=0,
    difficulty=None,
    interval=None,
    discrimination=None,
    compared=0,
    untold=Untold.TOO_FEW,
)


def item_statistics(sittings: Iterable[Mapping[_Key, bool]]) -> dict[_Key, ItemStatistics]:
    """The statistics of every question asked.

    Args:
        sittings: of each paper, whether each of its questions was answered rightly. They are to be
            independent: one of each person.
    """
    answers: dict[_Key, list[tuple[bool, float | None]]] = {}
    for paper in sittings:
        right = sum(paper.values())
        for key, is_right in paper.items():
            others = len(paper) - 1
            others_right = (right - is_right) / others if others else None
            answers.setdefault(key, []).append((is_right, others_right))
    return {key: _statistics(marks) for key, marks in answers.items()}


def _statistics(answers: Sequence[tuple[bool, float | None]]) -> ItemStatistics:
    n, right = len(answers), sum(is_right for is_right, _ in answers)
    enough = n >= FEWEST_FOR_DIFFICULTY
    pairs = [
        (float(is_right), others_right)
        for is_right, others_right in answers
        if others_right is not None
    ]
    result = _discrimination(pairs)
    return ItemStatistics(
        sittings=n,
        difficulty=right / n if enough else None,
        interval=wilson_interval(right, n, level=LEVEL) if enough else None,
        discrimination=None if isinstance(result, Untold) else result,
        compared=len(pairs),
        untold=result if isinstance(result, Untold) else None,
    )


def _discrimination(pairs: Sequence[tuple[float, float]]) -> float | Untold:
    n = len(pairs)
    if n < FEWEST_FOR_DISCRIMINATION:
        return Untold.TOO_FEW
    mean, rest_mean = sum(x for x, _ in pairs) / n, sum(y for _, y in pairs) / n
    spread = sum((x - mean) ** 2 for x, _ in pairs)
    rest_spread = sum((y - rest_mean) ** 2 for _, y in pairs)
    if spread == 0:
        return Untold.ALL_ALIKE
    if max(y for _, y in pairs) == min(y for _, y in pairs):
        return Untold.REST_ALIKE
    together = sum((x - mean) * (y - rest_mean) for x, y in pairs)
    return together / sqrt(spread * rest_spread)
