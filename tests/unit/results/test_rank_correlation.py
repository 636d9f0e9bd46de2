"""Spearman's correlation and its interval: published values, scipy, and what cannot be told."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from core.errors import InvalidInput
from core.results.rank_correlation import rank_correlation

IQ = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
HOURS_OF_TV = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
COUNTING = list(range(20))
VALUES = some.lists(some.tuples(some.integers(0, 9), some.integers(0, 9)), min_size=3, max_size=40)


def test_intelligence_and_hours_of_television():
    """The textbook's ten pairs: sum of squared rank differences 194, rho = -29 / 165."""
    found = rank_correlation(IQ, HOURS_OF_TV)
    assert found.value == pytest.approx(-29 / 165)
    z, half = math.atanh(-29 / 165), 1.6448536 * math.sqrt((1 + (29 / 165) ** 2 / 2) / 7)
    assert found.interval == pytest.approx((math.tanh(z - half), math.tanh(z + half)))
    assert not found.is_clear


@given(VALUES)
def test_it_is_that_of_scipy_ties_included(pairs):
    first, second = zip(*pairs, strict=True)
    found = rank_correlation(first, second)
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert found.value is None
        assert found.reason is not None
        return
    assert found.value == pytest.approx(stats.spearmanr(first, second).statistic, abs=1e-9)
    if found.interval is None:
        assert found.reason is not None
    else:
        assert -1 < found.interval.lower < found.value < found.interval.upper < 1


@pytest.mark.parametrize(
    ("first", "second", "value", "why"),
    [
        ([], [], None, "Fewer than three pairs tell nothing."),
        ([1, 2], [3, 4], None, "Fewer than three pairs tell nothing."),
        ([5] * 20, list(range(20)), None, "One of the two is the same everywhere."),
        ([1, 2, 3, 4], [1, 2, 4, 3], 0.8, "4 pairs are too few for an interval; 10 are needed."),
        (
            list(range(20)),
            list(range(20)),
            1.0,
            "The order is the very same, or the very opposite.",
        ),
        (
            list(range(20)),
            list(range(20))[::-1],
            -1,
            "The order is the very same, or the very opposite.",
        ),
    ],
)
def test_what_cannot_be_told_has_a_reason(first, second, value, why):
    found = rank_correlation(first, second)
    assert found.value == (None if value is None else pytest.approx(value))
    assert found.interval is None
    assert str(found.reason) == why


def test_pairs_of_one_person_count_as_fewer():
    """Each pair ten times over, as of one person, is as wide as the pairs alone; not clustered it
    is narrower by more than the root of ten."""
    rng = random.Random(4)
    first = [rng.gauss(0, 1) for _ in range(60)]
    second = [value + rng.gauss(0, 2) for value in first]
    alone = rank_correlation(first, second)
    many = ([value for value in values for _ in range(10)] for values in (first, second))
    first_many, second_many = many
    people = [person for person in range(60) for _ in range(10)]
    clustered = rank_correlation(first_many, second_many, people)
    blind = rank_correlation(first_many, second_many)

    def width(found):
        return found.interval.upper - found.interval.lower

    assert clustered.value == pytest.approx(alone.value)
    assert width(clustered) == pytest.approx(width(alone), rel=0.06)
    assert width(blind) < width(alone) / 3


def test_it_covers_the_truth_as_often_as_it_says():
    """Normal pairs of correlation .5 have Spearman's 6 / pi asin(.25) = .4826; 1,000 samples of 80,
    90 % nominal."""
    rng = random.Random(9)
    truth, covered = 6 / math.pi * math.asin(0.25), 0
    for _ in range(1000):
        first = [rng.gauss(0, 1) for _ in range(80)]
        second = [0.5 * value + math.sqrt(0.75) * rng.gauss(0, 1) for value in first]
        low, high = rank_correlation(first, second).interval
        covered += low <= truth <= high
    assert 870 <= covered <= 930


@pytest.mark.parametrize(
    ("first", "second", "clusters"),
    [([1, 2], [1], None), ([1, 2, 3], [1, 2, float("nan")], None), ([1, 2, 3], [1, 2, 3], [1])],
)
def test_what_is_no_pair_of_numbers_is_refused(first, second, clusters):
    with pytest.raises(InvalidInput):
        rank_correlation(first, second, clusters)
