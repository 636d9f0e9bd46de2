"""Difference in differences against untrained people with the same score at selection."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from core.effect.effect_data import Estimate, Method, Person, interval_about

CALIPER = 0.2
"""Largest gap within a pair, in standard deviations of the selection scores (Austin 2011)."""
LEAST_PAIRS = 8
LEAST_SHARE = 0.5

Floats = NDArray[np.float64]


def matched_effect(
    trained: Sequence[Person], others: Sequence[Person], level: float
) -> Estimate | None:
    """Effect over pairs of a trained and an untrained person alike at selection.

    Who was picked for a low score rises without any training; so does a partner with the same
    score, and the difference of the two changes holds that rebound no longer. Pairs are chosen for
    the least total gap, each person once, none wider than the caliper. What gap is left is taken
    out by a straight line: the effect is the intercept of the pairs' differences on their gaps
    (Abadie & Imbens 2011), with Student's t on pairs - 2; the mean with pairs - 1 if all gaps are
    equal.

    Args:
        trained: people with scores after.
        others: untrained people with scores after, and with a baseline if the trained have one.
        level: of the interval.

    Returns:
        None where fewer than 8 pairs are found, or fewer than half of the trained have a partner.
    """
    pairs = _pairs(_selection(trained), _selection(others))
    if len(pairs) < max(LEAST_PAIRS, LEAST_SHARE * len(trained)):
        return None
    first, second = [trained[i] for i, _ in pairs], [others[j] for _, j in pairs]
    rises = changes(first)
    line = _line(_selection(first) - _selection(second), rises - changes(second))
    rise = float(rises.mean())
    return Estimate(
        method=Method.MATCHED,
        people=len(pairs),
        rise=rise,
        expected=rise - line.intercept,
        effect=line.intercept,
        interval=interval_about(line.intercept, line.error, line.freedom, level),
        error=line.error,
        freedom=line.freedom,
        spread=line.spread,
    )


def changes(people: Sequence[Person]) -> Floats:
    """Score after minus score before, by person; before is the baseline if there is one."""
    before = [(person.baseline or person.selection).mean for person in people]
    return np.array([_after(person) for person in people]) - before


def _after(person: Person) -> float:
    assert person.after is not None
    return person.after.mean


def _selection(people: Sequence[Person]) -> Floats:
    return np.array([person.selection.mean for person in people])


def _pairs(trained: Floats, others: Floats) -> list[tuple[int, int]]:
    """Positions of the two people of each pair."""
    if not len(trained) or not len(others):
        return []
    gaps = np.abs(trained[:, None] - others)
    widest = CALIPER * float(np.std(np.concatenate([trained, others])))
    allowed = gaps <= widest
    matched = optimize.linear_sum_assignment(np.where(allowed, gaps, 1e3 * (1.0 + gaps.max())))
    return [(int(i), int(j)) for i, j in zip(*matched, strict=True) if allowed[i, j]]


class _Line(NamedTuple):
    intercept: float
    error: float
    spread: float
    freedom: int


def _line(gaps: Floats, differences: Floats) -> _Line:
    """Least squares; a plain mean where all gaps are equal, as then there is no line."""
    columns = [np.ones(len(gaps)), gaps] if np.ptp(gaps) > 0.0 else [np.ones(len(gaps))]
    design = np.column_stack(columns)
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ differences
    residuals = differences - design @ coefficients
    freedom = len(gaps) - len(columns)
    variance = float(residuals @ residuals) / freedom
    error = math.sqrt(variance * float(inverse[0, 0]))
    return _Line(
        intercept=float(coefficients[0]), error=error, spread=math.sqrt(variance), freedom=freedom
    )
