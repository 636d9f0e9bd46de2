"""Steps and drifts of stations: told when they are there, at 5 % a year when they are not."""

from __future__ import annotations

import os

import numpy as np
import pytest

from core.control import MonthMean, judge_trends
from core.control.trends import FEWEST_MONTHS
from core.errors import InvalidInput

SOAK = bool(os.environ.get("SOAK"))
STATIONS = 2000 if SOAK else 400
CASES = 40
"""Inspections a month: 120 a quarter."""


def year(rng, *, months=12, step=0.0, drift=0.0, month_sd=0.0, cases=CASES):
    """Months of a station whose inspections have the standard deviation 7."""
    found = []
    for month in range(months):
        level = 88 + step * (month >= months // 2) + drift * month + rng.normal() * month_sd
        scores = level + rng.normal(0, 7, cases)
        found.append(MonthMean(month, cases, float(scores.mean()), float(scores.std(ddof=1))))
    return found


def told(seed, stations=STATIONS, **how):
    rng = np.random.default_rng(seed)
    found = judge_trends({k: year(rng, **how) for k in range(stations)}).values()
    return sum(one.signal for one in found) / stations, np.mean([one.power for one in found])


@pytest.mark.soak
@pytest.mark.parametrize("months", [6, 12])
@pytest.mark.parametrize("month_sd", [0.0, 1.1])
def test_a_step_is_told_and_quiet_years_are_not(months, month_sd):
    """Four points between two quarters of 120 inspections, or two halves of a year."""
    quiet, _ = told(1, months=months, month_sd=month_sd)
    step, power = told(2, months=months, month_sd=month_sd, step=4.0)
    print(months, month_sd, "quiet", quiet, "step", step, "power said", power)
    assert quiet <= (0.05 if SOAK else 0.08)
    assert step >= 0.80 if SOAK else step >= 0.75
    assert power == pytest.approx(step, abs=0.06)


@pytest.mark.parametrize("together", [8, 1])
@pytest.mark.parametrize("months", [6, 12])
@pytest.mark.parametrize("month_sd", [0.0, 1.1])
def test_few_stations_have_no_more_quiet_years_told(together, months, month_sd):
    """Seven others tell how far months differ by chance; alone a station has its own months."""
    shares = {}
    for step in (0.0, 4.0):
        rng = np.random.default_rng(11 + (step > 0))
        networks = [
            {k: year(rng, months=months, month_sd=month_sd, step=step) for k in range(together)}
            for _ in range(STATIONS // together if SOAK else 16)
        ]
        told_of = [one.signal for series in networks for one in judge_trends(series).values()]
        shares[step] = np.mean(told_of)
    print(together, months, month_sd, "quiet", shares[0.0], "step", shares[4.0])
    assert shares[0.0] <= (0.06 if SOAK else 0.2)
    assert shares[4.0] > shares[0.0]


@pytest.mark.soak
def test_stations_that_vary_differently_do_not_spoil_each_other():
    rng = np.random.default_rng(3)
    series = {k: year(rng, month_sd=(0.0, 1.1)[k % 2]) for k in range(STATIONS)}
    restless = [one.signal for k, one in judge_trends(series).items() if k % 2]
    assert np.mean(restless) <= 0.12
    assert np.mean([one.signal for one in judge_trends(series).values()]) <= 0.07


def test_a_station_alone_keeps_its_word_and_says_how_little_it_sees():
    rng = np.random.default_rng(4)
    count = 600 if SOAK else 100
    quiet = [judge_trends({0: year(rng, months=6, month_sd=1.1)})[0] for _ in range(count)]
    assert np.mean([one.signal for one in quiet]) <= 0.06
    assert np.mean([one.power for one in quiet]) < 0.8


def test_a_drift_is_told_as_one_and_a_step_with_its_month():
    rng = np.random.default_rng(5)
    quiet = {k: year(rng) for k in range(7)}
    drifting = judge_trends(quiet | {"d": year(rng, drift=0.8)})["d"]
    stepping = judge_trends(quiet | {"s": year(rng, step=5.0)})["s"]
    assert (drifting.signal, drifting.since) == (True, None)
    assert drifting.change == pytest.approx(0.8 * 11, abs=2.5)
    assert str(drifting.sentence).startswith("Drifted by +")
    assert (stepping.signal, stepping.since) == (True, 6)
    assert stepping.change == pytest.approx(5, abs=2)
    assert f"Changed by {stepping.change:+.1f} points in month 7 of 12" in str(stepping.sentence)


def test_the_months_of_the_trial_are_told_as_changed():
    """Means 85.5 to 91.1 of 25 to 54 inspections, all within the limits of an individuals chart."""
    means, counts = (85.5, 87.4, 86.3, 89.7, 90.2, 91.1), (40, 39, 35, 35, 54, 25)
    rng = np.random.default_rng(6)
    months = [
        MonthMean(k, n, mean, 6.0) for k, (n, mean) in enumerate(zip(counts, means, strict=True))
    ]
    others = {k: year(rng, months=6) for k in range(7)}
    found = judge_trends(others | {"Pudong": months})["Pudong"]
    assert found.signal
    assert found.change > 2.5


def test_an_odd_month_alone_is_no_change():
    rng = np.random.default_rng(7)
    series = {k: year(rng) for k in range(8)}
    odd = [month._replace(mean=88 + (6 if k == 5 else 0)) for k, month in enumerate(series[0])]
    assert judge_trends(series | {0: odd})[0].signal is False


def test_months_with_few_inspections_count_for_less():
    """A last quarter of 4 inspections a month, six points up, tells nothing; one of 60 does."""
    rng = np.random.default_rng(8)
    others = {k: year(rng) for k in range(8)}
    for cases, signal in ((4, False), (60, True)):
        months = [MonthMean(k, 40, 88 + (k % 2) * 0.4, 7.0) for k in range(9)]
        months += [MonthMean(k, cases, 92 + (k % 2) * 0.4, 7.0) for k in range(9, 12)]
        assert judge_trends(others | {"x": months})["x"].signal is signal


def test_too_few_months_say_so_and_only_the_last_year_counts():
    rng = np.random.default_rng(9)
    few, long = year(rng, months=FEWEST_MONTHS - 1), year(rng, months=24, step=9.0)
    found = judge_trends({"few": few, "long": long})
    assert (found["few"].signal, found["few"].power) == (None, None)
    assert str(found["few"].sentence) == "Too few months to tell: 5 of at least 6."
    assert found["long"].signal is False
    assert list(found) == ["few", "long"]


@pytest.mark.parametrize("sd", [0.0, 7.0])
def test_equal_months_are_quiet(sd):
    months = [MonthMean(k, 40, 88.8, sd) for k in range(12)]
    found = judge_trends({0: months, 1: months})[0]
    assert found.signal is False
    assert found.power == pytest.approx(1.0, abs=0.01)


def test_a_step_without_any_noise_is_told():
    months = [MonthMean(k, 40, 88.0 + (k > 5), 0.0) for k in range(12)]
    assert judge_trends({0: months})[0].signal


@pytest.mark.parametrize(
    "month",
    [
        MonthMean(11, 0, 88.0, 1.0),
        MonthMean(11, 4, float("nan"), 1.0),
        MonthMean(11, 4, 88.0, -1.0),
        MonthMean(11, 4, 88.0, float("inf")),
        MonthMean(5, 4, 88.0, 1.0),
    ],
)
def test_months_that_cannot_be_are_refused(month):
    months = [MonthMean(k, 40, 88.0, 7.0) for k in range(11)]
    with pytest.raises(InvalidInput):
        judge_trends({0: [*months, month]})
    with pytest.raises(InvalidInput):
        judge_trends({0: months}, worth=float("nan"))
