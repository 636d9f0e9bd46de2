"""Intervals, sample sizes and design-based means."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from core.errors import InvalidInput
from core.sampling import (
    Stratum,
    draw,
    hajek_mean,
    margin_of_error,
    sample_size,
    stratified_mean,
    wilson_interval,
)
from core.sampling.means import EMPTY_STRATUM, LONE_VALUE, NO_VALUES, ONE_VALUE
from tests.support.requirements import ROOT

SCHOOLS = json.loads(
    (ROOT / "tests" / "data/statistics/california_schools.json").read_text("utf-8")
)


@pytest.mark.parametrize(
    ("k", "n", "lower", "upper"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)],
)
def test_wilson_interval_of_newcombe(k, n, lower, upper):
    interval = wilson_interval(k, n)
    assert tuple(interval) == pytest.approx((lower, upper), abs=5e-5)


def test_wilson_interval_reaches_the_ends_exactly():
    assert wilson_interval(0, 20).lower == 0
    assert wilson_interval(20, 20).upper == 1


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_is_statsmodels(case):
    k, n = case
    for level in (0.9, 0.99):
        expected = proportion_confint(k, n, alpha=1 - level, method="wilson")
        assert tuple(wilson_interval(k, n, level=level)) == pytest.approx(expected, abs=1e-9)


def test_wilson_interval_in_a_small_population():
    # n* = 100 * 199 / 100 = 199: a half-counted population is as sure as 199 of an endless one.
    assert wilson_interval(50, 100, population=200) == pytest.approx(wilson_interval(99.5, 199))
    assert wilson_interval(30, 40, population=40) == (0.75, 0.75)


def test_nothing_counted_has_no_interval():
    assert wilson_interval(0, 0) is None
    assert margin_of_error(0.5, 0) is None


@pytest.mark.parametrize(
    ("margin", "sizes"), [(0.05, (196, 189, 164, 100)), (0.10, (49, 49, 47, 40))]
)
def test_sample_sizes_near_a_rate_of_85_percent(margin, sizes):
    found = [sample_size(0.85, margin, population) for population in (None, 5000, 1000, 200)]
    assert tuple(found) == sizes


def test_sample_size_of_cochran():
    # n0 = 1.96^2 / 4 / .0025 = 384.15; 384.15 / (1 + 383.15 / 1000) = 277.7, published as 278.
    assert sample_size(0.5, 0.05, 1000) == 278
    assert sample_size(0.5, 0.05) == 385
    assert sample_size(0.5, 0.05, 1) == 1


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.3), st.integers(20, 100_000))
def test_margin_of_error_reads_the_sample_size_backwards(rate, margin, population):
    n = sample_size(rate, margin, population)
    assert margin_of_error(rate, n, population) <= margin * (1 + 1e-9)
    if n > 1:
        assert margin_of_error(rate, n - 1, population) > margin * (1 - 1e-9)
    assert n <= min(population, sample_size(rate, margin))


def test_hajek_mean_of_a_simple_random_sample():
    simple = SCHOOLS["simple"]
    values = simple["values"]
    share = len(values) / simple["population"]
    result = hajek_mean(values, [share] * len(values))
    assert result.mean == pytest.approx(SCHOOLS["simple_mean"])
    assert result.standard_error == pytest.approx(SCHOOLS["simple_standard_error"], abs=5e-10)


def test_hajek_mean_by_hand():
    # w = 2, 4; m = (2 + 12) / 6 = 7/3; deviations w (y - m) = -8/3, 8/3;
    # variance 2 * (.5 + .75) * (64/9) / 36 = 40/81.
    result = hajek_mean([1, 3], [0.5, 0.25])
    assert result.mean == pytest.approx(7 / 3)
    assert result.standard_error == pytest.approx(math.sqrt(40 / 81))


def test_hajek_mean_undoes_oversampling():
    # 4,000 cases, a tenth of them complaints (2.8 against 3.8) drawn eight times as often.
    rng = np.random.default_rng(20)
    complaint = np.arange(4000) < 400
    scores = np.where(complaint, 2.8, 3.8) + rng.normal(0, 0.8, 4000)
    chance = np.where(complaint, 8, 1) * 200 / (8 * 400 + 3600)
    plain, results = [], []
    for _ in range(400):
        chosen = rng.random(4000) < chance
        plain.append(scores[chosen].mean())
        results.append(hajek_mean(scores[chosen], chance[chosen]))
    truth = scores.mean()
    covered = [abs(r.mean - truth) <= 1.96 * r.standard_error for r in results]
    # The plain mean holds 3200 / 6800 complaints instead of a tenth: bias near -.37.
    assert np.mean(plain) - truth < -0.3
    assert np.mean([r.mean for r in results]) - truth == pytest.approx(0, abs=0.015)
    assert 0.91 <= np.mean(covered) <= 0.98


def test_hajek_mean_of_little():
    assert hajek_mean([], []) == (None, None, NO_VALUES)
    assert hajek_mean([4], [0.5]) == (4, None, ONE_VALUE)
    assert hajek_mean([4], [1]) == (4, 0, None)
    assert hajek_mean([4, 6], [1, 1]) == (5, 0, None)


def test_stratified_mean_of_the_schools():
    strata = [Stratum(s["values"], s["population"]) for s in SCHOOLS["strata"].values()]
    result = stratified_mean(strata)
    assert result.mean == pytest.approx(SCHOOLS["stratified_mean"], abs=5e-5)
    expected = SCHOOLS["stratified_standard_error"]
    assert result.standard_error == pytest.approx(expected, abs=5e-7)


def test_stratified_mean_by_hand():
    # W = .6, .4; mean .6 * 2 + .4 * 10 = 5.2; s^2 = 2 and 8, f = 2/60 and 2/40:
    # .36 * (29/30) * 2 / 2 + .16 * (19/20) * 8 / 2 = .348 + .608
    result = stratified_mean([([1, 3], 60), ([8, 12], 40)])
    assert result.mean == pytest.approx(5.2)
    assert result.standard_error == pytest.approx(math.sqrt(0.956))


def test_stratified_mean_of_little():
    assert stratified_mean([]) == (None, None, NO_VALUES)
    assert stratified_mean([([], 0)]) == (None, None, NO_VALUES)
    assert stratified_mean([([1, 2], 9), ([], 4)]) == (None, None, EMPTY_STRATUM)
    assert stratified_mean([([1, 3], 2), ([4], 2)]) == (3, None, LONE_VALUE)
    assert stratified_mean([([1, 3], 2), ([4], 1), ([], 0)]) == (pytest.approx(8 / 3), 0, None)


IMPOSSIBLE = {
    "more than all": lambda: wilson_interval(3, 2),
    "less than none": lambda: wilson_interval(-1, 2),
    "sample above population": lambda: wilson_interval(1, 20, population=10),
    "level in percent": lambda: wilson_interval(1, 2, level=95),
    "rate 0": lambda: sample_size(0, 0.05),
    "rate 1": lambda: sample_size(1, 0.05),
    "margin 0": lambda: sample_size(0.5, 0),
    "population 0": lambda: sample_size(0.5, 0.05, 0),
    "rate above 1": lambda: margin_of_error(1.2, 10),
    "negative sample": lambda: margin_of_error(0.5, -1),
    "probability 0": lambda: hajek_mean([1], [0]),
    "probability above 1": lambda: hajek_mean([1], [1.5]),
    "probability missing": lambda: hajek_mean([1, 2], [0.5]),
    "value missing": lambda: hajek_mean([None], [0.5]),
    "stratum below its sample": lambda: stratified_mean([([1, 2], 1)]),
    "value not a number": lambda: stratified_mean([([float("nan"), 2], 9)]),
    "negative quota": lambda: draw(["a"], {"a": -1}, seed=1),
    "negative seed": lambda: draw(["a"], {"a": 1}, seed=-1),
}


@pytest.mark.parametrize("call", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_impossible_input_is_refused(call):
    with pytest.raises(InvalidInput):
        call()


@given(st.lists(st.tuples(st.integers(0, 100), st.floats(0.01, 0.99)), min_size=2, max_size=30))
def test_hajek_mean_moves_with_its_values(pairs):
    values, chances = [value for value, _ in pairs], [chance for _, chance in pairs]
    base = hajek_mean(values, chances)
    moved = hajek_mean([2 * value + 7 for value in values], chances)
    assert min(values) - 1e-9 <= base.mean <= max(values) + 1e-9
    assert moved.mean == pytest.approx(2 * base.mean + 7)
    assert moved.standard_error == pytest.approx(2 * base.standard_error, abs=1e-9)
