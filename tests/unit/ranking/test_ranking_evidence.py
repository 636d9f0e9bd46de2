"""Stations that cannot be ranked, and the reason each is given."""

from __future__ import annotations

import pytest

from core.ranking import ScoreCells, Tier, rank_stations
from tests.support.ranking.ranking_cells import (
    ANN,
    BALANCED,
    BEN,
    CAT,
    A,
    B,
    C,
    D,
    by_station,
    ranked,
    reasons,
    row,
    traffic_of,
)


def test_a_station_below_the_minimum_is_not_ranked():
    ranking = ranked(*BALANCED, row(D, ANN, [99, 98]), minimum=8)
    assert [entry.station for entry in ranking.ranked] == [A, B, C]
    assert reasons(ranking) == {D: "Only 2 inspections; at least 8 are needed for a rank."}
    assert (ranking.unranked[0].n, ranking.unranked[0].plain) == (2, 98.5)


def test_the_minimum_is_thirty_unless_set():
    ranking = rank_stations(ScoreCells.from_rows(BALANCED))
    assert ranking.ranked == ()
    assert set(reasons(ranking)) == {A, B, C}
    assert ranking.variances.residual is None
    assert ranking.posterior is None
    assert ranking.assignment is None


def test_a_station_no_inspector_links_is_not_ranked():
    ranking = ranked(*BALANCED, row(D, CAT, [99, 98, 97, 96, 99, 98]))
    assert D not in by_station(ranking)
    assert reasons(ranking)[D].startswith("No inspector links this station")


def test_a_chain_of_inspectors_is_a_link():
    # A - Ben - B - Cat - C: nobody scored both at A and at C
    rows = [
        row(A, ANN, [90, 91, 89]),
        row(A, BEN, [88, 90, 89]),
        row(B, BEN, [80, 82, 81]),
        row(B, CAT, [79, 81, 80]),
        row(C, CAT, [70, 72, 71]),
    ]
    assert set(by_station(ranked(*rows))) == {A, B, C}


def test_the_larger_group_is_ranked_where_two_are_not_linked():
    other = [row(station, CAT, [70, 72, 74, 76]) for station in (5, 6)]
    assert set(by_station(ranked(*BALANCED, *other))) == {A, B, C}
    assert set(reasons(ranked(*BALANCED, *other))) == {5, 6}


def test_of_two_groups_alike_the_one_with_more_inspections_is_ranked():
    few = [row(station, ANN, [80 + station, 82, 84]) for station in (A, B)]
    many = [row(station, BEN, [80 + station, 82, 84, 86]) for station in (C, D)]
    assert set(by_station(ranked(*few, *many))) == {C, D}


def test_a_single_station_has_no_one_to_compare_with():
    ranking = ranked(row(A, ANN, [90, 91, 85]), row(A, BEN, [80, 81, 85]))
    assert ranking.ranked == ()
    assert reasons(ranking)[A].startswith("There is no other station")


def test_nothing_at_all_gives_an_empty_ranking():
    ranking = rank_stations(ScoreCells.from_rows([]))
    assert (ranking.ranked, ranking.unranked, ranking.bottom_size) == ((), (), 0)


def test_stations_without_a_score_are_listed_with_the_reason():
    unscored = row(D, ANN, [], unscored=3, critical=1)
    traffic = traffic_of((5, 9, 0, 0, 40), *((s, s, 0, 0, 100) for s in (A, B, C)))
    ranking = ranked(*BALANCED, unscored, traffic=traffic)
    assert set(by_station(ranking)) == {A, B, C}
    assert reasons(ranking) == dict.fromkeys((D, 5), "Nothing was scored in this period.")
    assert [entry.plain for entry in ranking.unranked] == [None, None]
    assert ranking.unranked[0].critical.rate == pytest.approx(1 / 3)
    assert ranking.unranked[1].critical.rate is None
    assert ranking.unranked[1].critical.interval is None


def test_equal_scores_rank_nobody():
    rows = [row(s, inspector, [85.3] * 4) for s in (A, B, C) for inspector in (ANN, BEN)]
    ranking = ranked(*rows)
    assert ranking.ranked == ()
    assert reasons(ranking)[B].startswith("All scores are equal")


def test_scores_that_stations_explain_wholly_rank_nobody():
    rows = [row(s, inspector, [80 + s] * 4) for s in (A, B, C) for inspector in (ANN, BEN)]
    assert set(reasons(ranked(*rows)).values()) == {
        "The variances cannot be estimated from these scores."
    }


def test_stations_that_do_not_differ_share_every_rank():
    # all means equal: the station variance is zero and no order can be told
    rows = [
        row(station, inspector, [80, 90, 84, 86]) for station in range(10) for inspector in (1, 2)
    ]
    ranking = ranked(*rows)
    assert ranking.variances.station == 0.0
    assert ranking.variances.inspector == 0.0
    for entry in ranking.ranked:
        assert entry.adjusted.value == pytest.approx(85)
        assert entry.tier is Tier.MIDDLE
        assert entry.adjusted.position.rank_interval == (1, 10)
        assert entry.adjusted.position.bottom == pytest.approx(0.1, abs=0.03)
    assert ranking.ranked[1].separation.needed is None
    assert "so small that even 10000 more" in str(ranking.ranked[1].separation.reason)
    assert "cannot be judged" in str(ranking.assignment.sentence)


def test_factors_that_cannot_be_told_apart_have_no_variance():
    # one member of staff per station, one inspector in all
    rows = [row(s, ANN, [80 + 3 * s, 82 + 3 * s, 78 + 3 * s]) for s in range(5)]
    ranking = ranked(*rows)
    assert ranking.variances.staff is None
    assert ranking.variances.inspector is None
    assert ranking.severities == ()
    assert len(ranking.ranked) == 5
    assert ranking.assignment.correlation is None
