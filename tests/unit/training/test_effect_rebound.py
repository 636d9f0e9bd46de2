"""The rebound that follows from how reliable scores are, where nobody is left to compare with."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.effect import Method, Person, training_effect
from tests.support.training.effect_simulation import scores


def population():
    """Thirty people with four scores each; the ten lowest are trained. No one is left to match."""
    rng = np.random.default_rng(9)
    ability = np.sort(rng.normal(80, 5, 30))
    before = [scores(*rng.normal(a, 8, 4)) for a in ability]
    lowest = np.argsort([period.mean for period in before])[:10]
    return [
        Person(k, k in lowest, before[k], None, scores(*rng.normal(ability[k] + 3, 8, 4)))
        if k in lowest
        else Person(k, False, before[k], None, None)
        for k in range(30)
    ]


def shrunken_gain(people) -> float:
    """The same estimate written out without any shared arithmetic."""
    means = np.array([p.selection.mean for p in people])
    within = np.mean([p.selection.squares / 4 - p.selection.mean**2 for p in people]) * 4 / 3
    between = max(means.var(ddof=1) - within / 4, 0.0)
    reliability = between / (between + within / 4)
    gains = [
        p.after.mean - (means.mean() + reliability * (p.selection.mean - means.mean()))
        for p in people
        if p.trained
    ]
    return float(np.mean(gains))


def test_without_partners_the_rebound_follows_from_the_reliability():
    people = population()
    found = training_effect(people).estimate
    assert found.method is Method.RELIABILITY
    assert found.effect == pytest.approx(shrunken_gain(people))
    assert found.rise == pytest.approx(found.expected + found.effect)
    # the jackknife, one person left out at a time
    left = np.array([shrunken_gain(people[:k] + people[k + 1 :]) for k in range(30)])
    error = np.sqrt(29 / 30 * ((left - left.mean()) ** 2).sum())
    half = stats.t.ppf(0.95, 9) * error
    assert found.interval == pytest.approx((found.effect - half, found.effect + half))


def test_a_baseline_adds_to_what_is_known_of_a_person():
    rng = np.random.default_rng(2)
    split = [
        Person(p.key, p.trained, p.selection, scores(*rng.normal(80, 8, 6)), p.after)
        for p in population()
    ]
    pooled = [Person(p.key, p.trained, p.selection + p.baseline, None, p.after) for p in split]
    first, second = (training_effect(people).estimate for people in (split, pooled))
    assert first.effect == pytest.approx(second.effect)
    assert first.rise == pytest.approx(
        np.mean([p.after.mean - p.baseline.mean for p in split if p.trained])
    )


def test_scores_that_cannot_be_relied_on_explain_the_whole_distance_to_the_mean():
    # Everybody has the same two scores 60 and 100: no spread between people, so 80 is expected.
    # Since then three of the nine have 80.5 each, three 81 and three 81.5: 81, which is 1 more.
    people = [
        Person(k, k < 9, scores(60.0, 100.0), None, scores(80.0, 81.0 + k % 3) if k < 9 else None)
        for k in range(30)
    ]
    found = training_effect(people).estimate
    assert found.expected == pytest.approx(0.0)
    assert found.effect == pytest.approx(1.0)


def test_the_order_of_people_does_not_matter():
    people = population()
    first, second = (training_effect(found).estimate for found in (people, people[::-1]))
    assert first.effect == pytest.approx(second.effect)
    assert first.interval == pytest.approx(second.interval)
