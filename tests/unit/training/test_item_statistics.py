"""How hard a question is, and whether those who know the rest answer it more often."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.stats import pearsonr, pointbiserialr

from core.training.item_statistics import (
    FEWEST_FOR_DIFFICULTY,
    FEWEST_FOR_DISCRIMINATION,
    Untold,
    item_statistics,
)

# Ten people and five questions, the rows twice for the twenty sittings that discrimination needs.
RIGHT = ("11111", "11110", "11101", "11100", "11010", "10110", "11000", "10000", "01000", "00000")
SITTINGS = [{q: row[q] == "1" for q in range(5)} for row in RIGHT] * 2


def test_difficulty_is_the_share_right_with_its_interval():
    """Question 0 is right for 8 of 10, so 16 of 20; Wilson at 90 %, z = 1.645 (1.6449²= 2.7055).

    Middle (0.8 + 2.7055/40) / (1 + 2.7055/20) = 0.7642; half 1.6449/1.1353
    * sqrt(0.8*0.2/20 + 2.7055/1600) = 0.1426: 0.622 to 0.907.
    """
    found = item_statistics(SITTINGS)[0]
    assert (found.sittings, found.difficulty) == (20, 0.8)
    assert (found.interval.lower, found.interval.upper) == pytest.approx((0.6216, 0.9068), abs=5e-4)


def test_discrimination_by_hand():
    """Two questions: the rest of the one is the other. 8 people right in both, 4 in the first only,
    2 in the second only, 6 in neither: phi = (8*6 - 4*2) / sqrt(12*8*10*10) = 40/97.98 = 0.4082.
    """
    pairs = [(1, 1)] * 8 + [(1, 0)] * 4 + [(0, 1)] * 2 + [(0, 0)] * 6
    found = item_statistics([{"a": bool(a), "b": bool(b)} for a, b in pairs])
    assert found["a"].discrimination == pytest.approx(0.408248, abs=1e-6)
    assert found["b"].discrimination == pytest.approx(0.408248, abs=1e-6)


def test_discrimination_is_the_point_biserial_correlation_with_the_rest_as_scipy_has_it():
    table = np.array([[sitting[q] for q in range(5)] for sitting in SITTINGS], dtype=float)
    found = item_statistics(SITTINGS)
    for q in range(5):
        rest = np.delete(table, q, axis=1).mean(axis=1)
        expected = pointbiserialr(table[:, q].astype(bool), rest).statistic
        assert found[q].discrimination == pytest.approx(expected)
        with_itself = pearsonr(table[:, q], table.mean(axis=1)).statistic
        assert found[q].discrimination < with_itself


def test_papers_that_draw_different_questions_are_compared_by_their_own_rest():
    """Of 30 questions ten are drawn; who is able is right with 0.8, who is not with 0.4."""
    rng = random.Random(4)
    sittings = []
    for person in range(600):
        chance = 0.8 if person % 2 else 0.4
        sittings.append({q: rng.random() < chance for q in rng.sample(range(30), 10)})
    found = item_statistics(sittings)
    # Two groups of p = 0.8 and 0.4: covariance 0.04; variances 0.24 and 0.04 + 0.2/9 = 0.0622;
    # r = 0.04 / sqrt(0.24 * 0.0622) = 0.327
    assert np.mean([each.discrimination for each in found.values()]) == pytest.approx(
        0.33, abs=0.03
    )
    assert np.mean([each.difficulty for each in found.values()]) == pytest.approx(0.6, abs=0.02)


def test_too_few_sittings_say_nothing():
    few = item_statistics(SITTINGS[: FEWEST_FOR_DIFFICULTY - 1])[0]
    assert (few.difficulty, few.interval, few.discrimination) == (None, None, None)
    assert (few.sittings, few.untold) == (4, Untold.TOO_FEW)
    some = item_statistics(SITTINGS[: FEWEST_FOR_DISCRIMINATION - 1])[0]
    assert some.difficulty is not None
    assert (some.discrimination, some.untold) == (None, Untold.TOO_FEW)


def test_where_nobody_differs_there_is_no_correlation():
    all_right = [{"a": True, "b": k % 2 == 0, "c": k % 3 == 0} for k in range(20)]
    assert item_statistics(all_right)["a"].untold is Untold.ALL_ALIKE
    rest_alike = [{"a": k % 2 == 0, "b": True, "c": True} for k in range(20)]
    assert item_statistics(rest_alike)["a"].untold is Untold.REST_ALIKE
    alone = [{"a": k % 2 == 0} for k in range(20)]
    found = item_statistics(alone)["a"]
    assert (found.difficulty, found.compared, found.untold) == (0.5, 0, Untold.TOO_FEW)
