"""Training whose true effect is known, given to people who were picked for low scores.

160 people, ability sd 5 about 80, single scores with sd 12 about it, 4 to 14 scores a period. The
lowest quarter by the selection period is picked. "matched": half of the picked are trained, by
chance, and everybody's ability rises by 1. "reliability": all of the picked are trained. With a
baseline, a period between selection and training is scored as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from core.effect import Estimate, Person, Scores, training_effect

PEOPLE, PICKED, MEAN, ABILITY_SD, SCORE_SD, TREND = 160, 40, 80.0, 5.0, 12.0, 1.0
LEAST, MOST = 4, 14
LEVEL = 0.90

Design = Literal["matched", "reliability"]


@dataclass(frozen=True)
class Run:
    """One course: what the portal says, and what a plain before/after comparison claims."""

    estimate: Estimate
    naive_rise: float
    naive_claims: bool

    def covers(self, effect: float) -> bool:
        return self.estimate.interval.lower <= effect <= self.estimate.interval.upper


def course(design: Design, effect: float, *, baseline: bool, seed: int) -> Run:
    rng = np.random.default_rng([seed, int(baseline), int(design == "matched"), int(effect)])
    ability = rng.normal(MEAN, ABILITY_SD, PEOPLE)
    selection = _period(ability, rng)
    picked = np.argsort([scores.mean for scores in selection])[:PICKED]
    trained = np.isin(np.arange(PEOPLE), _taught(design, picked, rng))
    between = _period(ability, rng) if baseline else [None] * PEOPLE
    trend = TREND if design == "matched" else 0.0
    after = _period(ability + trend + effect * trained, rng)
    people = [
        Person(k, bool(trained[k]), selection[k], between[k], after[k]) for k in range(PEOPLE)
    ]
    found = training_effect(people, level=LEVEL).estimate
    assert found is not None
    rises = np.array([after[k].mean - selection[k].mean for k in np.flatnonzero(trained)])
    test = stats.ttest_1samp(rises, 0.0)
    return Run(found, float(rises.mean()), bool(test.pvalue < 1 - LEVEL and rises.mean() > 0))


def scores(*values: float) -> Scores:
    return Scores(len(values), float(sum(values)), float(sum(value**2 for value in values)))


def _taught(design: Design, picked: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rng.choice(picked, PICKED // 2, replace=False) if design == "matched" else picked


def _period(ability: np.ndarray, rng: np.random.Generator) -> list[Scores]:
    counts = rng.integers(LEAST, MOST + 1, len(ability))
    drawn = [rng.normal(mean, SCORE_SD, n) for mean, n in zip(ability, counts, strict=True)]
    return [Scores(len(x), float(x.sum()), float((x**2).sum())) for x in drawn]
