"""Names and sums for the numpy arrays that pass between the modules of this package."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Matrix = Any
"""A plain array or a scipy sparse array, which carries no types."""


def sum_by(codes: IntArray, values: FloatArray, levels: int) -> FloatArray:
    return np.asarray(np.bincount(codes, values, levels), dtype=np.float64)
