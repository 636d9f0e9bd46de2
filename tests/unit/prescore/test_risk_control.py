"""Thresholds that hold what they promise, on scores whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from core.prescore.risk_control import fewest, proven_threshold, upper_bound

ERROR, DOUBT = 0.05, 0.05
NO_LEAST = -np.inf


def test_the_upper_bound_without_a_mistake_is_a_root_of_the_doubt():
    # nobody wrong of 59: the share p for which (1 - p)^59 = .05
    assert upper_bound(0, 59, 0.05) == pytest.approx(1 - 0.05 ** (1 / 59))
    assert upper_bound(3, 3, 0.05) == 1.0
    # Clopper-Pearson for 10 of 100, one-sided 95 %: .1637 (Beta(11, 90))
    assert upper_bound(10, 100, 0.05) == pytest.approx(0.16372, abs=5e-5)


def test_fewest_is_the_first_count_that_proves_the_error():
    # .95^58 = .0510, .95^59 = .0485
    assert fewest(0.05, 0.05) == 59
    assert upper_bound(0, 59, 0.05) <= 0.05 < upper_bound(0, 58, 0.05)


def test_all_right_answers_all_and_nothing_is_proven_by_few():
    scores = np.arange(200.0)
    right = np.ones(200, dtype=bool)
    threshold = proven_threshold(scores, right, least=NO_LEAST, error=ERROR, doubt=DOUBT)
    assert threshold is not None
    assert (threshold.score, threshold.answered, threshold.wrong) == (0.0, 200, 0)
    few = proven_threshold(scores[:60], right[:60], least=NO_LEAST, error=ERROR, doubt=DOUBT)
    assert few is None


def test_equal_scores_are_answered_together_or_not_at_all():
    scores = np.repeat([2.0, 1.0], [100, 100])
    right = np.repeat([True, False], [100, 100])
    threshold = proven_threshold(scores, right, least=NO_LEAST, error=ERROR, doubt=DOUBT)
    assert threshold is not None
    assert (threshold.score, threshold.answered) == (2.0, 100)


def test_no_threshold_lies_below_the_least():
    scores, right = np.arange(400.0), np.ones(400, dtype=bool)
    threshold = proven_threshold(scores, right, least=150.0, error=ERROR, doubt=DOUBT)
    assert threshold is not None
    assert threshold.score == 150.0


def test_an_early_mistake_does_not_silence_an_item():
    scores = np.arange(400.0)
    right = scores != 399
    threshold = proven_threshold(scores, right, least=NO_LEAST, error=ERROR, doubt=DOUBT)
    assert threshold is not None
    assert threshold.answered == 400


def test_the_true_error_is_seldom_larger_than_was_promised():
    """Wrong with probability .15 (1 - s): from s on .075 (1 - s) are, more than .05 below 1/3."""
    generator = np.random.default_rng(22)
    broken = naive_broken = 0
    for _ in range(1000):
        scores = generator.random(500)
        right = generator.random(500) >= 0.15 * (1 - scores)
        threshold = proven_threshold(scores, right, least=NO_LEAST, error=ERROR, doubt=DOUBT)
        broken += threshold is not None and threshold.score < 1 / 3
        order = np.argsort(-scores)
        shares = np.cumsum(~right[order]) / np.arange(1, 501)
        naive_broken += scores[order][np.flatnonzero(shares <= ERROR)[-1]] < 1 / 3
    # 50 expected at most; 3.3 standard errors of a binomial of .05 are 23
    assert broken <= 73
    assert naive_broken > 300


def test_random_answers_prove_nothing():
    generator = np.random.default_rng(7)
    for _ in range(50):
        scores, right = generator.random(1500), generator.random(1500) < 0.5
        assert proven_threshold(scores, right, least=NO_LEAST, error=ERROR, doubt=DOUBT) is None
