"""Agreement from counts of pairs equals that of the ratings written out one by one."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from core.agreement import (
    PairSums,
    ShareSums,
    difference,
    gwet_ac1_interval,
    gwet_ac2_interval,
    icc_interval,
    krippendorff_alpha,
    pair_agreement,
    pair_icc,
    percent_agreement_interval,
    shared_ac1,
    weighted_kappa_interval,
)
from core.inspectors.double_scorings import NOT_APPLICABLE as NA


def drawn(seed, size=60, scale=(0, 50, 100, NA)):
    rng = random.Random(seed)
    pairs = []
    for _ in range(size):
        one = rng.choice(scale)
        pairs.append((one, one if rng.random() < 0.6 else rng.choice(scale)))
    return pairs


def same(found, expected):
    assert found.value == pytest.approx(expected.value, abs=1e-12)
    assert found.standard_error == pytest.approx(expected.standard_error, rel=1e-9)
    assert (found.lower, found.upper) == pytest.approx((expected.lower, expected.upper))


@pytest.mark.parametrize("seed", range(4))
def test_counts_of_pairs_say_what_the_ratings_say(seed):
    pairs = drawn(seed)
    judged = [pair for pair in pairs if NA not in pair]
    found = pair_agreement(Counter(pairs), scale=(0, 100), not_applicable=NA)
    assert (found.n, found.judged) == (60, len(judged))
    same(found.alike, percent_agreement_interval(pairs))
    same(found.ac1, gwet_ac1_interval(pairs, categories=[NA, 0, 50, 100]))
    same(found.ac2, gwet_ac2_interval(judged, "quadratic", categories=[0, 50, 100]))
    first, second = zip(*judged, strict=True)
    kappa = weighted_kappa_interval(first, second, "quadratic", categories=[0, 50, 100])
    same(found.kappa, kappa)
    assert found.alpha.value == pytest.approx(krippendorff_alpha(judged, "ordinal"))


def test_alphas_interval_is_the_jackknife_over_units():
    pairs = drawn(7, size=25, scale=(0, 33, 67, 100))
    n = len(pairs)
    found = pair_agreement(Counter(pairs), scale=(0, 100), not_applicable=NA).alpha
    left = [krippendorff_alpha(pairs[:k] + pairs[k + 1 :], "ordinal") for k in range(n)]
    error = np.sqrt((n - 1) / n * ((np.array(left) - np.mean(left)) ** 2).sum())
    assert found.standard_error == pytest.approx(error)
    half = stats.t.ppf(0.975, n - 1) * error
    assert found.lower == pytest.approx(found.value - half)


def test_equal_ratings_throughout_leave_alpha_and_kappa_undefined():
    found = pair_agreement({(100, 100): 12}, scale=(0, 100), not_applicable=NA)
    assert (found.alike.value, found.ac1.value, found.ac2.value) == (1, 1, 1)
    assert found.alpha.value is None
    assert found.kappa.value is None
    assert found.kappa.reason


def test_without_pairs_nothing_is_said():
    found = pair_agreement({(100, 100): 0}, scale=(0, 100), not_applicable=NA)
    assert (found.n, found.judged, found.alike.value, found.alpha.value) == (0, 0, None, None)


def test_not_applicable_alone_has_no_scale():
    found = pair_agreement({(NA, NA): 3, (NA, 100): 1}, scale=(0, 100), not_applicable=NA)
    assert found.alike.value == pytest.approx(3 / 4)
    assert (found.judged, found.kappa.value) == (0, None)


def sums(pairs):
    x, y = np.array(pairs, dtype=float).T
    return PairSums(len(x), x.sum(), y.sum(), x @ x, y @ y, x @ y)


@pytest.mark.parametrize("seed", range(3))
def test_the_intraclass_correlation_follows_from_sums(seed):
    rng = np.random.default_rng(seed)
    truth = rng.normal(80, 8, 40)
    pairs = np.column_stack([truth + rng.normal(0, 4, 40), truth + rng.normal(0, 4, 40)])
    expected = icc_interval(pairs)["ICC(1,1)"]
    found = pair_icc(sums(pairs))
    assert found.value == pytest.approx(expected.value)
    assert (found.lower, found.upper) == pytest.approx((expected.lower, expected.upper))


def test_equal_scores_and_single_units_have_no_intraclass_correlation():
    assert pair_icc(sums([(80, 80), (80, 80)])).value is None
    assert pair_icc(sums([(80, 90)])).value is None
    assert pair_icc(PairSums(0, 0, 0, 0, 0, 0)).reason


def test_the_mean_difference_is_that_of_the_paired_t_test():
    pairs = [(80, 84), (70, 79), (90, 91), (66, 70), (85, 83)]
    found = difference(sums(pairs), confidence=0.9)
    expected = stats.ttest_rel(*zip(*pairs, strict=True)).confidence_interval(0.9)
    assert found.value == pytest.approx(-16 / 5)
    assert (found.lower, found.upper) == pytest.approx((expected.low, expected.high))


def shares(rows):
    a, b, c = np.array(rows, dtype=float).T
    squares = (a @ a, b @ b, c @ c, a @ b, a @ c, b @ c)
    return ShareSums(len(rows), a.sum(), b.sum(), c.sum(), *squares)


def test_shared_ac1_by_hand():
    """Mean alike .9, lost .2, N/A 0: chance (1 - .8^2 - .2^2) / 2 = .16, (.9 - .16) / .84."""
    found = shared_ac1(shares([(0.8, 0.3, 0), (1, 0.1, 0)]))
    assert found.value == pytest.approx(0.74 / 0.84)


def test_units_of_one_item_give_gwets_ac1_and_its_standard_error():
    kinds = {100: "kept", 0: "lost", NA: "na"}
    pairs = [(kinds[a], kinds[b]) for a, b in drawn(3, size=400, scale=(0, 100, 100, 100, NA))]
    rows = [
        (a == b, ((a == "lost") + (b == "lost")) / 2, ((a == "na") + (b == "na")) / 2)
        for a, b in pairs
    ]
    found, expected = shared_ac1(shares(rows)), gwet_ac1_interval(pairs)
    assert found.value == pytest.approx(expected.value)
    assert found.standard_error == pytest.approx(expected.standard_error, rel=1e-6)


@pytest.mark.parametrize("times", [{(100, 50): 2, (50, 100): 2}, {(100, 0): 3}, {(100, 100): 9}])
def test_what_pages_show_are_plain_numbers(times):
    """One of numpy writes itself as np.float64(0.1), which no page can show."""
    found = pair_agreement(times, scale=(0, 100), not_applicable=NA, confidence=0.9)
    for coefficient in (found.alike, found.ac1, found.ac2, found.kappa, found.alpha):
        for value in (coefficient.value, coefficient.lower, coefficient.upper):
            assert value is None or type(value) is float
