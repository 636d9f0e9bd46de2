"""Control charts against NIST, Montgomery and the NHS figures behind Laney's chart."""

import json
import math

import numpy as np
import pytest

from core.control import (
    c_chart,
    cusum_chart,
    ewma_chart,
    individuals_chart,
    laney_p_chart,
    p_chart,
    share_chart,
    smoothed_chart,
)
from core.control.chart import NO_NEIGHBOURS, NO_POINTS, NO_SPREAD
from core.errors import InvalidInput
from tests.support.requirements import ROOT

DATA = ROOT / "tests" / "data"
NAN = float("nan")


def published(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


JUICE = published("published/nist_p_chart.json")
EWMA = published("published/nist_ewma.json")
WAITS = published("statistics/nhs_waits.json")
MONTGOMERY = published("statistics/montgomery_table_9_1.json")
NIST = published("statistics/nist_individuals_and_counts.json")


def test_p_chart_of_nist_and_the_orange_juice_cans():
    size = JUICE["n_per_sample"]
    chart = p_chart([round(share * size) for share in JUICE["fraction"]], [size] * 30)
    assert chart.points == pytest.approx(JUICE["fraction"])
    assert chart.center == pytest.approx(JUICE["pbar"])
    assert chart.lower == pytest.approx([JUICE["lcl"]] * 30)
    assert chart.upper == pytest.approx([JUICE["ucl"]] * 30)
    assert [position + 1 for position in chart.signals] == JUICE["out_of_control_samples_1based"]
    assert chart.reason is None


def test_p_chart_limits_follow_the_sizes_and_stay_shares():
    # p = 6 / 60 = .1; at n = 10: .1 -+ 3 sqrt(.09 / 10) = .1 -+ .2846, cut at 0; at n = 50:
    # .1 -+ 3 sqrt(.09 / 50) = .1 -+ .1273.
    chart = p_chart([4, 2], [10, 50])
    assert chart.center == pytest.approx(0.1)
    assert chart.lower == (0, 0)
    assert chart.upper == pytest.approx([0.38460, 0.22728], abs=5e-6)
    assert chart.signals == (0,)
    assert max(p_chart([1, 9], [2, 10]).upper) == 1


def test_p_chart_of_nhs_waits_is_too_narrow_and_laneys_is_not():
    plain = p_chart(WAITS["counts"], WAITS["sizes"])
    assert (plain.lower[0], plain.upper[0]) == pytest.approx((0.9517, 0.9541), abs=5e-5)
    laney = laney_p_chart(WAITS["counts"], WAITS["sizes"])
    assert laney.center == plain.center == pytest.approx(WAITS["center"], abs=5e-8)
    assert laney.sigma_z == pytest.approx(WAITS["sigma_z"], abs=5e-6)
    assert laney.lower == pytest.approx(WAITS["lower"], abs=6e-7)
    assert laney.upper == pytest.approx(WAITS["upper"], abs=6e-7)
    assert len(plain.signals) > 10
    assert laney.signals == ()


def test_laney_does_not_raise_sigma_z_to_one():
    # p = 1/2, sigma_i = .5 / 10 = .05; z = .2, -.2, .2, -.2: mean range .4, sigma_z .4 / 1.128.
    chart = laney_p_chart([51, 49, 51, 49], [100] * 4)
    assert chart.sigma_z == pytest.approx(0.4 / 1.128)
    assert chart.upper == pytest.approx([0.5 + 0.15 * 0.4 / 1.128] * 4)


def test_c_chart_of_the_wafers():
    wafers = NIST["wafers"]
    chart = c_chart(wafers["counts"])
    assert (chart.center, chart.lower, chart.upper) == (16, wafers["lower"], wafers["upper"])
    # Wafer 3 lies on the limit of 28, wafer 24 above it.
    assert chart.signals == (23,)
    assert c_chart([1, 2, 3]).lower == 0


def test_individuals_chart_of_the_flow_rate():
    flow = NIST["flow"]
    chart = individuals_chart(flow["values"])
    assert chart.center == pytest.approx(flow["center"])
    assert chart.lower == pytest.approx(flow["lower"], abs=5e-5)
    assert chart.upper == pytest.approx(flow["upper"], abs=5e-5)
    assert chart.signals == ()


def test_ewma_chart_of_nist():
    chart = ewma_chart(EWMA["x"], target=50, sigma=2.0539, weight=0.3, width=3)
    assert [50.0, *chart.points] == pytest.approx(EWMA["ewma_published"], abs=0.0051)
    assert chart.upper[-1] == pytest.approx(EWMA["ucl_published"], abs=1e-4)
    assert chart.lower[-1] == pytest.approx(EWMA["lcl_published"], abs=1e-4)
    assert chart.signals == tuple(EWMA["out_of_control"])
    # The first limits are those of weight * x alone: 50 -+ 3 * .3 * 2.0539.
    assert chart.upper[0] == pytest.approx(50 + 0.9 * 2.0539)


def test_ewma_chart_of_montgomery():
    chart = ewma_chart(MONTGOMERY["values"], target=10, sigma=1, weight=0.1, width=2.7)
    assert chart.points[0] == pytest.approx(9.945)
    assert (chart.lower[0], chart.upper[0]) == pytest.approx((9.73, 10.27))
    assert (chart.lower[-1], chart.upper[-1]) == pytest.approx((9.38, 10.62), abs=5e-3)
    # The book's text names 28; its own numbers put 10.573 below 10.62 there.
    assert chart.points[27] == pytest.approx(10.573, abs=5e-4)
    assert chart.signals == (28, 29)


def test_cusum_chart_of_montgomery():
    chart = cusum_chart(np.array(MONTGOMERY["values"]), target=10, k=0.5, h=5)
    assert chart.high == pytest.approx(MONTGOMERY["high"], abs=0.0051)
    # x_2 = 7.99: 9.5 - 7.99 + .05 = 1.56; x_3 = 9.29: 1.56 + .21 = 1.77
    assert chart.low[:4] == pytest.approx([0.05, 1.56, 1.77, 0])
    assert (chart.center, chart.lower, chart.upper) == (0, -5, 5)
    assert chart.signals == (28, 29)


def test_cusum_signals_downwards_too():
    chart = cusum_chart([0, -2, -2, -2], target=0, k=0.5, h=4)
    assert chart.low == (0, 1.5, 3, 4.5)
    assert chart.high == (0, 0, 0, 0)
    assert chart.signals == (3,)


@pytest.mark.parametrize("missing", [None, NAN])
def test_missing_points_are_gaps(missing):
    chart = p_chart([1, missing, 3, 2], [10, 10, missing, 0])
    assert chart.points == (0.1, None, None, None)
    assert chart.center == pytest.approx(0.1)
    assert chart.lower[1:] == chart.upper[1:] == (None, None, None)
    assert c_chart([4, missing, 6]).center == 5
    # Ranges 1 (1 to 2) and 2 (5 to 7); 2 to 5 lies over the gap.
    single = individuals_chart([1, 2, missing, 5, 7])
    assert single.upper - single.center == pytest.approx(3 * 1.5 / 1.128)
    ewma = ewma_chart([1, missing, 3], target=0, sigma=1, weight=0.5, width=3)
    assert ewma.points == (0.5, None, 1.75)
    whole = ewma_chart([1, 3], target=0, sigma=1, weight=0.5, width=3)
    assert (ewma.upper[0], ewma.upper[2]) == whole.upper
    assert cusum_chart([2, missing, 2], target=0, k=1, h=5).high == (1, None, 2)


def test_nothing_to_chart():
    for chart in (
        p_chart([], []),
        p_chart([0, None], [0, 5]),
        laney_p_chart([0], [0]),
        c_chart([None]),
        individuals_chart([]),
        ewma_chart([None], target=1, sigma=1, weight=0.2, width=3),
        cusum_chart([], target=1, k=1, h=5),
    ):
        assert chart.reason == NO_POINTS
        assert chart.signals == ()
    assert p_chart([], []).center is None
    assert c_chart([]).center is None
    assert individuals_chart([None]).center is None


def test_points_without_spread_have_no_limits():
    for chart in (p_chart([0, 0], [5, 9]), p_chart([5, 9], [5, 9]), laney_p_chart([0], [9])):
        assert chart.reason == NO_SPREAD
        assert set(chart.lower + chart.upper) == {None}
    assert p_chart([0, 0], [5, 9]).center == 0
    for flat in (c_chart([0, 0]), individuals_chart([4, 4, 4])):
        assert flat.reason == NO_SPREAD
        assert (flat.lower, flat.upper) == (None, None)
    assert individuals_chart([4, 4, 4]).center == 4
    assert laney_p_chart([2, 4], [10, 20]).reason == NO_SPREAD


def test_short_series_have_a_center_and_no_limits():
    single = individuals_chart([4])
    assert (single.center, single.lower, single.reason) == (4, None, NO_NEIGHBOURS)
    gaps = laney_p_chart([1, None, 3], [10, 10, 10])
    assert (gaps.sigma_z, gaps.lower, gaps.reason) == (None, (None,) * 3, NO_NEIGHBOURS)
    assert gaps.center == pytest.approx(0.2)
    # One sample still has binomial limits.
    assert p_chart([5], [10]).upper == pytest.approx([0.5 + 3 * math.sqrt(0.25 / 10)])


IMPOSSIBLE = {
    "lists of different lengths": lambda: p_chart([1], [1, 2]),
    "count above its size": lambda: p_chart([3], [2]),
    "negative count": lambda: p_chart([-1], [2]),
    "negative size": lambda: laney_p_chart([1], [-2]),
    "negative defects": lambda: c_chart([-1]),
    "infinite value": lambda: individuals_chart([float("inf")]),
    "sigma 0": lambda: ewma_chart([1], target=0, sigma=0, weight=0.2, width=3),
    "weight 0": lambda: ewma_chart([1], target=0, sigma=1, weight=0, width=3),
    "weight above 1": lambda: ewma_chart([1], target=0, sigma=1, weight=1.1, width=3),
    "width 0": lambda: ewma_chart([1], target=0, sigma=1, weight=0.2, width=0),
    "negative k": lambda: cusum_chart([1], target=0, k=-1, h=5),
    "h 0": lambda: cusum_chart([1], target=0, k=1, h=0),
}


@pytest.mark.parametrize("call", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_impossible_input_is_refused(call):
    with pytest.raises(InvalidInput):
        call()


def test_shares_that_vary_as_chance_lets_them_stand_on_a_p_chart():
    chart = share_chart([5, 6, 4, 5, 7, 5], [50] * 6)
    assert chart == p_chart([5, 6, 4, 5, 7, 5], [50] * 6)


def test_the_nhs_waits_vary_more_than_chance_and_stand_on_laneys_chart():
    counts, sizes = WAITS["counts"], WAITS["sizes"]
    assert share_chart(counts, sizes) == laney_p_chart(counts, sizes)


def test_shares_without_spread_keep_the_p_charts_reason():
    assert share_chart([0, 0], [5, 5]).reason == NO_SPREAD
    assert share_chart([], []).reason == NO_POINTS


def test_a_lasting_small_shift_shows_only_when_smoothed():
    """Eight points around 90, then six around 88.8, all ranges 1: sigma 1 / 1.128."""
    values = [90, 91, 90, 91, 90, 91, 90, 91, 90, 89, 88, 89, 88, 89, 88, 89, 88]
    single, smoothed = individuals_chart(values), smoothed_chart(values)
    assert single.signals == ()
    assert smoothed.center == pytest.approx(single.center)
    assert smoothed.signals
    assert min(smoothed.signals) > 3


def test_what_cannot_be_smoothed_says_why():
    assert smoothed_chart([80.0]).reason == NO_NEIGHBOURS
    assert smoothed_chart([]).reason == NO_POINTS
