"""A mixed model's parts, from plain values."""

from __future__ import annotations

import numpy as np

from core.ranking.crossproducts import FixedBlock, RandomFactor, Sums


def single(values: np.ndarray) -> Sums:
    return Sums(np.ones(len(values)), values, values**2)


def intercept(rows: int) -> FixedBlock:
    return FixedBlock(np.zeros(rows, dtype=np.int64), np.ones((1, 1)))


def factor(codes) -> RandomFactor:
    codes = np.asarray(codes)
    return RandomFactor(codes, int(codes.max()) + 1)
