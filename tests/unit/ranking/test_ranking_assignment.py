"""Whether inspectors follow quality, and the view with inspectors as fixed effects."""

from __future__ import annotations

import numpy as np
import pytest

from core.ranking import ScoreCells, rank_stations
from core.ranking.assignment import _predictions, inspector_shares
from core.ranking.design import encode
from core.ranking.model import _contrasts, delivered, fit_fixed, fit_random
from core.ranking.population import population
from tests.support.ranking.ranking_cells import BALANCED, UNEQUAL, A, B, ranked, row, simulated


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
