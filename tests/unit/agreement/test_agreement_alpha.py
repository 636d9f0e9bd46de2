"""Krippendorff's alpha against his own examples, irrCAC and hand calculations."""

import numpy as np
import pytest

from core.agreement import krippendorff_alpha, krippendorff_interval
from core.agreement.result import TOO_ALIKE
from core.errors import InvalidInput
from tests.support.ranking.ratings import DIAGNOSES, FOUR_CODERS, LEVELS, UNITS


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_is_krippendorffs_for_four_coders(level):
    expected = FOUR_CODERS["alpha_10_digits"][level]
    assert krippendorff_alpha(UNITS, level) == pytest.approx(expected, abs=1e-10)
    as_array = np.array(UNITS, dtype=float)
    assert krippendorff_alpha(as_array, level) == pytest.approx(expected, abs=1e-10)


def test_alpha_is_krippendorffs_for_two_observers():
    # Krippendorff (2011), section A (alpha 0.095) and section B (alpha 0.692).
    meg, owen = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    assert krippendorff_alpha(list(zip(meg, owen, strict=True)), "nominal") == pytest.approx(
        0.095, abs=5e-4
    )
    assert krippendorff_alpha(list(zip(ben, gerry, strict=True)), "nominal") == pytest.approx(
        0.692, abs=5e-4
    )


def test_alpha_on_complete_data_of_six_raters():
    # Printed by irrCAC for the first 15 patients; there alpha is kappa + (1 - kappa) / 90.
    assert krippendorff_alpha(DIAGNOSES[:15], "nominal") == pytest.approx(0.4204384, abs=5e-8)


def test_alpha_by_hand_at_each_level():
    # Units (1, 1), (2, 4): n = 4 with 1 twice, 2 and 4 once.
    # nominal: D_o = 2 / 4, D_e = (16 - 6) / 12, alpha = 1 - .5 / (10 / 12) = .4
    # interval: D_o = 2 * 4 / 4 = 2; D_e = 2 * 4 * 6 / 12 = 4 (squares about the mean 2: 6); .5
    units = [(1, 1), (2, 4)]
    assert krippendorff_alpha(units, "nominal") == pytest.approx(0.4)
    assert krippendorff_alpha(units, "interval") == pytest.approx(0.5)
    # With ratios, (2/6)^2 counts twice over 4 ratings; by chance 4 (1/3)^2 + 4 (3/5)^2 + 2 (2/6)^2
    # over 4 * 3 pairs.
    expected = 1 - (2 / 9 / 4) / ((4 / 9 + 4 * 9 / 25 + 2 / 9) / 12)
    assert krippendorff_alpha(units, "ratio") == pytest.approx(expected)


def test_ordinal_alpha_by_hand():
    # Units (1, 1), (2, 4): mean ranks 1, 1, 2.5, 3.5 with mean 2, squares about it 4.5.
    # D_o = 2 * 1 / 4; D_e = 2 * 4 * 4.5 / 12 = 3; alpha = 1 - .5 / 3
    assert krippendorff_alpha([(1, 1), (2, 4)], "ordinal") == pytest.approx(1 - 0.5 / 3)
    # Texts take the order given: high < low would be alphabetical.
    words = [("low", "low"), ("middle", "high")]
    order = ["low", "middle", "high"]
    assert krippendorff_alpha(words, "ordinal", categories=order) == pytest.approx(1 - 0.5 / 3)


def test_units_with_one_rating_do_not_change_alpha():
    more = [*UNITS, [5, None, None, None], [None] * 4]
    for level in LEVELS:
        assert krippendorff_alpha(more, level) == krippendorff_alpha(UNITS, level)


def test_zero_against_zero_is_no_ratio_difference():
    assert krippendorff_alpha([(0, 0), (3, 3)], "ratio") == 1


@pytest.mark.parametrize(
    ("ratings", "level"),
    [
        ([("a", "b")], "interval"),
        ([("a", "b")], "ratio"),
        ([(1, 2)], "cardinal"),
        ([(-1, 2)], "ratio"),
        ([(1, "b")], "nominal"),
        ([(1, float("inf"))], "interval"),
        ([1, 2], "nominal"),
        (["ab", "ba"], "nominal"),
    ],
)
def test_alpha_refuses_what_the_level_cannot_measure(ratings, level):
    with pytest.raises(InvalidInput):
        krippendorff_alpha(ratings, level)


def test_alpha_interval_repeats_with_its_seed_and_holds_alpha():
    first = krippendorff_interval(UNITS, "ordinal", seed=5)
    again = krippendorff_interval(UNITS, "ordinal", seed=5)
    other = krippendorff_interval(UNITS, "ordinal", seed=6)
    assert first == again
    assert first != other
    assert first.value == krippendorff_alpha(UNITS, "ordinal")
    assert first.lower < first.value < first.upper


def test_alpha_bootstrap_error_is_near_gwets():
    # irrCAC prints 0.14557 for the nominal alpha of the four coders (linearised, t with 11 df).
    result = krippendorff_interval(UNITS, "nominal", seed=1, draws=4000)
    assert result.standard_error == pytest.approx(0.14557, rel=0.05)


def test_alpha_interval_narrows_with_less_confidence():
    wide = krippendorff_interval(UNITS, "nominal", seed=1, confidence=0.95)
    narrow = krippendorff_interval(UNITS, "nominal", seed=1, confidence=0.5)
    assert wide.lower < narrow.lower < narrow.upper <= wide.upper


def test_alpha_has_no_interval_where_resamples_are_constant():
    # One odd unit in three: (2/3)^3 = 30 % of the resamples miss it.
    result = krippendorff_interval([(1, 1), (1, 1), (1, 2)], "nominal", seed=1)
    assert result.value is not None
    assert (result.lower, result.upper, result.reason) == (None, None, TOO_ALIKE)
