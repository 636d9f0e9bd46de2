"""The mixed model against published fits, and what it refuses."""

from __future__ import annotations

import csv
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidInput
from core.ranking.crossproducts import FixedBlock
from core.ranking.posterior import effects
from core.ranking.reml import fit_reml
from tests.support.ranking.reml import factor, intercept, single

# Davies (1947), yield of dyestuff from six batches, five preparations each; Box & Tiao (1973),
# simulated data whose batches do not differ. Both also in R's lme4 as Dyestuff and Dyestuff2.
DYESTUFF = np.array(
    [
        [1545, 1440, 1440, 1520, 1580],
        [1540, 1555, 1490, 1560, 1495],
        [1595, 1550, 1605, 1510, 1560],
        [1445, 1440, 1595, 1465, 1545],
        [1595, 1630, 1515, 1635, 1625],
        [1520, 1455, 1450, 1480, 1445],
    ],
    dtype=float,
)
DYESTUFF2 = np.array(
    [
        [7.298, 3.846, 2.434, 9.566, 7.990],
        [5.220, 6.556, 0.608, 11.788, -0.892],
        [0.110, 10.386, 13.434, 5.510, 8.166],
        [2.212, 4.852, 7.092, 9.288, 4.980],
        [0.282, 9.014, 4.458, 9.446, 7.198],
        [1.722, 4.782, 8.106, 0.758, 3.758],
    ]
)


def fit_batches(table: np.ndarray):
    batches = factor(np.repeat(np.arange(len(table)), table.shape[1]))
    return fit_reml(single(table.ravel()), (batches,), (intercept(table.size),))


def test_dyestuff_gives_the_published_fit():
    # lme4: REML criterion 319.6543, batch 1764.05, residual 2451.25, intercept 1527.5 (19.38)
    fit = fit_batches(DYESTUFF)
    assert fit.criterion == pytest.approx(319.6543, abs=5e-5)
    assert fit.variances[0] == pytest.approx(1764.05, abs=5e-3)
    assert fit.residual == pytest.approx(2451.25, abs=5e-3)
    assert fit.fixed[0] == pytest.approx(1527.5, abs=1e-9)
    assert np.sqrt(fit.fixed_covariance[0, 0]) == pytest.approx(19.38, abs=5e-3)


def test_a_balanced_one_way_fit_is_the_analysis_of_variance():
    # between mean square B = 5 var(batch means), within mean square W: residual W, batch (B - W)/5
    between = 5 * DYESTUFF.mean(axis=1).var(ddof=1)
    within = DYESTUFF.var(axis=1, ddof=1).mean()
    fit = fit_batches(DYESTUFF)
    assert fit.residual == pytest.approx(within, rel=1e-6)
    assert fit.variances[0] == pytest.approx((between - within) / 5, rel=1e-5)


def test_a_variance_that_is_best_at_zero_is_exactly_zero():
    # lme4 on Dyestuff2: singular fit, batch 0, residual 13.81, REML criterion 161.8283
    fit = fit_batches(DYESTUFF2)
    assert fit.variances == (0.0,)
    assert fit.residual == pytest.approx(DYESTUFF2.var(ddof=1), rel=1e-12)
    assert fit.criterion == pytest.approx(161.8283, abs=5e-5)
    assert effects(fit, 0).estimate == pytest.approx(np.zeros(6))
    assert effects(fit, 0).sd == pytest.approx(np.zeros(6))


def test_pastes_gives_the_published_fit():
    # lme4 on Pastes, strength ~ 1 + (1|batch) + (1|sample): 246.9907, 1.65731, 8.43367, 0.67800
    [home] = find_spec("statsmodels").submodule_search_locations
    path = Path(home) / "regression/tests/results/pastes.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    strength = np.array([float(row["strength"]) for row in rows])
    batch, sample = (
        factor(np.unique([row[name] for row in rows], return_inverse=True)[1])
        for name in ("batch", "sample")
    )
    fit = fit_reml(single(strength), (batch, sample), (intercept(len(rows)),))
    assert fit.criterion == pytest.approx(246.9907, abs=5e-5)
    assert fit.variances == pytest.approx((1.65731, 8.43367), abs=5e-5)
    assert fit.residual == pytest.approx(0.67800, abs=5e-5)


def test_values_that_do_not_vary_are_refused():
    with pytest.raises(InvalidInput, match="All scores are equal"):
        fit_batches(np.full((3, 4), 85.3))


def test_no_more_values_than_fixed_effects_are_refused():
    rows = np.array([1.0, 2.0])
    block = FixedBlock(np.arange(2), np.eye(2))
    with pytest.raises(InvalidInput, match="no more scores than fixed effects"):
        fit_reml(single(rows), (factor([0, 1]),), (block,))


def test_fixed_effects_that_overlap_are_refused():
    rows = np.array([1.0, 2.0, 4.0, 3.0])
    twice = FixedBlock(np.zeros(4, dtype=np.int64), np.ones((1, 2)))
    with pytest.raises(InvalidInput, match="overlap"):
        fit_reml(single(rows), (factor([0, 0, 1, 1]),), (twice,))


def test_batches_that_explain_everything_are_refused():
    # no residual variance: the likelihood grows without bound
    with pytest.raises(InvalidInput, match="cannot be estimated"):
        fit_batches(np.repeat([[1.0], [2.0], [5.0]], 4, axis=1))


def test_no_rows_are_refused():
    with pytest.raises(InvalidInput, match="nothing to fit"):
        fit_reml(single(np.empty(0)), (factor([0]),), (intercept(0),))
