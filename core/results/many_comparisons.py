"""Many cells of a table against the rest of their column: which differ, all looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.ranking import AgainstNetwork
from core.ranking.verdict import false_discovery_level
from core.results.figures import Moments, welch

FEWEST_IN_CELL = 10
"""Inspections below which a cell is not compared."""


class CellScores(NamedTuple):
    """Scores of a cell, and of everything it is compared with."""

    own: Moments
    others: Moments


def told_apart(cells: Sequence[CellScores]) -> list[AgainstNetwork]:
    """Each cell's side, at most one in twenty of those told being no different.

    Welch's test of the two means, and of all cells those that Benjamini and Hochberg (1995) reject
    at a false discovery rate of .05. Cells of fewer than FEWEST_IN_CELL inspections, and those
    whose scores do not vary, are too few and count for nothing. Inspections of a cell are taken to
    be independent: what people and days have in common is not in the sums.
    """
    tails = [_tail(cell) for cell in cells]
    known = np.array([tail for tail in tails if tail is not None])
    least = 1 - false_discovery_level(known)
    return [_side(cell, tail, least) for cell, tail in zip(cells, tails, strict=True)]


def _side(cell: CellScores, tail: float | None, least: float) -> AgainstNetwork:
    if tail is None:
        return AgainstNetwork.TOO_FEW
    if tail > least:
        return AgainstNetwork.CANNOT_TELL
    is_above = (cell.own.mean or 0.0) > (cell.others.mean or 0.0)
    return AgainstNetwork.ABOVE if is_above else AgainstNetwork.BELOW


def _tail(cell: CellScores) -> float | None:
    """Welch's two-sided probability; None where there is too little to compare."""
    if min(cell.own.n, cell.others.n) < FEWEST_IN_CELL:
        return None
    found = welch(*cell)
    return found.tail() if found else None
