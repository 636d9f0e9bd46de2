"""Restricted maximum likelihood for crossed random intercepts, fitted from cross-products.

Model: y = X b + sum over k of Z_k u_k + e with u_k ~ N(0, ratio_k s2 I) and e ~ N(0, s2 I). The
residual variance s2 and the fixed effects are profiled out, which leaves one variance ratio per
random factor. The criterion is minus twice the restricted log-likelihood, as lme4 defines it
(Bates, Maechler, Bolker & Walker 2015, Journal of Statistical Software 67(1)). Its gradient is
exact: d/d ratio_k = tr(Z_k' P Z_k) - (n - p) |Z_k' P y|^2 / (y' P y) with
P = V^-1 - V^-1 X (X' V^-1 X)^-1 X' V^-1 (Searle, Casella & McCulloch 1992, Variance Components).
Steps are Newton's with the average information (Gilmour, Thompson & Cullis 1995, Biometrics 51).
Ratios, not standard deviations, are varied: a variance of zero is then an ordinary bound where the
gradient still says whether the optimum lies there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from core.errors import InvalidInput
from core.ranking.arrays import BoolArray, FloatArray
from core.ranking.crossproducts import (
    CrossProducts,
    FixedBlock,
    RandomFactor,
    Sums,
    cross_products,
)
from core.ranking.equations import (
    NOT_ESTIMABLE,
    Derivatives,
    Solution,
    derivatives,
    inverse_from,
    solve,
)

START = 0.1
SMALL_RATIO = 1e-3
LARGEST_RATIO = 1e8
SLOPE_TOLERANCE = 1e-4
"""Largest slope of the criterion by the logarithm of a ratio that counts as converged."""
ROUNDING = 1e-12
MOST_STEPS, MOST_HALVINGS = 100, 12


@dataclass(frozen=True, eq=False)
class MixedFit:
    """A fitted model. Random factors stand in the sequence in which they were given.

    Attributes:
        variances: variance of each random factor; exactly 0.0 where the fit is singular.
        residual: residual variance.
        criterion: minus twice the restricted log-likelihood at the optimum.
        fixed: fixed effects.
        fixed_covariance: their covariance.
        products: what the fit was computed from.
        solution: the factorised equations at the optimum.
    """

    variances: tuple[float, ...]
    residual: float
    criterion: float
    fixed: FloatArray
    fixed_covariance: FloatArray
    products: CrossProducts
    solution: Solution


def fit_reml(
    sums: Sums, random: tuple[RandomFactor, ...], fixed: tuple[FixedBlock, ...]
) -> MixedFit:
    """Fits the model by Newton steps on the variances, none of them below zero.

    A variance that is best at zero is returned as exactly 0.0. The columns of the fixed blocks must
    be linearly independent.

    Raises:
        InvalidInput: no more observations than fixed effects, all values equal, fixed effects that
            overlap, or no optimum within bounds (residual variance of zero).
    """
    products = cross_products(sums, random, fixed)
    _refuse_what_cannot_be_fitted(products, float(sums.total.sum()))
    solution = _optimum(products)
    residual = solution.squares / (products.n - products.fixed_columns)
    covariance = residual * inverse_from(solution.factor)
    by_factor = dict(zip(products.order, solution.ratios, strict=True))
    return MixedFit(
        variances=tuple(float(residual * by_factor[k]) for k in range(len(random))),
        residual=residual,
        criterion=solution.criterion,
        fixed=solution.coefficients[products.random_columns :],
        fixed_covariance=covariance[products.random_columns :, products.random_columns :],
        products=products,
        solution=solution,
    )


def criterion_and_gradient(products: CrossProducts, ratios: FloatArray) -> tuple[float, FloatArray]:
    """The profiled criterion and its slopes; ratios in the sequence of `products.order`."""
    solution = solve(products, ratios)
    return solution.criterion, derivatives(products, solution).slopes


def _refuse_what_cannot_be_fitted(products: CrossProducts, total: float) -> None:
    if products.n <= products.fixed_columns:
        raise InvalidInput("There are no more scores than fixed effects.")
    if products.squares - total**2 / products.n <= 1e-12 * products.squares:
        raise InvalidInput("All scores are equal, so there is nothing to compare.")


def _optimum(products: CrossProducts) -> Solution:
    solution = solve(products, np.full(len(products.order), START))
    for _ in range(MOST_STEPS):
        change = derivatives(products, solution)
        if _is_optimal(solution.ratios, change.slopes):
            return solution
        solution = _descend(products, solution, _newton(products, solution, change))
    raise InvalidInput(NOT_ESTIMABLE)


def _is_optimal(ratios: FloatArray, slopes: FloatArray) -> bool:
    at_bound: BoolArray = (ratios == 0.0) & (slopes >= 0.0)
    steep = np.abs(slopes) * np.maximum(ratios, SMALL_RATIO)
    return bool(np.all(at_bound | (steep <= SLOPE_TOLERANCE)))


def _newton(products: CrossProducts, solution: Solution, change: Derivatives) -> FloatArray:
    """Ratios after one Newton step on the variances, those that would fall below zero at zero."""
    residual = solution.squares / (products.n - products.fixed_columns)
    variances = residual * np.concatenate([[1.0], solution.ratios])
    downhill = np.concatenate([[solution.ratios @ change.slopes], -change.slopes]) / residual
    free = (variances > 0.0) | (downhill > 0.0)
    curvature = change.information[np.ix_(free, free)] / residual**3
    step = np.zeros_like(variances)
    step[free] = linalg.lstsq(curvature, downhill[free])[0]
    moved = np.maximum(variances + step, 0.0)
    ratios: FloatArray = moved[1:] / max(float(moved[0]), residual / 10)
    return np.minimum(ratios, LARGEST_RATIO)


def _descend(products: CrossProducts, solution: Solution, target: FloatArray) -> Solution:
    """The step towards the target, halved until the criterion no longer rises."""
    allowed = solution.criterion + ROUNDING * abs(solution.criterion)
    for _ in range(MOST_HALVINGS):
        moved = solve(products, target)
        if moved.criterion <= allowed:
            return moved
        target = (target + solution.ratios) / 2
    raise InvalidInput(NOT_ESTIMABLE)
