"""Kappas and Gwet's coefficients against irrCAC, statsmodels and hand calculations."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats import inter_rater

from core.agreement import (
    fleiss_interval,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac1_interval,
    gwet_ac2,
    gwet_ac2_interval,
    percent_agreement,
    percent_agreement_interval,
    weighted_kappa,
    weighted_kappa_interval,
)
from core.agreement.result import NO_PAIRS
from core.errors import InvalidInput
from tests.support.ranking.ratings import DIAGNOSES, FLEISS, IRRCAC, UNITS


def counts_of(units):
    categories = sorted({rating for unit in units for rating in unit if rating is not None})
    return [[unit.count(category) for category in categories] for unit in units]


def spread_out(table):
    """A square table of counts as the two raters' lists of ratings."""
    pairs = [
        (i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)
    ]
    return [i for i, _ in pairs], [j for _, j in pairs]


def assert_interval(result, expected, places):
    value, error, lower, upper = expected
    assert result.value == pytest.approx(value, abs=places)
    assert result.standard_error == pytest.approx(error, abs=places)
    assert result.lower == pytest.approx(lower, abs=max(places, 5e-4))
    assert result.upper == pytest.approx(upper, abs=max(places, 5e-4))


def test_ratings_outside_the_categories_are_refused():
    with pytest.raises(InvalidInput, match="4 is not one of the categories"):
        gwet_ac1([(1, 4)], categories=[1, 2, 3])


def test_fleiss_kappa_of_the_diagnoses():
    table = counts_of(DIAGNOSES)
    assert fleiss_kappa(table) == pytest.approx(FLEISS["kappa"], abs=5e-8)
    assert fleiss_kappa(table) == pytest.approx(inter_rater.fleiss_kappa(np.array(table)))
    assert fleiss_kappa(np.array(table)) == fleiss_kappa(table)
    three = counts_of([unit[:3] for unit in DIAGNOSES])
    assert fleiss_kappa(three) == pytest.approx(
        FLEISS["fleiss_kappa_raters_1_3"]["kappa"], abs=5e-4
    )


def test_fleiss_kappa_with_missing_ratings_and_its_error():
    assert_interval(fleiss_interval(counts_of(UNITS)), IRRCAC["four_raters"]["Fleiss"], 5e-6)
    fifteen = counts_of(DIAGNOSES[:15])
    assert_interval(fleiss_interval(fifteen), IRRCAC["first_15_diagnoses"]["Fleiss"], 5e-8)


def test_gwet_coefficients_and_their_errors():
    four = IRRCAC["four_raters"]
    assert_interval(gwet_ac1_interval(UNITS), four["AC1"], 5e-6)
    assert_interval(gwet_ac2_interval(UNITS, "quadratic"), four["AC2 quadratic"], 5e-6)
    assert_interval(percent_agreement_interval(UNITS), four["percent"], 5e-6)
    fifteen = IRRCAC["first_15_diagnoses"]["AC1"]
    assert_interval(gwet_ac1_interval(DIAGNOSES[:15]), fifteen, 5e-8)
    assert gwet_ac2(UNITS, weights="linear") == pytest.approx(0.85874, abs=5e-6)
    assert gwet_ac2(UNITS) == gwet_ac2(UNITS, weights="quadratic")
    assert gwet_ac1(np.array(UNITS, dtype=float)) == gwet_ac1(UNITS)


def test_two_raters_by_irrcac():
    a, b = spread_out(IRRCAC["abstractors"]["table"])
    units = list(zip(a, b, strict=True))
    result = weighted_kappa_interval(a, b)
    assert [result.value, result.standard_error] == pytest.approx(
        IRRCAC["abstractors"]["kappa"], abs=5e-8
    )
    assert [gwet_ac1(units)] == pytest.approx(IRRCAC["abstractors"]["AC1"], abs=5e-8)
    assert [percent_agreement(units)] == pytest.approx(IRRCAC["abstractors"]["percent"])


def test_ac1_by_hand():
    # 2 x 2: 40 yes-yes, 45 no-no, 10 + 5 apart. p_a = .85, pi(yes) = .475,
    # p_e = 2 * .475 * .525 = .49875.
    a, b = spread_out([[40, 10], [5, 45]])
    expected = (0.85 - 0.49875) / (1 - 0.49875)
    assert gwet_ac1(list(zip(a, b, strict=True))) == pytest.approx(expected)


