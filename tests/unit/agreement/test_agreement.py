"""What all coefficients of agreement share: where they are undefined, what changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.agreement import (
    fleiss_interval,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac1_interval,
    gwet_ac2,
    icc,
    icc_interval,
    krippendorff_alpha,
    krippendorff_interval,
    percent_agreement,
    percent_agreement_interval,
    weighted_kappa,
    weighted_kappa_interval,
    why_undefined,
)
from core.agreement.result import CONSTANT, NO_PAIRS, ONE_UNIT
from core.errors import InvalidInput
from tests.support.ranking.ratings import LEVELS, SHROUT_FLEISS, UNITS

NOTHING = [[], [[]], [[None, None], [None, None]], [[1], [2]], [[1, None], [None, 2]]]


@pytest.mark.parametrize("ratings", NOTHING)
def test_without_two_ratings_of_a_unit_there_is_no_coefficient(ratings):
    assert why_undefined(ratings) == NO_PAIRS
    for level in LEVELS:
        assert krippendorff_alpha(ratings, level) is None
        assert krippendorff_interval(ratings, level, seed=0).reason == NO_PAIRS
    assert gwet_ac1(ratings) is gwet_ac2(ratings) is percent_agreement(ratings) is None
    assert gwet_ac1_interval(ratings).reason == NO_PAIRS
    assert percent_agreement_interval(ratings).reason == NO_PAIRS
    assert set(icc(ratings).values()) == {None}


def test_constant_ratings_have_no_agreement_beyond_chance():
    ratings = [["yes", "yes"]] * 5
    assert why_undefined(ratings) == CONSTANT
    assert krippendorff_alpha(ratings, "nominal") is None
    assert krippendorff_interval(ratings, "nominal", seed=0).reason == CONSTANT
    assert fleiss_kappa([[2, 0]] * 5) is None
    assert fleiss_interval([[2, 0]] * 5).reason == CONSTANT
    assert weighted_kappa(["yes"] * 5, ["yes"] * 5) is None
    assert weighted_kappa_interval(["yes"] * 5, ["yes"] * 5, "linear").reason == CONSTANT
    assert gwet_ac1(ratings) is gwet_ac2(ratings) is None
    assert gwet_ac1_interval(ratings).reason == CONSTANT
    assert icc_interval([[3, 3]] * 5)["ICC(2,1)"].reason == CONSTANT
    assert percent_agreement(ratings) == 1
    # With the scale known, Gwet's p_e is 0 and agreement is full.
    assert gwet_ac1(ratings, categories=["yes", "no"]) == 1


def test_defined_coefficients_have_no_reason():
    assert why_undefined(UNITS) is None
    assert gwet_ac1_interval(UNITS).reason is None


def test_one_unit_has_a_value_but_no_spread():
    result = gwet_ac1_interval([(1, 2, 2)])
    # p_a = 1/3, pi = 1/3, 2/3: p_e = 4/9; AC1 = (1/3 - 4/9) / (5/9) = -.2
    assert result.value == pytest.approx(-0.2)
    assert (result.lower, result.reason) == (None, ONE_UNIT)
    assert icc_interval([(1, 2, 2)])["ICC(1,1)"].reason == ONE_UNIT


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_confidence_is_a_share(confidence):
    for call in (
        lambda: krippendorff_interval(UNITS, "nominal", seed=1, confidence=confidence),
        lambda: gwet_ac1_interval(UNITS, confidence=confidence),
        lambda: weighted_kappa_interval([1, 2], [1, 2], confidence=confidence),
        lambda: icc_interval(SHROUT_FLEISS["ratings"], confidence=confidence),
    ):
        with pytest.raises(InvalidInput, match=f"not {confidence}"):
            call()


RATINGS = st.lists(
    st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=3, max_size=3),
    min_size=2,
    max_size=12,
)


@given(RATINGS, st.sampled_from(LEVELS), st.randoms())
def test_order_of_units_and_raters_does_not_matter(ratings, level, random):
    alpha = krippendorff_alpha(ratings, level)
    shuffled = [random.sample(unit, len(unit)) for unit in random.sample(ratings, len(ratings))]
    assert krippendorff_alpha(shuffled, level) == pytest.approx(alpha, nan_ok=True)
    assert gwet_ac1(shuffled) == pytest.approx(gwet_ac1(ratings))
    assert alpha is None or alpha <= 1
    assert (alpha is None) == (why_undefined(ratings) is not None)


@given(RATINGS)
def test_alpha_does_not_depend_on_the_unit_of_measurement(ratings):
    moved = [[None if r is None else 1000 + 0.5 * r for r in unit] for unit in ratings]
    scaled = [[None if r is None else 7 * r for r in unit] for unit in ratings]
    ranked = [[None if r is None else r**3 for r in unit] for unit in ratings]
    for level, other in (("interval", moved), ("ratio", scaled), ("ordinal", ranked)):
        expected = krippendorff_alpha(ratings, level)
        assert krippendorff_alpha(other, level) == pytest.approx(expected, abs=1e-9)
