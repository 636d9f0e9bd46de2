"""Stations by shares and plain means: exact limits, few false alarms, and what is there is seen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.errors import InvalidInput
from core.ranking import AgainstNetwork
from core.results.figures import Moments, Proportion, Ratios
from core.results.station_measures import (
    compare_means,
    compare_shares,
    spread_of,
    times_wider,
)

TOLD = {AgainstNetwork.ABOVE, AgainstNetwork.BELOW}
COUNTS = {1: Proportion(10, 100), 2: Proportion(30, 120), 3: Proportion(0, 100)}


def moments(values):
    return Moments(len(values), float(values.sum()), float(values @ values))


def world(rng, *, staff, people_sd=0.6, station_sd=0.0, base=0.12):
    """Eight stations of 60 to 139 inspections whose people differ: counts and spread."""
    counts, spreads = {}, []
    for station in range(8):
        n, people = int(rng.integers(60, 140)), int(rng.integers(*staff))
        person = rng.choice(people, n, p=rng.dirichlet([3.0] * people))
        level = np.log(base / (1 - base)) + rng.normal(0, station_sd)
        rate = 1 / (1 + np.exp(-level - rng.normal(0, people_sd, people)))
        failed = rng.random(n) < rate[person]
        pairs = [(failed[person == k].sum(), (person == k).sum()) for k in set(person)]
        share = failed.mean()
        counts[station] = Proportion(int(failed.sum()), n)
        spreads.append(spread_of(Ratios.of(pairs), share * (1 - share)))
    return counts, times_wider(spreads)


@pytest.mark.parametrize("staff", [(8, 15), (3, 6)])
def test_stations_that_are_alike_are_seldom_announced(staff):
    """Also where few people make the station's failures: at most 12 % of pages announce any."""
    rng = np.random.default_rng(1)
    pages = [compare_shares(*world(rng, staff=staff)).rows for _ in range(200)]
    assert np.mean([any(row.verdict in TOLD for row in rows) for rows in pages]) <= 0.12


def test_people_who_differ_widen_the_limits():
    """Without their spread one page in five announces what people alone have made."""
    rng = np.random.default_rng(1)
    worlds = [world(rng, staff=(3, 6)) for _ in range(100)]
    blind = [compare_shares(counts).rows for counts, _spread in worlds]
    assert np.mean([any(row.verdict in TOLD for row in rows) for rows in blind]) > 0.2
    assert all(spread >= 1 for _counts, spread in worlds)


def test_a_station_with_twice_the_failures_is_told():
    """100 of 800 are usual; 30 of 100 are not: mean 12.4 of 110, sd 3.3, more than 5 of them."""
    counts = {key: Proportion(11, 100) for key in range(8)} | {8: Proportion(30, 100)}
    rows = compare_shares(counts).rows
    assert [row.station for row in rows if row.verdict in TOLD] == [8]
    assert rows[-1].station == 8
    assert rows[-1].verdict is AgainstNetwork.ABOVE


def test_limits_are_those_of_the_binomial_distribution():
    """A thousand times as many elsewhere: 12 of 100 lie within 95 % limits of a known .1, 17 not.

    P(X >= 17) = .0206 and P(X >= 16) = .0399 for 100 and .1: the limit is between 16 and 17; below,
    P(X <= 4) = .0237 and P(X <= 5) = .0576.
    """
    counts = {0: Proportion(10, 100), 1: Proportion(9_990_000, 99_900_000)}
    comparison = compare_shares(counts)
    low, high = comparison.limits(100)
    assert comparison.level == pytest.approx(0.975)  # two stations, none told
    tail = (1 - comparison.level) / 2
    assert stats.binom.sf(100 * high, 100, 0.1) <= tail <= stats.binom.sf(100 * high - 1, 100, 0.1)
    assert stats.binom.cdf(100 * low, 100, 0.1) <= tail <= stats.binom.cdf(100 * low + 1, 100, 0.1)


@pytest.mark.parametrize("counts", [COUNTS, {k: Proportion(k, 40 + k) for k in range(20)}])
def test_beyond_its_limit_is_told_and_within_is_not(counts):
    """The limit that is drawn is the one that judges."""
    for spread in (1.0, 1.7):
        for row in compare_shares(counts, spread).rows:
            share = row.counted.k / row.counted.n
            is_beyond = (row.high is not None and share > row.high) or (
                row.low is not None and share < row.low
            )
            assert is_beyond == (row.verdict in TOLD)