def test_unused_categories_count_when_given():
    # p_a = 1/2; with q = 3: p_e = (.75 * .25 + .25 * .75) / 2 = .1875; with q = 2: .375
    units = [("yes", "yes"), ("yes", "no")]
    assert gwet_ac1(units) == pytest.approx((0.5 - 0.375) / 0.625)
    three = ["yes", "no", "unclear"]
    assert gwet_ac1(units, categories=three) == pytest.approx((0.5 - 0.1875) / 0.8125)


@pytest.mark.parametrize(
    ("weights", "name"),
    [(None, "unweighted"), ("linear", "linear(equal)"), ("quadratic", "squared")],
)
def test_weighted_kappa_of_the_first_two_diagnosticians(weights, name):
    a, b = [unit[0] for unit in DIAGNOSES], [unit[1] for unit in DIAGNOSES]
    expected = FLEISS["cohen_kappa_rater1_rater2"][name]
    assert weighted_kappa(a, b, weights) == pytest.approx(expected, abs=5e-4)


TABLES = st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=4, max_size=4)


@given(TABLES, st.sampled_from([(None, None), ("linear", "linear"), ("quadratic", "quadratic")]))
def test_weighted_kappa_and_its_interval_are_statsmodels(table, names):
    ours, theirs = names
    # Every category is used, so that both sides see the same scale.
    table = np.array(table) + np.eye(4, dtype=int)
    assume(table.sum() > table.trace())
    a, b = spread_out(table)
    expected = inter_rater.cohens_kappa(table, wt=theirs)
    result = weighted_kappa_interval(np.array(a), np.array(b), ours)
    assert result.value == pytest.approx(expected.kappa)
    assert result.standard_error == pytest.approx(expected.std_kappa)
    assert result.lower == pytest.approx(max(-1, expected.kappa_low))
    assert result.upper == pytest.approx(min(1, expected.kappa_upp))


def test_numbers_keep_their_distance_on_the_scale():
    # Nobody used 2 and 3: the step from 1 to 4 is still three times the step from 4 to 5.
    a, b = [1, 4, 5, 5, 1], [1, 5, 5, 4, 4]
    full = weighted_kappa(a, b, "linear", categories=[1, 2, 3, 4, 5])
    assert weighted_kappa(a, b, "linear") == pytest.approx(full)
    texts = weighted_kappa([str(x) for x in a], [str(x) for x in b], "linear")
    assert texts != pytest.approx(full)


def test_pairs_with_a_missing_rating_are_left_out():
    a, b = [1, 2, None, 1, 2], [1, 2, 2, float("nan"), 1]
    assert weighted_kappa(a, b) == weighted_kappa([1, 2, 2], [1, 2, 1])


def test_weighted_kappa_refuses_unequal_lists_and_unknown_weights():
    with pytest.raises(InvalidInput, match="1 and 2 given"):
        weighted_kappa([1], [1, 2])
    with pytest.raises(InvalidInput, match="not cubic"):
        weighted_kappa([1, 2], [1, 2], "cubic")


@pytest.mark.parametrize("counts", [[], [[]], [[0, 0]], [[1, 0], [0, 1]], [[1, 0]]])
def test_fleiss_needs_two_ratings_of_a_unit(counts):
    assert fleiss_kappa(counts) is None
    assert fleiss_interval(counts).reason == NO_PAIRS


def test_one_rater_constant_is_chance_agreement():
    # a varies, b always says 1: p_o = p_e, kappa 0.
    assert weighted_kappa([1, 2, 1, 2], [1, 1, 1, 1]) == pytest.approx(0)


@pytest.mark.parametrize("counts", [[[1, 2], [1]], [[1, -1]], [[1, float("nan")]], [1, 2], ["ab"]])
def test_fleiss_refuses_what_is_no_table_of_counts(counts):
    with pytest.raises(InvalidInput):
        fleiss_kappa(counts)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=2, max_size=20))
def test_weights_change_nothing_with_two_categories(ratings):
    for weights in ("linear", "quadratic"):
        assert gwet_ac2(ratings, weights) == pytest.approx(gwet_ac1(ratings))
