"""Means, shares and differences from sums, against scipy."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from core.errors import InvalidInput
from core.periods import Period, choices, shift
from core.results.figures import NOTHING, Figures, Moments, gap
from core.results.station_comparison import changes_at_once, compare, network

SCORES = some.lists(some.floats(0, 100), min_size=2, max_size=30)


def moments(*values):
    return Moments(len(values), sum(values), sum(value**2 for value in values))


def figures(*values, critical=0):
    found = moments(*values)
    return Figures(found, found, 0, critical, 0)


def test_the_interval_of_a_mean_is_students():
    values = (80.0, 85.0, 90.0, 97.0)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.90)
    found = moments(*values)
    assert found.mean == 88
    assert found.sd == pytest.approx(stats.tstd(values))
    assert found.half_width() == pytest.approx((expected.high - expected.low) / 2)


def test_the_interval_of_a_difference_is_welchs():
    a, b = (80.0, 85.0, 90.0, 97.0), (70.0, 99.0, 60.0)
    expected = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.90)
    found = gap(moments(*a), moments(*b))
    assert found.value == pytest.approx(88 - 229 / 3)
    assert found.value - found.half == pytest.approx(expected.low)
    assert found.value + found.half == pytest.approx(expected.high)


def test_nothing_has_no_mean_and_one_value_no_spread():
    assert (NOTHING.mean, NOTHING.sd, NOTHING.half_width()) == (None, None, None)
    assert (moments(80).mean, moments(80).sd, moments(80).half_width()) == (80, None, None)
    assert gap(NOTHING, moments(80, 90)) is None
    assert gap(moments(80), moments(80, 90)).half is None
    assert Figures.nothing().critical_rate is None
    assert Figures.nothing().pass_rate is None
    assert Figures.nothing().critical_interval() is None


def test_equal_values_differ_for_certain():
    found = gap(moments(90, 90), moments(80, 80))
    assert found == (10, 0)
    assert found.is_clear
    assert not gap(moments(90, 90), moments(90, 90)).is_clear


@given(SCORES, SCORES)
def test_taking_a_part_out_leaves_the_rest(a, b):
    rest = moments(*a, *b).minus(moments(*b))
    assert rest.n == len(a)
    assert rest.mean == pytest.approx(moments(*a).mean, abs=1e-9)
    assert rest.sd == pytest.approx(moments(*a).sd, abs=1e-3)


def test_a_station_is_compared_with_its_past():
    now = {1: figures(90, 92), 2: figures(80, 84), 3: figures(70, 72)}
    rows = compare(now, {2: figures(70, 74)})
    assert [row.station for row in rows] == [1, 2, 3]
    second = rows[1]
    assert second.change.value == pytest.approx(10)
    assert rows[0].change is None
    assert not second.is_enough


def test_stations_without_a_score_come_last():
    unscored = Figures(NOTHING, NOTHING, 0, 1, 3)
    rows = compare({1: unscored, 2: figures(10, 20)}, {})
    assert [row.station for row in rows] == [2, 1]
    assert rows[1].figures.critical_rate == pytest.approx(1 / 3)


def test_the_network_counts_every_inspection_once():
    whole = network({1: figures(90, 92, critical=1), 2: figures(70)})
    assert (whole.n, whole.before.mean, whole.critical) == (3, 84, 1)


def test_thirty_inspections_are_just_enough():
    rows = compare({1: figures(*range(30)), 2: figures(*range(29))}, {})
    assert {row.station: row.is_enough for row in rows} == {1: True, 2: False}


@pytest.mark.parametrize(
    ("month", "by", "expected"),
    [(202612, 1, 202701), (202601, -1, 202512), (202606, 0, 202606), (202606, -30, 202312)],
)
def test_months_are_counted_over_the_turn_of_the_year(month, by, expected):
    assert shift(month, by) == expected


def test_a_period_knows_its_months_and_the_one_before():
    quarter = Period(202511, 202601)
    assert quarter.months() == [202511, 202512, 202601]
    assert quarter.previous() == Period(202508, 202510)
    assert Period.parse(quarter.code) == quarter


@pytest.mark.parametrize(
    "code", ["", "202601", "202613-202614", "202602-202601", "２０２６０１-202602"]
)
def test_what_is_no_period_is_refused(code):
    with pytest.raises(InvalidInput):
        Period.parse(code)


def test_periods_on_offer_begin_with_the_newest_three_months():
    offered = choices(202507, 202606, 202607)
    assert offered[:3] == [Period(202604, 202606), Period(202601, 202606), Period(202507, 202606)]
    assert Period(202510, 202512) in offered
    assert Period(202601, 202612) in offered
    assert offered[-1] == Period(202507, 202507)
    assert len(offered) == len(set(offered))


def test_a_single_month_is_a_period_to_choose():
    assert choices(202606, 202606, 202607)[0] == Period(202606, 202606)


def test_the_running_month_is_in_no_span_that_is_taken_as_whole():
    """On a day of June the last three months are March to May; the second quarter is running."""
    offered = choices(202507, 202606, 202606)
    assert offered[:2] == [Period(202603, 202605), Period(202512, 202605)]
    running = [period for period in offered if period.is_running(202606)]
    assert running == [Period(202604, 202606), Period(202601, 202612), Period(202606, 202606)]
    assert choices(202606, 202606, 202606)[0].is_running(202606)


def test_the_year_before_has_the_same_months():
    assert Period(202601, 202603).year_before() == Period(202501, 202503)
    assert Period(202511, 202601).year_before() == Period(202411, 202501)


def test_changes_judged_at_once_have_the_level_of_as_many():
    """Station 1 rises by 10, station 2 by nothing; six of each twelve values are 3 higher.

    Of two looked at one is rejected, so both intervals are at 1 - .05 / 2.
    """
    low, high = [50 + 3 * (k % 2) for k in range(12)], [60 + 3 * (k % 2) for k in range(12)]
    few = [50.0, 51.0]
    now = {1: figures(*high), 2: figures(*low), 3: figures(*few), 4: figures(*high)}
    before = {1: figures(*low), 2: figures(*low), 3: figures(*few)}
    found = changes_at_once(now, before)
    assert set(found) == {1, 2, 3}
    assert moments(*low).variance == pytest.approx(27 / 11)
    error = math.sqrt(2 * 27 / 11 / 12)
    half = float(stats.t.ppf(1 - 0.025 / 2, 22)) * error
    assert found[1].value == pytest.approx(10)
    assert found[1].half == pytest.approx(half)
    assert found[1].is_clear
    assert not found[2].is_clear
    assert found[3].half is None
    wider = changes_at_once(now, before, 4.0)
    assert wider[1].half == pytest.approx(2 * half)


def test_twelve_stations_without_a_change_tell_of_few():
    """At most 25 of 300 quiet networks of 12: 5 %, and 2.6 standard errors."""
    rng = random.Random(7)
    told = 0
    for _ in range(300):
        now, before = (
            {k: figures(*(rng.gauss(85, 7) for _ in range(30))) for k in range(12)}
            for _side in range(2)
        )
        told += any(change.is_clear for change in changes_at_once(now, before).values())
    assert told <= 25
