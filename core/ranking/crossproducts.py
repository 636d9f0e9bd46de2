"""Counts and sums from which a mixed model can be fitted without seeing the rows again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from core.errors import InvalidInput
from core.ranking.arrays import FloatArray, IntArray, Matrix, sum_by

DENSE_FROM = 0.1
"""Share of filled entries from which a plain matrix is faster than a sparse one."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Per row: how many observations, their sum and their sum of squares."""

    n: FloatArray
    total: FloatArray
    squares: FloatArray


@dataclass(frozen=True, eq=False)
class RandomFactor:
    """A random intercept: the level of each row, levels numbered from 0."""

    codes: IntArray
    levels: int


@dataclass(frozen=True, eq=False)
class FixedBlock:
    """Fixed effects that depend on one code per row; `design` is levels x columns."""

    codes: IntArray
    design: FloatArray


Block = RandomFactor | FixedBlock


@dataclass(frozen=True, eq=False)
class CrossProducts:
    """What the likelihood needs, for y = X b + sum of Z_k u_k + e.

    The largest random factor is kept apart, because it is eliminated through the diagonal of its
    counts. All other columns, the remaining random factors first and the fixed effects last, form
    the block U.

    Attributes:
        order: positions of the random factors as given; the first is the one kept apart.
        sizes: levels of the remaining random factors, in the sequence of their columns in U.
        counts: observations per level of the factor kept apart.
        totals: sum of y per level of the factor kept apart.
        cross: levels of the factor kept apart x columns of U, plain or sparse.
        gram: U'U.
        rhs: U'y.
        squares: y'y.
        n: number of observations.
    """

    order: tuple[int, ...]
    sizes: tuple[int, ...]
    counts: FloatArray
    totals: FloatArray
    cross: Matrix
    gram: FloatArray
    rhs: FloatArray
    squares: float
    n: float

    @property
    def random_columns(self) -> int:
        return sum(self.sizes)

    @property
    def fixed_columns(self) -> int:
        return len(self.rhs) - self.random_columns

    def weighted_gram(self, weights: FloatArray) -> FloatArray:
        """The plain matrix cross' diag(weights) cross."""
        product = self.cross.T @ (sparse.diags_array(weights) @ self.cross)
        plain: FloatArray = product.toarray() if sparse.issparse(product) else product
        return plain


def cross_products(
    sums: Sums, random: tuple[RandomFactor, ...], fixed: tuple[FixedBlock, ...]
) -> CrossProducts:
    """One pass over the rows for every pair of columns.

    Raises:
        InvalidInput: there is no random factor or no row.
    """
    if not random or not len(sums.n):
        raise InvalidInput("There is nothing to fit.")
    order = tuple(int(k) for k in np.argsort([-f.levels for f in random], kind="stable"))
    apart = random[order[0]]
    blocks: list[Block] = [*(random[k] for k in order[1:]), *fixed]
    gram = sparse.block_array([[_pair(a, b, sums.n) for b in blocks] for a in blocks])
    return CrossProducts(
        order=order,
        sizes=tuple(random[k].levels for k in order[1:]),
        counts=sum_by(apart.codes, sums.n, apart.levels),
        totals=sum_by(apart.codes, sums.total, apart.levels),
        cross=_compact(sparse.hstack([_pair(apart, b, sums.n) for b in blocks]).tocsr()),
        gram=gram.toarray(),
        rhs=np.concatenate([_column_sums(b, sums.total) for b in blocks]),
        squares=float(sums.squares.sum()),
        n=float(sums.n.sum()),
    )


def _pair(first: Block, second: Block, n: FloatArray) -> Matrix:
    """Z_first' diag(n) Z_second; a random factor's Z has one indicator column per level."""
    shape = (_levels(first), _levels(second))
    counts = sparse.coo_array((n, (first.codes, second.codes)), shape=shape).tocsr()
    if isinstance(first, FixedBlock):
        counts = sparse.csr_array(first.design.T) @ counts
    if isinstance(second, FixedBlock):
        counts = counts @ sparse.csr_array(second.design)
    return counts


def _column_sums(block: Block, total: FloatArray) -> FloatArray:
    sums = sum_by(block.codes, total, _levels(block))
    return block.design.T @ sums if isinstance(block, FixedBlock) else sums


def _levels(block: Block) -> int:
    return len(block.design) if isinstance(block, FixedBlock) else block.levels


def _compact(matrix: Matrix) -> Matrix:
    size = matrix.shape[0] * matrix.shape[1]
    return matrix.toarray() if matrix.nnz > DENSE_FROM * size else matrix
