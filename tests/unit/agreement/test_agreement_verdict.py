"""Verdicts on agreement: from two coefficients that can fail, and intervals that mean something."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from core.agreement import (
    AgreementVerdict,
    PairSums,
    ShareSums,
    difference,
    fleiss_interval,
    gwet_ac1_interval,
    gwet_ac2_interval,
    icc_interval,
    judge,
    krippendorff_interval,
    pair_agreement,
    pair_icc,
    percent_agreement_interval,
    shared_ac1,
    weighted_kappa_interval,
)
from core.agreement.result import Agreement
from core.agreement.verdict import probability_from

NEVER = -(10**6)


def verdict(times, scale=(0, 100)):
    figures = pair_agreement(times, scale=scale, not_applicable=NEVER, confidence=0.90)
    return judge(figures)


def test_an_item_with_near_misses_everywhere_alarms_although_ac2_is_high():
    """As in the trial: 64 pairs, 41 % alike, AC1 .34, alpha about 0, AC2 above .9 on 0 to 100."""
    times = {(75, 75): 10, (100, 100): 16, (75, 100): 18, (100, 75): 18, (50, 75): 1, (0, 25): 1}
    figures = pair_agreement(times, scale=(0, 25, 50, 75, 100), not_applicable=NEVER)
    assert figures.alike.value == pytest.approx(26 / 64)
    found = verdict(times, (0, 25, 50, 75, 100))
    assert found.verdict is AgreementVerdict.DISAGREES
    assert "AC2, which counts near misses in part" in str(found.sentence)


def test_two_raters_who_call_the_same_alike_agree():
    found = verdict({(0, 0): 20, (100, 100): 40, (0, 100): 1, (100, 0): 1})
    assert found.verdict is AgreementVerdict.AGREES
    assert found.good > 0.99


def test_a_common_answer_alone_is_no_agreement():
    """Each marks one in ten down, by chance: 82 % alike, AC1 .78, alpha about 0."""
    found = verdict({(100, 100): 162, (0, 100): 18, (100, 0): 18, (0, 0): 2})
    assert found.verdict is AgreementVerdict.DOUBTFUL
    assert "alpha lies below 0.4" in str(found.sentence)


def test_chance_disagrees_and_few_pairs_say_nothing():
    even = {(0, 0): 1, (0, 100): 1, (100, 0): 1, (100, 100): 1}
    assert verdict(dict.fromkeys(even, 20)).verdict is AgreementVerdict.DISAGREES
    assert verdict(dict.fromkeys(even, 2)).verdict is AgreementVerdict.TOO_FEW
    assert verdict({(100, 100): 9}).verdict is AgreementVerdict.TOO_FEW
    assert verdict({}).verdict is AgreementVerdict.TOO_FEW


def test_between_good_and_poor_it_is_doubtful():
    found = verdict({(0, 0): 8, (100, 100): 9, (0, 100): 2, (100, 0): 2})
    assert found.verdict is AgreementVerdict.DOUBTFUL
    assert str(found.sentence) == "The pairs do not tell whether agreement is good."


def test_equal_answers_throughout_agree_once_there_are_enough():
    assert verdict({(100, 100): 60}).verdict is AgreementVerdict.AGREES


def test_the_probability_is_that_of_the_t_distribution_below_1():
    coefficient = Agreement(0.7, 0.5, 0.9, 0.1)
    below = stats.t.cdf(-1, 29)  # (.6 - .7) / .1
    possible = stats.t.cdf(3, 29)  # (1 - .7) / .1
    assert probability_from(coefficient, 30, 0.6) == pytest.approx((possible - below) / possible)
    assert probability_from(Agreement(0.7), 30, 0.6) is None


def test_ac2_weighs_by_the_range_that_occurs():
    """3 against 4 of 4, where nobody gives less: on the item's own scale that is a whole miss."""
    times = {(75, 75): 10, (100, 100): 10, (75, 100): 10}
    found = pair_agreement(times, scale=(0, 100), not_applicable=NEVER)
    expected = gwet_ac2_interval([pair for pair, n in times.items() for _ in range(n)])
    assert found.ac2.value == pytest.approx(expected.value)
    assert found.ac2.value < 0.5


RATINGS = st.lists(
    st.tuples(st.sampled_from([0, 1, 2, 3]), st.sampled_from([0, 1, 2, 3])), max_size=14
)


def intervals(pairs):
    """Every coefficient with an interval, and the least value of each."""
    columns = list(zip(*pairs, strict=True)) or [(), ()]
    times = {pair: pairs.count(pair) for pair in set(pairs)}
    found = pair_agreement(times, scale=(0, 3), not_applicable=NEVER)
    shares = np.array([(a == b, (a == 0) / 2 + (b == 0) / 2, 0.0) for a, b in pairs]).reshape(-1, 3)
    table = [[(a, b).count(k) for k in range(4)] for a, b in pairs]
    yield percent_agreement_interval(pairs), 0.0
    yield found.alike, 0.0
    for coefficient in (
        *(found.ac1, found.ac2, found.alpha, found.kappa),
        gwet_ac1_interval(pairs),
        gwet_ac2_interval(pairs, "linear", categories=[0, 1, 2, 3]),
        fleiss_interval(table),
        *(weighted_kappa_interval(*columns, weights) for weights in (None, "quadratic")),
        *(
            krippendorff_interval(pairs, level, seed=1, draws=60)
            for level in ("nominal", "interval")
        ),
        shared_ac1(share_sums(shares)),
    ):
        yield coefficient, -1.0


def share_sums(rows):
    a, lost, na = rows.T
    return ShareSums(
        len(rows),
        a.sum(),
        lost.sum(),
        na.sum(),
        a @ a,
        lost @ lost,
        na @ na,
        a @ lost,
        a @ na,
        lost @ na,
    )


@given(RATINGS)
def test_intervals_have_a_width_stay_in_range_and_hold_the_value(pairs):
    for found, lowest in intervals(pairs):
        assert found.value is not None or found.reason
        if found.lower is None:
            assert found.upper is None
            assert found.reason
            continue
        assert found.lower < found.upper
        assert min(lowest, found.value) <= found.lower <= found.value <= found.upper <= 1 + 1e-12


@pytest.mark.parametrize("pair", list(itertools.product([1, 2], repeat=2)))
def test_one_unit_has_a_value_without_an_interval(pair):
    for found, _ in intervals([pair]):
        assert (found.lower, found.upper, found.standard_error) == (None, None, None)
        assert found.reason


def test_full_agreement_of_few_pairs_is_not_certain():
    """Of 5 pairs all alike: Wilson's lower limit of 5 in 5, z^2 = 3.84: 1 - 3.84 / 8.84 = .57."""
    found = percent_agreement_interval([[1, 1]] * 3 + [[2, 2]] * 2)
    assert (found.value, found.upper) == (1.0, 1.0)
    assert found.lower == pytest.approx(1 - 1.959964**2 / (5 + 1.959964**2), abs=1e-6)


@given(RATINGS)
@example([(0, 3), (1, 1)])  # a limit of one rating at -1: the mean of two has none
def test_differences_and_intraclass_correlations_have_a_width_or_a_reason(pairs):
    x, y = np.array(pairs, dtype=float).reshape(-1, 2).T
    sums = PairSums(len(x), x.sum(), y.sum(), x @ x, y @ y, x @ y)
    for found in (difference(sums), pair_icc(sums), *icc_interval(pairs).values()):
        if found.lower is None:
            assert found.reason
        else:
            assert found.lower < found.upper
            assert found.lower <= found.value <= found.upper
