"""Texts as vectors: which common runs of characters they have, rare ones weighing more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.prescore.ngrams import Keys, Numbers, Occurrences, common_keys

Floats = NDArray[np.float64]
Weights = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Cells:
    """The known runs in some texts: each occurrence, and the cells of the vectors they make.

    Attributes:
        occurrences: the occurrences.
        code: which cell each counts in, row times runs of the vocabulary plus column.
        codes, value, times: of each cell, sorted. A row has length one; its values are logarithms
            of how many times a run occurs, times its rarity.
        shape: texts x runs of the vocabulary.
    """

    occurrences: Occurrences
    code: Numbers
    codes: Numbers
    value: Floats
    times: Numbers
    shape: tuple[int, int]

    @property
    def row(self) -> Numbers:
        return self.codes // self.shape[1]

    @property
    def column(self) -> Numbers:
        return self.codes % self.shape[1]

    def scores(self, weights: Weights) -> Floats:
        """The score of each text, biases aside."""
        amounts = weights[self.column] * self.value
        sums = np.bincount(self.row, weights=amounts, minlength=self.shape[0])
        return np.asarray(sums, dtype=np.float64)

    def amounts(self, weights: Weights) -> Floats:
        """What each occurrence adds to the score of its text."""
        amounts = weights[self.column] * self.value / self.times
        return np.asarray(amounts[np.searchsorted(self.codes, self.code)])


@dataclass(frozen=True)
class Vocabulary:
    """The runs that are known, sorted, each with a weight for how rare it is."""

    keys: Keys
    rarity: NDArray[np.float32]

    def cells(self, runs: Occurrences, row: Numbers, count: int) -> Cells:
        """The known ones among the runs, `row` of `count` being the text of each."""
        width = max(len(self.keys), 1)
        columns = np.searchsorted(self.keys, runs.key)
        columns[columns == len(self.keys)] = 0
        is_known = np.zeros(len(columns), dtype=bool)
        if len(self.keys):
            is_known = self.keys[columns] == runs.key
        code = row[is_known] * width + columns[is_known]
        codes, times = np.unique(code, return_counts=True)
        rows, column = np.divmod(codes, width)
        values = (1 + np.log(times)) * self.rarity[column]
        norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=count))
        return Cells(
            occurrences=runs.taken(is_known),
            code=code,
            codes=codes,
            value=values / norms[rows],
            times=times,
            shape=(count, width),
        )


def learned_vocabulary(encounters: Iterable[Keys], customers: Sequence[str]) -> Vocabulary:
    """The runs that enough of the encounters have, whose customers stand beside them."""
    keys, counts = common_keys(encounters, customers)
    rarity = np.log((1 + len(customers)) / (1 + counts)) + 1
    return Vocabulary(keys, rarity.astype(np.float32))


def vectors(texts: Sequence[Cells], width: int) -> sparse.csr_array:
    """All rows of some cells below each other."""
    offsets = np.cumsum([0, *(cells.shape[0] for cells in texts)])
    rows = np.concatenate(
        [cells.row + offset for cells, offset in zip(texts, offsets, strict=False)]
    )
    starts = np.searchsorted(rows, np.arange(offsets[-1] + 1))
    values = np.concatenate([cells.value for cells in texts])
    columns = np.concatenate([cells.column for cells in texts])
    return sparse.csr_array((values, columns, starts), shape=(int(offsets[-1]), max(width, 1)))
