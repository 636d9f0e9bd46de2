"""Two sets of inspections against each other, each difference with its interval."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.results.contrast import SubjectFigures, contrasts, section_contrasts
from core.results.figures import (
    NOTHING,
    DifferenceInterval,
    Figures,
    Gap,
    Moments,
    Proportion,
    Ratios,
    ratio_span,
    share_span,
)


def moments(*values):
    return Moments(len(values), sum(values), sum(value**2 for value in values))


def whole(*scores, passed=0, critical=0, na=((1, 10), (2, 10)), sections=None):
    found = moments(*scores)
    return SubjectFigures(
        Figures(found, found, passed, critical, 0), NOTHING, Ratios.of(na), sections or {}
    )


def test_the_difference_of_shares_is_newcombes():
    """Newcombe 1998, table II, method 10: 56/70 - 48/80 is .2, 95 % .0524 to .3339."""
    found = share_span(Proportion(56, 70), Proportion(48, 80), level=0.95)
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.is_clear


def test_shares_of_nothing_have_no_difference():
    assert share_span(Proportion(0, 0), Proportion(1, 2)) is None


def test_a_ratio_varies_as_much_as_its_clusters_do():
    """Linearised by hand: residuals part - rate * whole, over the clusters."""
    pairs = [(3, 40), (9, 60), (2, 50), (8, 70)]
    part, size = np.array(pairs, dtype=float).T
    rate = part.sum() / size.sum()
    rest = part - rate * size
    expected = 4 / 3 * (rest @ rest) / size.sum() ** 2
    found = Ratios.of(pairs)
    assert (found.rate, found.variance) == pytest.approx((rate, expected))
    same = ratio_span(found, found, level=0.9)
    half = stats.norm.ppf(0.95) * np.sqrt(2 * expected)
    assert same == pytest.approx((0, -half, half))
    assert not same.is_clear


def test_a_single_cluster_says_nothing_about_the_spread():
    one = Ratios.of([(1, 10)])
    assert one.variance is None
    assert ratio_span(one, Ratios.of([(2, 10), (3, 10)])) == (pytest.approx(-0.15), None, None)
    assert ratio_span(Ratios.of([]), one) is None


def test_every_measure_is_first_minus_second():
    first = whole(80, 90, 100, passed=3, critical=0, na=((4, 10), (4, 10)))
    second = whole(70, 80, passed=1, critical=1)
    found = {each.measure: each for each in contrasts(first, second)}
    assert list(found) == ["before", "score", "key_moments", "passed", "critical", "na"]
    assert found["before"].difference.value == pytest.approx(15)
    assert found["passed"].difference.value == pytest.approx(1 - 1 / 2)
    assert found["critical"].difference.value == pytest.approx(-1 / 2)
    assert found["na"].difference.value == pytest.approx(0.4 - 0.15)
    assert found["key_moments"] == ("key_moments", None, None, None)


def test_only_sections_of_both_sides_are_compared():
    first = whole(90, sections={"open": moments(90, 92), "close": moments(80, 80)})
    second = whole(80, sections={"open": moments(70, 74, 75), "talk": moments(1, 2)})
    (found,) = section_contrasts(first, second)
    assert (found.section, found.n) == ("open", 2)
    assert found.difference.value == pytest.approx(91 - 73)


def test_the_intervals_of_a_table_are_at_a_joint_level():
    """Six measures at 1 - .05 / 6 each; of two sections both at 97.5 %."""
    first, second = ([82, 90, 95, 88], [70, 80, 84, 77])
    (before, *_) = contrasts(whole(*first), whole(*second))
    test = stats.ttest_ind(first, second, equal_var=False)
    assert (before.difference.low, before.difference.high) == pytest.approx(
        tuple(test.confidence_interval(1 - 0.05 / 6))
    )
    sides = [
        whole(1, sections={"open": moments(*scores), "talk": moments(*scores)})
        for scores in (first, second)
    ]
    for row in section_contrasts(*sides):
        assert (row.difference.low, row.difference.high) == pytest.approx(
            tuple(test.confidence_interval(0.975))
        )


def test_halves_that_do_not_differ_seldom_seem_to():
    """Seven sections of two halves of 100: at most 27 of 300 tables tell of any, 5 % and 3 sd."""
    rng = np.random.default_rng(3)
    told = 0
    for _ in range(300):
        sides = [
            whole(1, sections={str(key): moments(*rng.normal(90, 8, 100)) for key in range(7)})
            for _side in range(2)
        ]
        told += any(row.difference.is_clear for row in section_contrasts(*sides))
    assert told <= 27


def test_a_difference_without_an_interval_is_never_clear():
    assert not DifferenceInterval.of(Gap(5.0, None)).is_clear
    assert DifferenceInterval.of(None) is None
