"""Agreement coefficients against published values, statsmodels and hand calculations."""

import csv
import json
from pathlib import Path

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
from core.agreement.result import (
    CONSTANT,
    NO_PAIRS,
    NO_RESIDUAL,
    NO_SPREAD,
    ONE_UNIT,
    TOO_ALIKE,
)
from core.errors import InvalidInput

DATA = Path(__file__).parents[1] / "data"
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def published(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


FOUR_CODERS = published("published/krippendorff_4coders_12units.json")
SHROUT_FLEISS = published("published/shrout_fleiss_1979.json")
FLEISS = published("published/fleiss1971.json")
IRRCAC = published("statistics/irrcac_overview.json")
UNITS = FOUR_CODERS["units_by_coder"]
with (DATA / "published/fleiss1971_diagnoses_30x6.csv").open(encoding="utf-8") as file:
    DIAGNOSES = list(csv.reader(file))[1:]


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


def test_ratings_outside_the_categories_are_refused():
    with pytest.raises(InvalidInput, match="4 is not one of the categories"):
        gwet_ac1([(1, 4)], categories=[1, 2, 3])


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


def test_intraclass_correlations_of_shrout_and_fleiss():
    results = icc_interval(SHROUT_FLEISS["ratings"])
    for form, result in results.items():
        name = form.replace("(", "").replace(",1)", "").replace(",k)", "k")
        name = name.replace("ICC1)", "ICC1")
        value, lower, upper = SHROUT_FLEISS["recomputed_psych_2.2.9"][name]
        assert result.value == pytest.approx(value, abs=5e-7)
        assert result.lower == pytest.approx(lower, abs=5e-7)
        assert result.upper == pytest.approx(upper, abs=5e-7)
        two_places = SHROUT_FLEISS["published_2dp"][form.replace("k)", "4)")]
        assert round(result.value, 2) == two_places
    assert icc(np.array(SHROUT_FLEISS["ratings"])) == {f: r.value for f, r in results.items()}


def test_icc_by_hand():
    # Rater 2 is always 1 higher. Unit means 1.5, 3.5: B = 2 * 2 = 4 (1 df); W = 1 / 2 (2 df: .5
    # each unit, sum 1); J = 2 * .5 = 1; E = 0. ICC(1,1) = 3.5 / 4.5, (2,1) = 4 / (4 + 2 * 1 / 2),
    # (3,1) = 1.
    values = icc([(1, 2), (3, 4)])
    assert values["ICC(1,1)"] == pytest.approx(3.5 / 4.5)
    assert values["ICC(2,1)"] == pytest.approx(4 / 5)
    assert values["ICC(3,1)"] == values["ICC(3,k)"] == 1
    assert icc_interval([(1, 2), (3, 4)])["ICC(3,1)"].reason == NO_RESIDUAL


def test_icc_leaves_out_incomplete_units():
    ratings = SHROUT_FLEISS["ratings"]
    assert icc([*ratings, [9, None, 1, 2], [float("nan")] * 4]) == icc(ratings)


def test_icc_where_units_do_not_differ():
    # Unit means are equal: B = 0, W = 1: ICC(1,1) = -1 / (0 + 1); the mean of both has no ICC.
    results = icc_interval([(1, 2), (2, 1), (1, 2)])
    assert results["ICC(1,1)"].value == pytest.approx(-1)
    assert results["ICC(1,k)"].value is None
    assert results["ICC(1,k)"].reason == NO_SPREAD


def test_icc_refuses_ragged_tables_and_words():
    with pytest.raises(InvalidInput):
        icc([(1, 2), (1, 2, 3)])
    with pytest.raises(InvalidInput, match="good is not a number"):
        icc([(1, 2), (1, "good")])


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


@pytest.mark.parametrize("counts", [[], [[]], [[0, 0]], [[1, 0], [0, 1]], [[1, 0]]])
def test_fleiss_needs_two_ratings_of_a_unit(counts):
    assert fleiss_kappa(counts) is None
    assert fleiss_interval(counts).reason == NO_PAIRS


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


def test_one_rater_constant_is_chance_agreement():
    # a varies, b always says 1: p_o = p_e, kappa 0.
    assert weighted_kappa([1, 2, 1, 2], [1, 1, 1, 1]) == pytest.approx(0)


@pytest.mark.parametrize("counts", [[[1, 2], [1]], [[1, -1]], [[1, float("nan")]], [1, 2], ["ab"]])
def test_fleiss_refuses_what_is_no_table_of_counts(counts):
    with pytest.raises(InvalidInput):
        fleiss_kappa(counts)


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


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=2, max_size=20))
def test_weights_change_nothing_with_two_categories(ratings):
    for weights in ("linear", "quadratic"):
        assert gwet_ac2(ratings, weights) == pytest.approx(gwet_ac1(ratings))


@given(st.lists(st.tuples(*[st.integers(0, 20)] * 3), min_size=3, max_size=10))
def test_icc_interval_holds_its_value(ratings):
    for result in icc_interval(ratings).values():
        if result.lower is not None:
            assert result.lower <= result.value <= result.upper + 1e-9
