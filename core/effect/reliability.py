"""What a person would have scored anyway, from how far scores can be relied on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.effect.effect_data import Estimate, Method, Person, Scores, interval_about

LEAST_PEOPLE = 8
LEAST_EVERYONE = 20

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Before:
    """All scores before the training, selection and baseline together, by person."""

    n: Floats
    mean: Floats
    within: Floats

    @classmethod
    def of(cls, people: Sequence[Person]) -> _Before:
        scores = [_all_before(person) for person in people]
        within = [max(s.squares - s.total * s.mean, 0.0) for s in scores]
        return cls(
            np.array([float(s.n) for s in scores]),
            np.array([s.mean for s in scores]),
            np.array(within),
        )


def shrinkage_effect(
    everyone: Sequence[Person], trained: Sequence[Person], level: float
) -> Estimate | None:
    """Effect of the scores after over what the scores before let expect.

    A mean of n scores is expected to come back at m + R (mean - m), R = B / (B + W / n): m the
    mean of all people, W the variance of scores within a person, B the variance between people
    (Kelley 1927). That holds whoever was picked by these scores, so the rebound is in it; a change
    that reached everybody is not. W is pooled within people, B the variance of the means less W
    times the mean of 1 / n, at least 0. The interval is Student's t with the jackknife's error over
    people, which takes in that m, B and W are estimated.

    Args:
        everyone: the people the trained were picked from, and the trained themselves.
        trained: those of them who were trained and have scores after.
        level: of the interval.

    Returns:
        None where fewer than 8 trained have scores after, fewer than 20 people have scores before,
        or nobody has two.
    """
    if len(trained) < LEAST_PEOPLE or len(everyone) < LEAST_EVERYONE:
        return None
    picked = {person.key for person in trained}
    others = [person for person in everyone if person.key not in picked]
    before = _Before.of([*trained, *others])
    if before.n.sum() <= len(before.n) + 1:
        return None
    after = np.array([person.after.mean for person in trained if person.after is not None])
    start = np.array([(person.baseline or person.selection).mean for person in trained])
    gains = after[:, None] - _expectations(before, len(trained))
    effect, rise = float(gains[:, 0].mean()), float((after - start).mean())
    error, freedom = _jackknife_error(gains), len(trained) - 1
    return Estimate(
        method=Method.RELIABILITY,
        people=len(trained),
        rise=rise,
        expected=rise - effect,
        effect=effect,
        interval=interval_about(effect, error, freedom, level),
        error=error,
        freedom=freedom,
        spread=float(gains[:, 0].std(ddof=1)),
    )


def _all_before(person: Person) -> Scores:
    return person.selection + person.baseline if person.baseline else person.selection


def _expectations(before: _Before, trained: int) -> Floats:
    """Expected scores of the trained x (all people, then all but the first, the second, ...)."""
    people = _less_one(np.ones_like(before.n))
    mean = _less_one(before.mean) / people
    within = _less_one(before.within) / np.maximum(_less_one(before.n - 1.0), 1.0)
    spread = (_less_one(before.mean**2) - people * mean**2) / (people - 1.0)
    between = np.maximum(spread - within * _less_one(1.0 / before.n) / people, 0.0)
    noise = within / before.n[:trained, None]
    reliability = np.divide(between, between + noise, out=np.zeros_like(noise), where=between > 0)
    expectations: Floats = mean + reliability * (before.mean[:trained, None] - mean)
    return expectations


def _less_one(values: Floats) -> Floats:
    """The sum over all people, then the sums that leave one person out."""
    return np.concatenate([[values.sum()], values.sum() - values])


def _jackknife_error(gains: Floats) -> float:
    """Error of the mean gain; leaving out a trained person takes the gain out as well."""
    trained, replicates = gains.shape
    own = np.zeros((trained, replicates), dtype=bool)
    own[np.arange(trained), np.arange(1, trained + 1)] = True
    means = np.where(own, 0.0, gains).sum(axis=0)[1:] / (trained - own.sum(axis=0)[1:])
    count = replicates - 1
    return float(np.sqrt((count - 1) / count * ((means - means.mean()) ** 2).sum()))
