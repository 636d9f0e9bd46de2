"""Effects of many runs, looked at together: few false alarms, and what is there is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from core.effect import Person, looked_at_together, training_effect
from tests.support.training.effect_simulation import Design, course, scores

RUNS, WORLDS, PEOPLE = 10, 60, 30


def people(rng, *, effect=0.0):
    """Thirty people with three scores before and after; who was trained is shuffled."""
    trained = rng.permutation(np.arange(PEOPLE) < PEOPLE // 2)
    ability = rng.normal(80, 5, PEOPLE)
    return [
        Person(
            key,
            bool(came),
            selection=scores(*rng.normal(level, 8, 3)),
            baseline=None,
            after=scores(*rng.normal(level + effect * came, 8, 3)),
        )
        for key, (level, came) in enumerate(zip(ability, trained, strict=True))
    ]


def estimates(rng, effects):
    return [training_effect(people(rng, effect=effect)).estimate for effect in effects]


def told(found):
    return [estimate.established for estimate in found if estimate]


def test_with_shuffled_labels_runs_seldom_announce_anything():
    """Ten runs that change nothing: each alone at 90 %, six tables in ten announce some."""
    rng = np.random.default_rng(5)
    alone, together = [], []
    for _ in range(WORLDS):
        found = estimates(rng, [0.0] * RUNS)
        alone.append(any(told(found)))
        together.append(any(told(looked_at_together(found).estimates)))
    assert np.mean(alone) > 0.4
    assert np.mean(together) <= 0.12


def test_a_training_that_works_is_told_among_those_that_do_not():
    found = looked_at_together(estimates(np.random.default_rng(6), [14.0] + [0.0] * (RUNS - 1)))
    assert told(found.estimates)[0]
    assert sum(told(found.estimates)) == 1


def test_told_are_those_that_benjamini_and_hochberg_reject():
    rng = np.random.default_rng(7)
    before = [None, *estimates(rng, [0, 0, 3, 5, 8, 12]), None]
    found = looked_at_together(before)
    expected = stats.false_discovery_control([e.tail for e in before if e]) <= 0.05
    assert told(found.estimates) == expected.tolist()
    assert {True, False} == set(expected.tolist())
    assert (found.compared, found.estimates[0], found.estimates[-1]) == (6, None, None)
    # with three of six told, the level is 1 - 3 x .05 / 6
    assert found.level == pytest.approx(1 - expected.sum() * 0.05 / 6)


def test_a_run_alone_is_judged_at_95_percent():
    [estimate] = estimates(np.random.default_rng(8), [4.0])
    found = looked_at_together([estimate])
    half = stats.t.ppf(0.975, estimate.freedom) * estimate.error
    assert found.level == pytest.approx(0.95)
    assert found.estimates[0].interval == pytest.approx(
        (estimate.effect - half, estimate.effect + half)
    )
    assert looked_at_together([]).estimates == ()


def test_an_effect_of_which_nothing_tells_how_much_is_chance_is_not_judged():
    """Neither is the other then compared with one more."""
    [estimate] = estimates(np.random.default_rng(8), [4.0])
    level, compared, (alike, other) = looked_at_together([replace(estimate, error=0.0), estimate])
    assert (compared, alike) == (1, None)
    assert other.interval == estimate.at(level).interval


@pytest.mark.parametrize("design", ["matched", "reliability"])
def test_the_tail_says_the_same_as_the_interval(design: Design):
    """At the level of one less its tail an interval ends at zero."""
    estimate = course(design, 3.0, baseline=False, seed=4).estimate
    low, high = estimate.at(1 - estimate.tail).interval
    assert min(abs(low), abs(high)) == pytest.approx(0.0, abs=1e-9)
