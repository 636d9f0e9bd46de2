"""Intraclass correlations against Shrout and Fleiss and a hand calculation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.agreement import icc, icc_interval
from core.agreement.result import NO_RESIDUAL, NO_SPREAD
from core.errors import InvalidInput
from tests.support.ranking.ratings import SHROUT_FLEISS


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


@given(st.lists(st.tuples(*[st.integers(0, 20)] * 3), min_size=3, max_size=10))
def test_icc_interval_holds_its_value(ratings):
    for result in icc_interval(ratings).values():
        if result.lower is not None:
            assert result.lower <= result.value <= result.upper + 1e-9