def test_few_inspections_count_for_the_network_and_are_not_judged():
    comparison = compare_shares({1: Proportion(2, 10), 2: Proportion(5, 100)})
    verdicts = [row.verdict for row in comparison.rows]
    assert verdicts == [AgainstNetwork.CANNOT_TELL, AgainstNetwork.TOO_FEW]
    assert comparison.reference == pytest.approx(7 / 110)


@pytest.mark.parametrize("counts", [{}, {1: Proportion(0, 0)}, {1: Proportion(3, 50)}])
def test_nothing_or_a_station_alone_is_not_judged(counts):
    comparison = compare_shares(counts)
    assert comparison.level is None
    assert all(row.verdict is AgainstNetwork.TOO_FEW for row in comparison.rows)
    assert comparison.limits(50) == (None, None)


def test_where_none_or_all_failed_nothing_is_told():
    for k in (0, 40):
        comparison = compare_shares({1: Proportion(k, 40), 2: Proportion(k, 40)})
        assert {row.verdict for row in comparison.rows} == {AgainstNetwork.CANNOT_TELL}
        assert comparison.limits(40) == (None, None)


def test_counts_that_cannot_be_are_refused():
    for counts in ({1: Proportion(5, 4)}, {1: Proportion(-1, 4)}):
        with pytest.raises(InvalidInput):
            compare_shares(counts)
    with pytest.raises(InvalidInput):
        compare_shares(COUNTS, 0.5)
    with pytest.raises(InvalidInput):
        compare_means({}, 0.5)


def test_means_are_told_by_the_interval_that_is_drawn():
    """Two of 100 each, about 90 and 80: each is half their difference from the mean of both."""
    rng = np.random.default_rng(3)
    scores = {k: moments(rng.normal(90 - 10 * k, 10, 100)) for k in (0, 1)}
    comparison = compare_means(scores)
    first, second = comparison.rows
    assert first.verdict is AgainstNetwork.ABOVE
    assert second.verdict is AgainstNetwork.BELOW
    assert first.difference.lower == pytest.approx(-second.difference.upper)
    middle = (first.difference.lower + first.difference.upper) / 2
    assert middle == pytest.approx(first.mean - comparison.reference)
    error, degrees = _welch(scores[0], scores[1])
    half = stats.t.ppf((1 + comparison.level) / 2, degrees) * error / 2
    assert middle - first.difference.lower == pytest.approx(half)


def _welch(first, second):
    """Standard error and degrees of freedom of a difference, written out (Welch 1947)."""
    a, b = first.sd**2 / first.n, second.sd**2 / second.n
    return np.sqrt(a + b), (a + b) ** 2 / (a**2 / (first.n - 1) + b**2 / (second.n - 1))


def test_a_wider_spread_widens_means_by_its_root():
    rng = np.random.default_rng(4)
    scores = {k: moments(rng.normal(85, 10, 60)) for k in range(5)}
    plain, wide = compare_means(scores), compare_means(scores, 4.0)
    for one, other in zip(plain.rows, wide.rows, strict=True):
        width = one.difference.upper - one.difference.lower
        assert other.difference.upper - other.difference.lower == pytest.approx(2 * width)


def test_stations_with_equal_means_are_seldom_announced():
    rng = np.random.default_rng(5)
    pages = [
        compare_means({k: moments(rng.normal(85, 10, 60 + 10 * k)) for k in range(8)}).rows
        for _ in range(200)
    ]
    assert np.mean([any(row.verdict in TOLD for row in rows) for rows in pages]) <= 0.12


def test_means_that_never_vary_are_not_told():
    same = {k: Moments(40, 4000.0, 400_000.0) for k in (1, 2)}
    assert {row.verdict for row in compare_means(same).rows} == {AgainstNetwork.TOO_FEW}
    assert compare_means({}).rows == ()


def test_people_alike_add_nothing_and_a_person_alone_tells_nothing():
    """Ten people with one failure in ten each vary less than chance: never below 1."""
    alike = spread_of(Ratios.of([(1, 10)] * 10), 0.09)
    assert times_wider([alike]) == 1.0
    assert times_wider([spread_of(Ratios.of([(3, 10)]), 0.21)]) == 1.0
    assert times_wider([]) == 1.0


def test_one_persons_failures_are_counted_as_such():
    """Nine people without and one with 10 of 10: rate .1; by people 10/9 (9 x 1 + 81) = 100.

    Alone it would be 100 x .09 = 9: 11.1 times as wide.
    """
    ratios = Ratios.of([(0, 10)] * 9 + [(10, 10)])
    assert times_wider([spread_of(ratios, 0.09)]) == pytest.approx(100 / 9)
