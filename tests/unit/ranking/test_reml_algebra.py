"""The mixed model against plain dense algebra."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from core.ranking.crossproducts import FixedBlock, RandomFactor, Sums, cross_products
from core.ranking.posterior import effects, expected, posterior
from core.ranking.reml import criterion_and_gradient, fit_reml
from tests.support.ranking.reml import factor, single


@dataclass
class Problem:
    """Three crossed factors of different sizes, two fixed columns, single rows."""

    y: np.ndarray
    codes: tuple[np.ndarray, ...]
    fixed: np.ndarray
    fixed_code: np.ndarray

    def random(self) -> tuple[RandomFactor, ...]:
        return tuple(factor(codes) for codes in self.codes)

    def fit(self):
        return fit_reml(single(self.y), self.random(), self.blocks())

    def blocks(self) -> tuple[FixedBlock, ...]:
        return (FixedBlock(self.fixed_code, self.fixed),)

    def products(self):
        return cross_products(single(self.y), self.random(), self.blocks())


@pytest.fixture
def problem() -> Problem:
    rng = np.random.default_rng(5)
    n, levels = 150, (4, 21, 9)
    codes = tuple(rng.integers(0, size, n) for size in levels)
    for code, size in zip(codes, levels, strict=True):
        code[:size] = np.arange(size)
    fixed_code = rng.integers(0, 3, n)
    fixed = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.5]])
    effect = sum(rng.normal(0, 1, size)[code] for size, code in zip(levels, codes, strict=True))
    return Problem(10 + effect + rng.normal(0, 1.5, n), codes, fixed, fixed_code)


@dataclass
class Dense:
    """The same model written out with n x n matrices."""

    z: list[np.ndarray]
    x: np.ndarray
    beta: np.ndarray
    criterion: float
    effects: list[np.ndarray]

    def joint(self, fit) -> np.ndarray:
        """Covariance of the errors of all random effects, then of the fixed ones (Henderson)."""
        design = np.hstack([*self.z, self.x])
        sizes = [m.shape[1] for m in self.z]
        prior = [np.full(k, fit.residual / v) for k, v in zip(sizes, fit.variances, strict=True)]
        ridge = np.diag(np.concatenate([*prior, np.zeros(self.x.shape[1])]))
        return fit.residual * np.linalg.inv(design.T @ design + ridge)


def dense(problem: Problem, ratios) -> Dense:
    y, n = problem.y, len(problem.y)
    z = [np.eye(code.max() + 1)[code] for code in problem.codes]
    x = problem.fixed[problem.fixed_code]
    v = np.eye(n) + sum(r * m @ m.T for r, m in zip(ratios, z, strict=True))
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    beta = np.linalg.solve(information, x.T @ inverse @ y)
    rest = y - x @ beta
    squares = rest @ inverse @ rest
    freedom = n - x.shape[1]
    criterion = (
        np.linalg.slogdet(v)[1]
        + np.linalg.slogdet(information)[1]
        + freedom * (1 + np.log(2 * np.pi * squares / freedom))
    )
    effect = [r * m.T @ inverse @ rest for r, m in zip(ratios, z, strict=True)]
    return Dense(z, x, beta, criterion, effect)


def test_the_criterion_equals_dense_algebra(problem):
    products = problem.products()
    for ratios in ((0.3, 0.7, 0.1), (2.0, 0.01, 5.0), (0.0, 0.4, 0.0)):
        by_order = np.array([ratios[k] for k in products.order])
        value, _ = criterion_and_gradient(products, by_order)
        assert value == pytest.approx(dense(problem, ratios).criterion, rel=1e-12)


def test_the_gradient_equals_finite_differences(problem):
    products = problem.products()
    ratios, step = np.array([0.4, 0.2, 0.9]), 1e-5
    _, slopes = criterion_and_gradient(products, ratios)
    for k in range(3):
        up, down = ratios.copy(), ratios.copy()
        up[k] += step
        down[k] -= step
        rise = criterion_and_gradient(products, up)[0] - criterion_and_gradient(products, down)[0]
        assert slopes[k] == pytest.approx(rise / (2 * step), rel=1e-6, abs=1e-6)


def test_the_gradient_is_exact_where_a_variance_is_zero(problem):
    products = problem.products()
    ratios, step = np.array([0.0, 0.0, 0.5]), 1e-6
    value, slopes = criterion_and_gradient(products, ratios)
    for k in range(2):
        up = ratios.copy()
        up[k] = step
        rise = criterion_and_gradient(products, up)[0] - value
        assert slopes[k] == pytest.approx(rise / step, rel=1e-3)


def test_the_fit_is_where_every_slope_vanishes(problem):
    fit = problem.fit()
    value, slopes = criterion_and_gradient(fit.products, fit.solution.ratios)
    assert slopes == pytest.approx(np.zeros(3), abs=1e-3)
    for k in range(3):
        for factor_of in (0.9, 1.1):
            moved = fit.solution.ratios.copy()
            moved[k] *= factor_of
            assert criterion_and_gradient(fit.products, moved)[0] > value


def test_effects_and_fixed_effects_equal_dense_algebra(problem):
    fit = problem.fit()
    plain = dense(problem, np.array(fit.variances) / fit.residual)
    assert fit.fixed == pytest.approx(plain.beta, rel=1e-9)
    assert fit.fixed_covariance == pytest.approx(plain.joint(fit)[-2:, -2:], rel=1e-8)
    for k in range(3):
        assert effects(fit, k).estimate == pytest.approx(plain.effects[k], rel=1e-8, abs=1e-9)


def test_conditional_sds_hold_the_fixed_effects(problem):
    fit = problem.fit()
    z = np.hstack(dense(problem, np.array(fit.variances) / fit.residual).z)
    prior = np.concatenate(
        [np.full(code.max() + 1, v) for code, v in zip(problem.codes, fit.variances, strict=True)]
    )
    # var(b | y, beta) = (Z'Z / s2 + diag(1 / prior))^-1
    conditional = np.linalg.inv(z.T @ z / fit.residual + np.diag(1 / prior))
    found = np.concatenate([effects(fit, k).sd for k in range(3)])
    assert found == pytest.approx(np.sqrt(np.diag(conditional)), rel=1e-9)


def test_the_joint_posterior_of_combinations_equals_dense_algebra(problem):
    fit = problem.fit()
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(5, code.max() + 1)) for code in problem.codes]
    fixed = rng.normal(size=(5, 2))
    plain = dense(problem, np.array(fit.variances) / fit.residual)
    combined = np.hstack([*weights, fixed])
    result = posterior(fit, tuple(weights), fixed)
    mean = combined @ np.concatenate([*plain.effects, plain.beta])
    assert result.mean == pytest.approx(mean, rel=1e-8)
    assert result.covariance == pytest.approx(combined @ plain.joint(fit) @ combined.T, rel=1e-7)
    assert expected(fit, tuple(weights), fixed) == pytest.approx(result.mean, rel=1e-12)


def test_a_factor_left_out_of_a_combination_counts_for_nothing(problem):
    fit = problem.fit()
    some, nothing = np.eye(4), [np.zeros((4, code.max() + 1)) for code in problem.codes[1:]]
    fixed = np.zeros((4, 2))
    short = posterior(fit, (some, None, None), fixed)
    assert short.covariance == pytest.approx(posterior(fit, (some, *nothing), fixed).covariance)


def test_summed_rows_give_the_same_fit_as_single_ones(problem):
    station, staff, third = problem.codes
    key = ((station * 21 + staff) * 9 + third) * 3 + problem.fixed_code
    cells, code = np.unique(key, return_inverse=True)
    sums = Sums(
        np.bincount(code).astype(float),
        np.bincount(code, problem.y),
        np.bincount(code, problem.y**2),
    )
    assert len(cells) < len(problem.y)
    parts = (cells // (3 * 9 * 21), cells // (3 * 9) % 21, cells // 3 % 9)
    summed = fit_reml(
        sums, tuple(factor(part) for part in parts), (FixedBlock(cells % 3, problem.fixed),)
    )
    assert summed.criterion == pytest.approx(problem.fit().criterion, rel=1e-12)
    assert summed.variances == pytest.approx(problem.fit().variances, rel=1e-6)
