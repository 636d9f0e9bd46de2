"""Henderson's mixed model equations: solved, differentiated and curved at given variance ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from core.errors import InvalidInput
from core.ranking.arrays import FloatArray
from core.ranking.crossproducts import CrossProducts

NOT_ESTIMABLE = "The variances cannot be estimated from these scores."


@dataclass(frozen=True, eq=False)
class Solution:
    """Henderson's equations at given ratios, after the largest factor is eliminated.

    With E = diag(square roots of the ratios, ones for fixed effects) the matrix that is factorised
    is H = E A E + diag(ones for random, zeros for fixed columns), so that a ratio of zero is no
    special case.

    Attributes:
        ratios: in the sequence of `CrossProducts.order`.
        shrink: 1 / (1 + ratio x count) per level of the factor kept apart.
        gram: A, the rest of U'U after elimination.
        rhs: the same for U'y.
        scale: the diagonal of E.
        factor: lower Cholesky factor of H.
        coefficients: random effects, then fixed effects.
        squares: y' P y.
        criterion: minus twice the restricted log-likelihood.
    """

    ratios: FloatArray
    shrink: FloatArray
    gram: FloatArray
    rhs: FloatArray
    scale: FloatArray
    factor: FloatArray
    coefficients: FloatArray
    squares: float
    criterion: float


def solve(products: CrossProducts, ratios: FloatArray) -> Solution:
    """The equations at given ratios.

    Raises:
        InvalidInput: overlapping fixed effects, or nothing left unexplained.
    """
    shrink = 1.0 / (1.0 + ratios[0] * products.counts)
    gram = products.gram - ratios[0] * products.weighted_gram(shrink)
    rhs = products.rhs - ratios[0] * (products.cross.T @ (shrink * products.totals))
    squares = products.squares - ratios[0] * float(shrink @ products.totals**2)
    scale = np.concatenate(
        [np.repeat(np.sqrt(ratios[1:]), products.sizes), np.ones(products.fixed_columns)]
    )
    matrix = scale[:, None] * gram * scale
    matrix[np.diag_indices(products.random_columns)] += 1.0
    factor = _cholesky(matrix)
    solved = linalg.cho_solve((factor, True), scale * rhs)
    squares -= float((scale * rhs) @ solved)
    if squares <= 0.0:
        raise InvalidInput(NOT_ESTIMABLE)
    freedom = products.n - products.fixed_columns
    criterion = (
        np.log1p(ratios[0] * products.counts).sum()
        + 2.0 * np.log(np.diag(factor)).sum()
        + freedom * (1.0 + np.log(2.0 * np.pi * squares / freedom))
    )
    return Solution(
        ratios=ratios,
        shrink=shrink,
        gram=gram,
        rhs=rhs,
        scale=scale,
        factor=factor,
        coefficients=scale * solved,
        squares=squares,
        criterion=float(criterion),
    )


def _cholesky(matrix: FloatArray) -> FloatArray:
    try:
        factor: FloatArray = linalg.cholesky(matrix, lower=True)
    except linalg.LinAlgError as error:
        raise InvalidInput("The fixed effects overlap and cannot be told apart.") from error
    return factor


def inverse_from(factor: FloatArray) -> FloatArray:
    inverse: FloatArray = linalg.cho_solve((factor, True), np.eye(len(factor)))
    return inverse


@dataclass(frozen=True, eq=False)
class Derivatives:
    """How the criterion changes, at one solution.

    Attributes:
        slopes: of the criterion by each ratio, in the sequence of `CrossProducts.order`.
        information: average information on the residual variance and on each factor's variance.
    """

    slopes: FloatArray
    information: FloatArray


def derivatives(products: CrossProducts, solution: Solution) -> Derivatives:
    """Exact slopes, and the average information with a floor under its diagonal.

    Where a factor's predictions are all zero, its average information is zero and says nothing
    about curvature. The floor is what the expected information tr((Z' P Z)^2) is at least:
    tr(Z' P Z)^2 / levels.
    """
    scores = _scores(products, solution)
    traces = _traces(products, solution)
    freedom = products.n - products.fixed_columns
    squares = np.array([score @ score for score in scores])
    information = _average_information(products, solution, scores)
    levels = np.array([len(score) for score in scores])
    floor = solution.squares / freedom * traces**2 / levels
    diagonal = np.diag_indices(len(information))
    information[diagonal] = np.maximum(information[diagonal], [0.0, *floor])
    return Derivatives(traces - freedom / solution.squares * squares, information)


def _scores(products: CrossProducts, solution: Solution) -> tuple[FloatArray, ...]:
    """Z_k' P y per random factor, in the sequence of `CrossProducts.order`."""
    apart = solution.shrink * (products.totals - products.cross @ solution.coefficients)
    scores = (solution.rhs - solution.gram @ solution.coefficients)[: products.random_columns]
    return (apart, *_by_factor(scores, products.sizes))


def _by_factor(values: FloatArray, sizes: tuple[int, ...]) -> list[FloatArray]:
    return np.split(values, np.cumsum(sizes))[: len(sizes)]


def _traces(products: CrossProducts, solution: Solution) -> FloatArray:
    """The traces tr(Z_k' P Z_k) per random factor."""
    columns = products.random_columns
    half = linalg.solve_triangular(
        solution.factor, solution.scale[:, None] * solution.gram[:, :columns], lower=True
    )
    diagonal = np.diag(solution.gram)[:columns] - (half**2).sum(axis=0)
    traces = [factor.sum() for factor in _by_factor(diagonal, products.sizes)]
    return np.array([_trace_apart(products, solution), *traces])


def _trace_apart(products: CrossProducts, solution: Solution) -> float:
    spread = solution.scale[:, None] * inverse_from(solution.factor) * solution.scale
    through = (spread * products.weighted_gram(solution.shrink**2)).sum()
    return float(solution.shrink @ products.counts - through)


def _average_information(
    products: CrossProducts, solution: Solution, scores: tuple[FloatArray, ...]
) -> FloatArray:
    """Matrix of y' P V_i P V_j P y, V_0 = I the residual and V_k = Z_k Z_k' a factor.

    With f_k = Z_k Z_k' P y and P V P = P, the entries with the residual follow from the others:
    f_k' P P y = f_k' P y - sum over l of ratio_l f_k' P f_l.
    """
    apart, stacked = scores[0], _stacked(scores[1:])
    loads = np.column_stack(
        [
            products.cross.T @ (solution.shrink * apart),
            solution.gram[:, : products.random_columns] @ stacked,
        ]
    )
    inner = stacked.T @ loads[: products.random_columns]
    plain = np.zeros((len(scores), len(scores)))
    plain[0, 0] = (solution.shrink * products.counts) @ apart**2
    plain[1:] = inner
    plain[0, 1:] = inner[:, 0]
    half = linalg.solve_triangular(solution.factor, solution.scale[:, None] * loads, lower=True)
    factors = plain - half.T @ half
    squares = np.array([score @ score for score in scores])
    mixed = squares - factors @ solution.ratios
    own = solution.squares - solution.ratios @ squares - solution.ratios @ mixed
    return np.block([[np.array([[own]]), mixed[None, :]], [mixed[:, None], factors]])


def _stacked(vectors: tuple[FloatArray, ...]) -> FloatArray:
    """The vectors below one another, each in a column of its own."""
    columns = np.repeat(np.arange(len(vectors)), [len(vector) for vector in vectors])
    stacked = np.zeros((len(columns), len(vectors)))
    if vectors:
        stacked[np.arange(len(columns)), columns] = np.concatenate(vectors)
    return stacked
