"""Intervals, differences, tiers and the number needed to tell two stations apart."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.errors import NotFound
from core.ranking import Tier, rank_stations
from core.sampling import wilson_interval
from tests.support.ranking.ranking_cells import (
    BALANCED,
    UNEQUAL,
    A,
    C,
    by_station,
    ranked,
    row,
    simulated,
)

Z90 = stats.norm.ppf(0.95)


def test_the_critical_rate_has_an_interval_of_its_own():
    rows = [*BALANCED[:5], BALANCED[5]._replace(critical=2, unscored=2)]
    found = by_station(ranked(*rows))[C].critical
    # 2 failures in 8 scored and 2 unscored inspections
    assert (found.failures, found.inspections, found.rate) == (2, 10, 0.2)
    assert found.interval == wilson_interval(2, 10, level=0.90)


def test_intervals_and_differences_follow_the_posterior():
    ranking = ranked(*UNEQUAL)
    first, second = ranking.ranked[0], ranking.ranked[1]
    covariance = ranking.posterior.covariance
    half = Z90 * np.sqrt(covariance[0, 0])
    assert first.adjusted.interval == pytest.approx(
        (first.adjusted.value - half, first.adjusted.value + half)
    )
    found = ranking.difference(second.station, first.station)
    sd = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    gap = second.adjusted.value - first.adjusted.value
    assert found.value == pytest.approx(gap)
    assert found.interval == pytest.approx((gap - Z90 * sd, gap + Z90 * sd))
    assert found.distinguishable == (abs(gap) > Z90 * sd)
    assert (second.station in first.indistinguishable) != found.distinguishable


def test_stations_are_indistinguishable_by_the_interval_of_their_difference_alone():
    ranking = rank_stations(simulated(mean_n=120).cells, minimum=1)
    pairs = 0
    for first in ranking.ranked[::7]:
        for second in ranking.ranked:
            if second is not first:
                alike = not ranking.difference(first.station, second.station).distinguishable
                assert alike == (second.station in first.indistinguishable)
                pairs += alike
    assert 0 < pairs < 9 * 59


def test_a_wider_level_gives_wider_intervals():
    narrow, wide = (ranked(*UNEQUAL, level=level).ranked[0].adjusted for level in (0.5, 0.99))
    assert wide.interval.lower < narrow.interval.lower
    assert wide.position.rank_interval.worst >= narrow.position.rank_interval.worst


def test_a_difference_to_an_unranked_station_is_refused():
    with pytest.raises(NotFound, match="Station 99 is not ranked"):
        ranked(*BALANCED).difference(A, 99)


def test_the_number_needed_closes_the_gap_as_by_hand():
    ranking = ranked(*UNEQUAL)
    entry = ranking.ranked[1]
    gap, needed = entry.separation.difference, entry.separation.needed
    assert entry.separation.neighbour == ranking.ranked[0].station
    assert not gap.distinguishable
    # 1 / v + m / (2 Ve) must reach (z / gap)^2, with v the variance of the difference now
    variance = ((gap.interval.upper - gap.interval.lower) / 2 / Z90) ** 2
    per_score = ranking.variances.residual

    def interval(m):
        return Z90 / np.sqrt(1 / variance + m / (2 * per_score))

    assert interval(needed) <= abs(gap.value) < interval(needed - 1)


def test_the_best_has_no_neighbour_and_a_clear_gap_needs_nothing():
    rows = [
        row(s, inspector, [70 + 10 * s + shift for shift in (-2, -1, 0, 1, 2)])
        for s in range(3)
        for inspector in (1, 2)
    ]
    ranking = ranked(*rows)
    assert ranking.ranked[0].separation is None
    assert [entry.separation.needed for entry in ranking.ranked[1:]] == [0, 0]
    assert ranking.ranked[0].indistinguishable == ()
    assert [entry.tier for entry in ranking.ranked][::2] == [Tier.ABOVE, Tier.BELOW]


@pytest.mark.parametrize(
    ("above", "tier"),
    [(0.95, Tier.ABOVE), (0.949, Tier.MIDDLE), (0.051, Tier.MIDDLE), (0.05, Tier.BELOW)],
)
def test_tiers_are_cut_at_a_certainty_of_95_percent(above, tier):
    assert Tier.of(above) is tier
