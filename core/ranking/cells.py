"""What the ranking is computed from: sums of scores by station, staff, inspector and case."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import LARGEST, InvalidInput
from core.ranking.arrays import FloatArray, IntArray

Keys = NDArray[Any]
Key = int | str


class ScoreRow(NamedTuple):
    """One row of `ScoreCells`, for callers that have rows."""

    station: Key
    staff: Key
    inspector: Key
    case: Key
    stratum: Key
    n: float
    total: float
    squares: float
    weight: float
    weighted: float
    critical: float
    unscored: float = 0.0


@dataclass(frozen=True, eq=False)
class MonthCells:
    """Scores summed up by station, inspector, month, case and stratum; keys as in `ScoreCells`."""

    station: Keys
    inspector: Keys
    month: IntArray
    case: Keys
    stratum: Keys
    n: FloatArray
    total: FloatArray


@dataclass(frozen=True, eq=False)
class DayCells:
    """Scores summed up by station and day; one entry of every column per cell."""

    station: Keys
    day: Keys
    n: FloatArray
    total: FloatArray
    squares: FloatArray


@dataclass(frozen=True, eq=False)
class ScoreCells:
    """Inspections of record summed up; one entry of every column per cell.

    Cells may repeat (one per month, say); they are added up. Key columns hold any values that can
    be sorted; whole numbers are the fastest.

    Attributes:
        station: the station.
        staff: the member of staff; the same key at two stations counts as two people,
            unless they are compared otherwise (`core.ranking.compare`).
        inspector: who scored.
        case: checklist and channel, as one key. Stations are compared at the network's mix of it.
        stratum: risk stratum and sample class, as one key. A station keeps its own mix of it.
        n: inspections with a score.
        total: sum of their scores before critical effects.
        squares: sum of the squares of these scores.
        weight: sum of 1 / inclusion probability.
        weighted: sum of score / inclusion probability.
        critical: inspections with a critical failure.
        unscored: inspections without a score (everything N/A).
        days, months: the same inspections by station and day, and by station, inspector and month,
            if known. From them the verdicts learn how far scores of a day, or of an inspector in a
            month, go together.
    """

    station: Keys
    staff: Keys
    inspector: Keys
    case: Keys
    stratum: Keys
    n: FloatArray
    total: FloatArray
    squares: FloatArray
    weight: FloatArray
    weighted: FloatArray
    critical: FloatArray
    unscored: FloatArray
    days: DayCells | None = None
    months: MonthCells | None = None

    @classmethod
    def from_rows(cls, rows: Iterable[ScoreRow]) -> ScoreCells:
        columns = [np.array(column) for column in zip(*rows, strict=True)]
        if not columns:
            columns = [np.empty(0, dtype=np.int64) for _ in ScoreRow._fields]
        sums = [column.astype(np.float64) for column in columns[5:]]
        values: dict[str, Any] = dict(zip(ScoreRow._fields, [*columns[:5], *sums], strict=True))
        return cls(**values)

    def take(self, rows: NDArray[Any]) -> ScoreCells:
        """The chosen rows, by position or by a mask."""
        return replace(self, **{name: getattr(self, name)[rows] for name in ScoreRow._fields})

    def check(self) -> None:
        """Refuses sums that no scores can have.

        Raises:
            InvalidInput: columns of different lengths, negative counts, numbers that are missing
                or infinite, fewer squares than the sums require, or more critical failures than
                inspections.
        """
        lengths = {len(getattr(self, name)) for name in ScoreRow._fields}
        if len(lengths) > 1:
            raise InvalidInput("The columns of the score cells differ in length.")
        for key in (self.station, self.staff, self.inspector, self.case, self.stratum):
            _check_keys(key)
        sums = (self.n, self.total, self.squares, self.weight, self.weighted)
        if not all(_is_finite(column) for column in (*sums, self.critical, self.unscored)):
            raise InvalidInput("A score cell holds a number that is missing or infinite.")
        if min(self.n.min(initial=0), self.unscored.min(initial=0)) < 0:
            raise InvalidInput("A score cell counts fewer than no inspections.")
        if np.any(self.squares * self.n < self.total**2 * (1 - 1e-9)):
            raise InvalidInput("A score cell has a smaller sum of squares than its sum allows.")
        if np.any((self.weight <= 0) & (self.n > 0)):
            raise InvalidInput("A score cell with inspections has no weight.")
        if np.any((self.critical < 0) | (self.critical > self.n + self.unscored)):
            raise InvalidInput("A score cell counts more critical failures than inspections.")


@dataclass(frozen=True, eq=False)
class Traffic:
    """Encounters served in the period, inspected or not; columns as in `ScoreCells`.

    Attributes:
        station: the station.
        staff: the member of staff.
        case: checklist and channel.
        stratum: risk stratum and sample class.
        count: number of encounters.
    """

    station: Keys
    staff: Keys
    case: Keys
    stratum: Keys
    count: FloatArray

    def check(self) -> None:
        """Refuses columns of different lengths and counts that are missing or below zero.

        Raises:
            InvalidInput: one of these.
        """
        columns = (self.station, self.staff, self.case, self.stratum, self.count)
        if len({len(column) for column in columns}) > 1:
            raise InvalidInput("The columns of the traffic differ in length.")
        for key in columns[:-1]:
            _check_keys(key)
        if not _is_finite(self.count) or self.count.min(initial=0) < 0:
            raise InvalidInput("The traffic holds a count that is missing or below zero.")


def _check_keys(keys: Keys) -> None:
    if keys.dtype.kind == "O":
        try:
            np.unique(keys)
        except TypeError as error:
            raise InvalidInput("Keys must be all numbers or all texts.") from error
    floats = [key for key in keys.tolist() if isinstance(key, float)] if _may_be_float(keys) else []
    if not all(map(math.isfinite, floats)):
        raise InvalidInput("A key is missing or infinite.")


def _may_be_float(keys: Keys) -> bool:
    return keys.dtype.kind in {"f", "O"}


def _is_finite(column: FloatArray) -> bool:
    return column.dtype.kind in "fiub" and bool((np.abs(column) <= LARGEST).all())
