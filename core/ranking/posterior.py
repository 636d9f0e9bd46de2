"""What a fitted mixed model says about effects and about sums of effects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from core.ranking.arrays import FloatArray, IntArray, Matrix
from core.ranking.crossproducts import FixedBlock, RandomFactor
from core.ranking.equations import inverse_from
from core.ranking.reml import MixedFit


@dataclass(frozen=True, eq=False)
class Effects:
    """Best linear unbiased predictions of one random factor, level by level.

    `sd` is conditional on the fixed effects and the variances, as lme4 gives it.
    """

    estimate: FloatArray
    sd: FloatArray


@dataclass(frozen=True, eq=False)
class Posterior:
    """Joint normal distribution of several quantities, given the data and the variances.

    Attributes:
        mean: one value per quantity.
        covariance: quantities x quantities, with the uncertainty of the fixed effects.
    """

    mean: FloatArray
    covariance: FloatArray

    def sd(self) -> FloatArray:
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def part(self, chosen: IntArray) -> Posterior:
        return Posterior(self.mean[chosen], self.covariance[np.ix_(chosen, chosen)])


def effects(fit: MixedFit, factor: int) -> Effects:
    """Predictions of one random factor, by its position among those given to the fit."""
    position = fit.products.order.index(factor)
    conditional = _conditional_spread(fit)
    if position == 0:
        return _effects_kept_apart(fit, conditional)
    columns = _columns(fit, position)
    variance = fit.residual * np.diag(conditional)[columns]
    return Effects(fit.solution.coefficients[columns], np.sqrt(np.maximum(variance, 0.0)))


def posterior(fit: MixedFit, random: tuple[Matrix | None, ...], fixed: FloatArray) -> Posterior:
    """Joint distribution of linear combinations of all effects.

    With b the effects in the block U and v those of the factor kept apart,
    v | b ~ N(r D (totals - cross b), s2 r D), D = diag(shrink), r the ratio; so any combination
    w'b + t'v has the loadings w - cross' r D t on b and the variance s2 t' r D t of its own.

    Args:
        fit: the fitted model.
        random: per random factor, in the sequence given to the fit, a matrix of
            combinations x levels; None leaves the factor out.
        fixed: combinations x fixed effects.
    """
    loadings, weighted, apart = _loadings(fit, random, fixed)
    scale = fit.solution.scale
    spread = scale[:, None] * inverse_from(fit.solution.factor) * scale
    own = (weighted @ apart.T).toarray()
    return Posterior(
        mean=loadings @ fit.solution.coefficients + weighted @ fit.products.totals,
        covariance=fit.residual * (loadings @ spread @ loadings.T + own),
    )


def _loadings(
    fit: MixedFit, random: tuple[Matrix | None, ...], fixed: FloatArray
) -> tuple[FloatArray, Matrix, Matrix]:
    """Loadings on b, the matrix t' r D, and t itself, one row per combination."""
    rows, products = len(fixed), fit.products
    loadings = np.zeros((rows, len(products.rhs)))
    loadings[:, products.random_columns :] = fixed
    for position, factor in enumerate(products.order[1:], start=1):
        weights = random[factor]
        if weights is not None:
            loadings[:, _columns(fit, position)] = plain(weights)
    apart = random[products.order[0]]
    if apart is None:
        apart = sparse.csr_array((rows, len(products.counts)))
    apart = sparse.csr_array(apart)
    weighted = apart @ sparse.diags_array(fit.solution.ratios[0] * fit.solution.shrink)
    return loadings - weighted @ products.cross, weighted, apart


def expected(fit: MixedFit, random: tuple[Matrix | None, ...], fixed: FloatArray) -> FloatArray:
    """The mean of `posterior` alone, without the cost of its covariance."""
    loadings, weighted, _ = _loadings(fit, random, fixed)
    mean: FloatArray = loadings @ fit.solution.coefficients + weighted @ fit.products.totals
    return mean


def observed(
    fit: MixedFit,
    random: tuple[Matrix | None, ...],
    fixed: FloatArray,
    blocks: tuple[tuple[RandomFactor, ...], FixedBlock],
) -> FloatArray:
    """What `expected` takes of each observation: combinations x rows, its weights of one score.

    Args:
        blocks: the random factors, in the sequence given to the fit, and the fixed effects.
    """
    loadings, weighted, _ = _loadings(fit, random, fixed)
    scale, products = fit.solution.scale, fit.products
    through = ((loadings * scale) @ inverse_from(fit.solution.factor)) * scale
    apart = plain(products.cross @ through.T).T * fit.solution.ratios[0] * fit.solution.shrink
    factors, effects = blocks
    rows = (plain(weighted) - apart)[:, factors[products.order[0]].codes]
    for position, factor in enumerate(products.order[1:], start=1):
        rows = rows + through[:, _columns(fit, position)][:, factors[factor].codes]
    ends = through[:, products.random_columns :] @ effects.design.T
    weights: FloatArray = rows + ends[:, effects.codes]
    return weights


def plain(matrix: Matrix) -> FloatArray:
    dense: FloatArray = matrix.toarray() if sparse.issparse(matrix) else matrix
    return dense


def _columns(fit: MixedFit, position: int) -> slice:
    start = sum(fit.products.sizes[: position - 1])
    return slice(start, start + fit.products.sizes[position - 1])


def _conditional_spread(fit: MixedFit) -> FloatArray:
    """Relative covariance of the random columns of U with the fixed effects held."""
    columns = fit.products.random_columns
    scale = fit.solution.scale[:columns]
    return scale[:, None] * inverse_from(fit.solution.factor[:columns, :columns]) * scale


def _effects_kept_apart(fit: MixedFit, conditional: FloatArray) -> Effects:
    products, solution = fit.products, fit.solution
    shrunk = solution.ratios[0] * solution.shrink
    estimate = shrunk * (products.totals - products.cross @ solution.coefficients)
    random = products.cross[:, : products.random_columns]
    through = ((random @ conditional) * plain(random)).sum(axis=1)
    return Effects(estimate, np.sqrt(fit.residual * (shrunk + shrunk**2 * through)))
