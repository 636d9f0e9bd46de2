"""Cells of a table that are looked at together: few false alarms, and what is there is seen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.ranking import AgainstNetwork
from core.results.figures import Moments
from core.results.many_comparisons import CellScores, told_apart

TOLD = {AgainstNetwork.ABOVE, AgainstNetwork.BELOW}


def moments(values):
    return Moments(len(values), float(values.sum()), float(values @ values))


def table(rng, *, stations=8, sections=7, size=100, shift=0.0):
    """Every station's sections against the others', the first cell moved."""
    for section in range(sections):
        scores = rng.normal(85, 10, (stations, size))
        if not section:
            scores[0] += shift
        for own in range(stations):
            others = np.delete(scores, own, axis=0).ravel()
            yield CellScores(moments(scores[own]), moments(others))


def test_tables_of_equal_stations_seldom_announce_anything():
    rng = np.random.default_rng(1)
    announced = [bool(TOLD & set(told_apart(list(table(rng))))) for _ in range(200)]
    assert np.mean(announced) <= 0.12


def test_a_cell_that_differs_is_told():
    found = told_apart(list(table(np.random.default_rng(2), shift=-6.0)))
    assert found[0] is AgainstNetwork.BELOW


def test_cells_are_told_as_benjamini_and_hochberg_reject_welchs_tests():
    rng = np.random.default_rng(3)
    first = [rng.normal(85 + k, 9, 20 + 5 * k) for k in range(6)]
    second = [rng.normal(85, 12, 200) for _ in first]
    tails = [
        stats.ttest_ind(a, b, equal_var=False).pvalue for a, b in zip(first, second, strict=True)
    ]
    expected = stats.false_discovery_control(tails) <= 0.05
    found = told_apart(
        [CellScores(moments(a), moments(b)) for a, b in zip(first, second, strict=True)]
    )
    assert [side in TOLD for side in found] == expected.tolist()
    assert {True, False} == set(expected.tolist())


@pytest.mark.parametrize("own", [np.full(3, 100.0), np.full(40, 100.0)])
def test_a_few_equal_scores_are_not_certain(own):
    """Three scores of 100 against a hundred that vary are no proof, forty are."""
    others = np.random.default_rng(4).normal(90, 10, 100)
    found = told_apart([CellScores(moments(own), moments(others))])
    assert found[0] is (AgainstNetwork.TOO_FEW if len(own) < 10 else AgainstNetwork.ABOVE)


def test_cells_that_never_vary_are_left_out():
    same = moments(np.full(40, 90.0))
    assert told_apart([CellScores(same, moments(np.full(40, 80.0)))]) == [AgainstNetwork.TOO_FEW]
    assert told_apart([]) == []
