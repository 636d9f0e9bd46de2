"""Stations ranked with honest uncertainty: by hand, at the edges, and against a known truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from core.errors import InvalidInput, NotFound
from core.ranking import Ranking, ScoreCells, ScoreRow, Tier, Traffic, rank_stations
from core.ranking.assignment import _predictions, inspector_shares
from core.ranking.design import encode
from core.ranking.model import _contrasts, delivered, fit_fixed, fit_random
from core.ranking.population import population
from core.sampling import wilson_interval
from tests.support import ranking_simulation as simulation

Z90 = stats.norm.ppf(0.95)
A, B, C, D = 1, 2, 3, 4
ANN, BEN, CAT = 11, 12, 13


def row(station, inspector, scores, **more) -> ScoreRow:
    """One cell of single scores, all with inclusion probability 1 unless told otherwise."""
    scores = [float(score) for score in scores]
    total = sum(scores)
    values = {
        "staff": station,
        "case": 0,
        "stratum": 0,
        "n": len(scores),
        "total": total,
        "squares": sum(score**2 for score in scores),
        "weight": len(scores),
        "weighted": total,
        "critical": 0,
    }
    return ScoreRow(station=station, inspector=inspector, **(values | more))


def ranked(*rows: ScoreRow, **more) -> Ranking:
    return rank_stations(ScoreCells.from_rows(rows), **({"minimum": 1} | more))


def by_station(ranking: Ranking):
    return {found.station: found for found in ranking.ranked}


def reasons(ranking: Ranking) -> dict:
    return {found.station: str(found.reason) for found in ranking.unranked}


# Three stations, each scored four times by both inspectors: means 90, 80, 76; Ben is 4 stricter.
BALANCED = (
    row(A, ANN, [90, 92, 94, 92]),
    row(A, BEN, [88, 90, 86, 88]),
    row(B, ANN, [80, 84, 82, 82]),
    row(B, BEN, [76, 80, 78, 78]),
    row(C, ANN, [78, 76, 80, 78]),
    row(C, BEN, [74, 72, 76, 74]),
)


def test_a_balanced_design_is_shrunken_as_by_hand():
    ranking = ranked(*BALANCED)
    station, residual = ranking.variances.station, ranking.variances.residual
    # every station was scored 8 times: weight of its own mean = Vs / (Vs + Ve / 8), mean 82
    weight = station / (station + residual / 8)
    found = by_station(ranking)
    for key, mean in ((A, 90.0), (B, 80.0), (C, 76.0)):
        assert found[key].plain == pytest.approx(mean)
        assert found[key].adjusted.value == pytest.approx(82 + weight * (mean - 82), rel=1e-9)
    assert [entry.station for entry in ranking.ranked] == [A, B, C]
    assert [entry.adjusted.position.rank for entry in ranking.ranked] == [1, 2, 3]


def test_severity_is_half_the_gap_between_two_inspectors_before_shrinkage():
    ranking = ranked(*BALANCED)
    inspector, residual = ranking.variances.inspector, ranking.variances.residual
    # Ann's 12 scores average 84, Ben's 80: +2 and -2 times Vi / (Vi + Ve / 12)
    weight = inspector / (inspector + residual / 12)
    ann, ben = ranking.severities
    assert (ann.inspector, ann.n, ben.inspector, ben.n) == (ANN, 12, BEN, 12)
    assert ann.value == pytest.approx(2 * weight, rel=1e-9)
    assert ben.value == pytest.approx(-2 * weight, rel=1e-9)
    assert ann.interval.lower < ann.value < ann.interval.upper


# A strict inspector works mostly at A, a lenient one mostly at B; Cat links them at C.
UNEQUAL = (
    row(A, ANN, [70, 72, 71, 73, 69, 70, 72, 71]),
    row(A, BEN, [80, 82]),
    row(B, BEN, [80, 81, 79, 82, 78, 80, 80, 81]),
    row(B, ANN, [70, 69]),
    row(C, CAT, [75, 76, 74, 77]),
    row(C, ANN, [70, 71]),
    row(C, BEN, [80, 79]),
)


def test_severity_turns_the_plain_order_round():
    found = by_station(ranked(*UNEQUAL))
    assert found[A].plain < found[B].plain  # 73.0 against 78.0
    assert found[A].adjusted.value > found[B].adjusted.value


def test_the_adjustment_adds_up_and_says_why():
    for entry in ranked(*UNEQUAL).ranked:
        parts = entry.adjustment
        total = parts.inspectors + parts.case_mix + parts.staff_mix + parts.shrinkage
        assert entry.plain + total == pytest.approx(entry.adjusted.value, rel=1e-9)
    parts = by_station(ranked(*UNEQUAL))[A].adjustment
    assert parts.inspectors > 2
    said = f"Scored mostly by stricter inspectors: +{parts.inspectors:.1f}."
    assert str(parts.sentence) == said
    lenient = by_station(ranked(*UNEQUAL))[B].adjustment
    assert str(lenient.sentence).startswith("Scored mostly by more lenient inspectors: -")


def test_a_balanced_station_needs_no_adjustment():
    # station B lies near the mean and both inspectors scored it equally often
    entry = by_station(ranked(*BALANCED))[B]
    assert abs(entry.adjustment.inspectors) < 1e-9
    assert entry.adjustment.case_mix == pytest.approx(0.0)


def test_stations_are_compared_at_the_networks_mix_of_cases():
    # case 2 scores 10 lower everywhere; B's inspections are mostly case 2, else they are alike
    def both(station, easy, hard):
        return [
            row(station, inspector, scores, case=case)
            for inspector in (ANN, BEN)
            for case, scores in ((1, easy), (2, hard))
        ]

    cells = [
        *both(A, [90, 91, 89, 90, 90, 91, 89, 90], [80, 81]),
        *both(B, [90, 91], [80, 81, 79, 80, 80, 79, 81, 80]),
        *both(C, [86, 84, 85, 85], [75, 76, 74, 75]),
    ]
    found = by_station(ranked(*cells))
    assert found[A].plain - found[B].plain == pytest.approx(6, abs=0.2)
    assert abs(found[A].adjusted.value - found[B].adjusted.value) < 0.3
    assert str(found[B].adjustment.sentence).startswith("The cases scored were harder")
    assert str(found[A].adjustment.sentence).startswith("The cases scored were easier")


def test_a_station_keeps_its_own_mix_of_strata():
    # Complaints (stratum 2) score 10 lower. Half of what was inspected are complaints, at both
    # stations; but of what A serves 10 % are complaints, of what B serves 50 %: 4 points apart.
    cells = [
        row(station, inspector, [base + shift, base - shift - 5 * (station == C)], stratum=stratum)
        for station in (A, B, C)
        for inspector in (ANN, BEN)
        for stratum, base in ((1, 90), (2, 80))
        for shift in (1, 2, 3)
    ]
    served = [(A, 1, 90), (A, 2, 10), (B, 1, 50), (B, 2, 50), (C, 1, 50), (C, 2, 50)]
    traffic = traffic_of(*((s, s, 0, stratum, count) for s, stratum, count in served))
    found = by_station(ranked(*cells, traffic=traffic))
    gap = found[A].adjusted.value - found[B].adjusted.value
    assert gap == pytest.approx(4.0)


def traffic_of(*rows) -> Traffic:
    station, staff, case, stratum, count = (np.array(column) for column in zip(*rows, strict=True))
    return Traffic(station, staff, case, stratum, count.astype(float))


def test_oversampled_strata_weigh_in_the_plain_figure_as_often_as_they_occur():
    # 4 of 40 ordinary encounters (probability 0.1) score 90, 4 of 4 complaints score 70:
    # (40 * 90 + 4 * 70) / 44 = 88.18, not 80
    rows = [
        row(A, ANN, [90, 90, 92, 88], stratum=1, weight=40, weighted=3600),
        row(A, ANN, [70, 70, 71, 69], stratum=2, weight=4, weighted=280),
        *BALANCED[2:],
    ]
    assert by_station(ranked(*rows))[A].plain == pytest.approx(3880 / 44)


def test_staff_count_by_what_they_serve():
    # At A, staff 1 scores 90 and staff 2 scores 70, inspected equally; staff 1 serves nine tenths.
    rows = [
        row(station, inspector, [value + 1, value - 1, value], staff=staff)
        for station, values in ((A, (90, 70)), (B, (84, 76)), (C, (79, 81)))
        for staff, value in enumerate(values, start=1)
        for inspector in (ANN, BEN)
    ]
    served = [(s, p, 0, 0, 900 if (s, p) == (A, 1) else 100) for s in (A, B, C) for p in (1, 2)]
    even = by_station(ranked(*rows))
    uneven = by_station(ranked(*rows, traffic=traffic_of(*served)))
    # staff explain nearly everything: 0.9 * 90 + 0.1 * 70 = 88 against 80
    assert even[A].adjusted.value == pytest.approx(80, abs=0.5)
    assert uneven[A].adjusted.value == pytest.approx(88, abs=0.5)
    assert str(uneven[A].adjustment.sentence).startswith("The busiest staff score better")
    assert even[B].adjusted.value == pytest.approx(uneven[B].adjusted.value, abs=0.1)


def test_staff_nobody_inspected_widen_the_interval():
    rows = [
        row(station, inspector, [value + 2, value - 2, value], staff=staff)
        for station, values in ((A, (90, 70)), (B, (84, 76)), (C, (79, 81)))
        for staff, value in enumerate(values, start=1)
        for inspector in (ANN, BEN)
    ]
    served = [(s, p, 0, 0, 100) for s in (A, B, C) for p in (1, 2)]
    design = encode(ScoreCells.from_rows(rows))
    weights = population(design, traffic_of(*served, (A, 3, 0, 0, 100), (A, 4, 0, 0, 100)))
    assert weights.staff.toarray()[0, :2] == pytest.approx([0.25, 0.25])
    assert weights.unseen == pytest.approx([2 * 0.25**2, 0.0, 0.0])
    model = fit_random(design)
    uncertain, sure = (
        delivered(model, design, served).covariance
        for served in (weights, replace(weights, unseen=np.zeros(3)))
    )
    assert np.diag(uncertain - sure) == pytest.approx([0.125 * model.variance("staff"), 0, 0])


def test_one_key_at_two_stations_is_two_people():
    rows = [
        row(station, inspector, [value, value + 2], staff=7)
        for station, value in ((A, 90), (B, 80), (C, 70))
        for inspector in (ANN, BEN)
    ]
    assert len(encode(ScoreCells.from_rows(rows)).member_key) == 3


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


def test_the_critical_rate_has_an_interval_of_its_own():
    rows = [*BALANCED[:5], replace_row(BALANCED[5], critical=2, unscored=2)]
    found = by_station(ranked(*rows))[C].critical
    # 2 failures in 8 scored and 2 unscored inspections
    assert (found.failures, found.inspections, found.rate) == (2, 10, 0.2)
    assert found.interval == wilson_interval(2, 10, level=0.90)


def replace_row(old: ScoreRow, **changes) -> ScoreRow:
    return old._replace(**changes)


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


def simulated(assignment="local", mean_n=40, seed=3):
    return simulation.simulate(assignment, mean_n, np.random.default_rng(seed))


def figures(ranking: Ranking):
    return [
        (entry.station, entry.adjusted.value, *entry.adjusted.position.rank_interval)
        for entry in ranking.ranked
    ]


def test_the_order_of_the_cells_does_not_matter():
    network = simulated()
    shuffled = network.cells.take(np.random.default_rng(1).permutation(len(network.cells.n)))
    first, second = (rank_stations(cells, minimum=10) for cells in (network.cells, shuffled))
    assert [row[0] for row in figures(first)] == [row[0] for row in figures(second)]
    assert np.array(figures(first)) == pytest.approx(np.array(figures(second)), rel=1e-9)


def test_cells_by_month_add_up_to_the_same_ranking():
    cells = ScoreCells.from_rows(BALANCED)
    halves = [getattr(cells, name) / 2 for name in ("n", "total", "squares", "weight", "weighted")]
    half = replace(
        cells, n=halves[0], total=halves[1], squares=halves[2], weight=halves[3], weighted=halves[4]
    )
    twice = half.take(np.repeat(np.arange(6), 2))
    whole, summed = (rank_stations(c, minimum=1) for c in (cells, twice))
    assert np.array(figures(whole)) == pytest.approx(np.array(figures(summed)), rel=1e-9)


def test_the_seed_decides_the_draws_and_nothing_else():
    cells = simulated().cells
    first, again, other = (rank_stations(cells, minimum=10, seed=seed) for seed in (1, 1, 2))
    assert figures(first) == figures(again)
    expected = [[e.adjusted.position.expected_rank for e in r.ranked] for r in (first, other)]
    assert expected[0] != expected[1]
    values = [{e.station: e.adjusted.value for e in r.ranked} for r in (first, other)]
    assert values[0] == values[1]


def test_keys_may_be_texts():
    texts = [r._replace(station=f"TPE{r.station}", inspector=f"i{r.inspector}") for r in BALANCED]
    ranking = ranked(*texts)
    assert [entry.station for entry in ranking.ranked] == ["TPE1", "TPE2", "TPE3"]
    assert figures(ranking)[0][1] == pytest.approx(figures(ranked(*BALANCED))[0][1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n": -1.0}, "fewer than no inspections"),
        ({"total": np.nan}, "missing or infinite"),
        ({"squares": 1.0}, "smaller sum of squares"),
        ({"weight": 0.0}, "no weight"),
        ({"critical": 9.0}, "more critical failures"),
    ],
)
def test_sums_no_scores_can_give_are_refused(change, message):
    with pytest.raises(InvalidInput, match=message):
        ranked(replace_row(BALANCED[0], **change), *BALANCED[1:])


def test_columns_of_different_length_are_refused():
    cells = ScoreCells.from_rows(BALANCED)
    with pytest.raises(InvalidInput, match="differ in length"):
        rank_stations(replace(cells, n=cells.n[:-1]))


@pytest.mark.parametrize("wrong", [{"level": 1.0}, {"minimum": 0}, {"draws": 10}])
def test_choices_out_of_range_are_refused(wrong):
    with pytest.raises(InvalidInput):
        ranked(*BALANCED, **wrong)


def test_assignment_that_follows_quality_is_noticed_and_the_fixed_view_shown():
    ranking = rank_stations(simulated("masked", 120).cells, minimum=1)
    assert ranking.assignment.follows_quality
    assert ranking.assignment.correlation < ranking.assignment.chance.lower
    assert "Lenient inspectors seem to score the weaker stations" in str(
        ranking.assignment.sentence
    )
    assert all(entry.fixed is not None for entry in ranking.ranked)
    assert ranking.fixed_reason is None


def test_assignment_by_region_is_not_taken_for_assignment_by_quality():
    ranking = rank_stations(simulated("local", 120).cells, minimum=1)
    assert not ranking.assignment.follows_quality
    assert ranking.assignment.chance.lower <= ranking.assignment.correlation
    assert all(entry.fixed is None for entry in ranking.ranked)


def test_chance_is_judged_by_the_spread_of_the_predictions_themselves():
    # predictions B y of (station effects, mean severity by station) vary by B V B', written out
    design = encode(ScoreCells.from_rows(UNEQUAL))
    model = fit_random(design)
    station, inspector = (model.variance(name) for name in ("station", "inspector"))
    counts = design.sums.n.astype(int)
    z, w = np.eye(3)[design.station.repeat(counts)], np.eye(3)[design.inspector.repeat(counts)]
    v = station * z @ z.T + inspector * w @ w.T + model.fit.residual * np.eye(len(z))
    inverse, one = np.linalg.inv(v), np.ones((len(z), 1))
    p = inverse - inverse @ one @ one.T @ inverse / (one.T @ inverse @ one)
    shares = inspector_shares(design, design.sums.n)
    predictor = np.vstack([station * z.T, inspector * shares @ w.T]) @ p
    assert _predictions(model, design)[1] == pytest.approx(predictor @ v @ predictor.T, rel=1e-6)


def test_two_stations_are_too_few_to_judge_the_assignment():
    rows = [
        row(s, inspector, [80 + 5 * s + 4 * inspector, 81 + 5 * s + 4 * inspector, 83 + 5 * s])
        for s in (0, 1)
        for inspector in (1, 2, 3)
    ]
    assignment = ranked(*rows).assignment
    assert (assignment.correlation, assignment.follows_quality) == (None, False)


def test_where_everyone_scores_everywhere_assignment_tells_nothing():
    assignment = ranked(*BALANCED).assignment
    assert assignment.correlation is None
    assert "same mix of inspectors" in str(assignment.sentence)


def test_with_fixed_inspectors_severity_is_not_shrunken():
    # Balanced and without staff: fixed severities are the means, 84 and 80, about their average
    design = encode(ScoreCells.from_rows(BALANCED))
    model = fit_fixed(design)
    values = delivered(model, design, population(design, None)).mean
    weight = model.variance("station") / (model.variance("station") + model.fit.residual / 8)
    assert values == pytest.approx([82 + weight * 8, 82 - weight * 2, 82 - weight * 6], rel=1e-9)
    assert abs(model.fit.fixed[-1]) == pytest.approx(2.0)


def test_fixed_severities_average_to_zero_over_the_inspections():
    # so that the fixed view stands on the same level as the random one, whoever scored most
    design = encode(
        ScoreCells.from_rows([*UNEQUAL, row(A, 14, [95], case=1), row(B, 14, [96], case=1)])
    )
    contrasts = _contrasts(design)
    n = np.bincount(design.inspector, design.sums.n)
    assert contrasts.shape == (4, 2)  # Cat, Ann and Ben share a case, the fourth has one alone
    assert n @ contrasts == pytest.approx([0.0, 0.0])


def test_fixed_inspectors_may_work_in_separate_cases():
    # phone inspectors and chat inspectors never score the same case, but meet at every station
    rows = [
        row(s, inspector, [80 + 4 * s + inspector, 82 + 4 * s, 85 + 4 * s], case=inspector // 10)
        for s in range(4)
        for inspector in (11, 12, 21, 22)
    ]
    design = encode(ScoreCells.from_rows(rows))
    values = delivered(fit_fixed(design), design, population(design, None)).mean
    assert np.all(np.diff(values) > 3)


def test_a_sample_of_the_simulation_keeps_what_the_bench_measures():
    # the bench runs 300 periods per design; these 8 are seeded, so that they are either in or out
    networks = [simulated("local", 120, seed) for seed in range(8)]
    quality = {"raw": [], "adjusted": []}
    for seed, network in enumerate(networks):
        quality["raw"].append(simulation.judge(simulation.raw(network, seed), network.quality))
        places = simulation.adjusted(network, seed).places
        quality["adjusted"].append(simulation.judge(places, network.quality))
    means = {
        name: np.mean([(q.spearman, q.coverage) for q in found], axis=0)
        for name, found in quality.items()
    }
    assert means["adjusted"][0] > means["raw"][0] + 0.08
    assert means["adjusted"][0] > 0.80
    assert 0.88 <= means["adjusted"][1] <= 0.95
    assert means["raw"][1] < 0.70
