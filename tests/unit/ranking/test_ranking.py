"""Stations ranked by what they deliver: worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.ranking import ScoreCells
from core.ranking.design import encode
from core.ranking.model import delivered, fit_random
from core.ranking.population import population
from tests.support.ranking.ranking_cells import (
    ANN,
    BALANCED,
    BEN,
    UNEQUAL,
    A,
    B,
    C,
    by_station,
    ranked,
    row,
    traffic_of,
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
