"""What must hold for any cells: order, seeds, refusals, and nearness to a known truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import InvalidInput
from core.ranking import ScoreCells, Traffic, rank_stations
from tests.support.ranking import oversampling_simulation as oversampling
from tests.support.ranking import ranking_simulation as simulation
from tests.support.ranking.ranking_cells import BALANCED, figures, ranked, simulated


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
        ranked(BALANCED[0]._replace(**change), *BALANCED[1:])


def test_columns_of_different_length_are_refused():
    cells = ScoreCells.from_rows(BALANCED)
    with pytest.raises(InvalidInput, match="differ in length"):
        rank_stations(replace(cells, n=cells.n[:-1]))


@pytest.mark.parametrize("wrong", [{"level": 1.0}, {"minimum": 0}, {"draws": 10}])
def test_choices_out_of_range_are_refused(wrong):
    with pytest.raises(InvalidInput):
        ranked(*BALANCED, **wrong)


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


def test_picking_complaints_more_often_does_not_bias_a_station():
    # the bench runs 300 periods; these 4 are seeded, so that they are either in or out
    found = [
        oversampling.errors(oversampling.simulate(np.random.default_rng([9, run])), run)
        for run in range(4)
    ]
    bias = {
        name: np.mean([errors[name].bias_at_most_oversampled for errors in found])
        for name in found[0]
    }
    assert bias["raw mean"] < -0.25
    assert bias["adjusted, blind to the stratum"] < -0.2
    assert abs(bias["adjusted"]) < 0.06


@pytest.mark.parametrize("change", [{"count": np.array([-1.0])}, {"staff": np.array([1, 2])}])
def test_traffic_that_cannot_be_is_refused(change):
    one = np.array([1])
    traffic = replace(Traffic(one, one, one, one, np.array([5.0])), **change)
    with pytest.raises(InvalidInput, match="traffic"):
        ranked(*BALANCED, traffic=traffic)
