"""What the ranking is computed from: sums of scores by station, staff, inspector and case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInput
from core.ranking.arrays import FloatArray

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
class ScoreCells:
    """Inspections of record summed up; one entry of every column per cell.

    Cells may repeat (one per month, say); they are added up. Key columns hold any values that can
    be sorted; whole numbers are the fastest.

    Attributes:
        station: the station.
        staff: the member of staff; the same key at two stations counts as two people.
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

    @classmethod
    def from_rows(cls, rows: Iterable[ScoreRow]) -> ScoreCells:
        columns = [np.array(column) for column in zip(*rows, strict=True)]
        if not columns:
            columns = [np.empty(0, dtype=np.int64) for _ in fields(cls)]
        sums = [column.astype(np.float64) for column in columns[5:]]
        return cls(**dict(zip(ScoreRow._fields, [*columns[:5], *sums], strict=True)))

    def take(self, rows: NDArray[Any]) -> ScoreCells:
        """The chosen rows, by position or by a mask."""
        return ScoreCells(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def check(self) -> None:
        """Refuses sums that no scores can have.

        Raises:
            InvalidInput: columns of different lengths, negative counts, numbers that are missing
                or infinite, fewer squares than the sums require, or more critical failures than
                inspections.
        """
        lengths = {len(getattr(self, field.name)) for field in fields(self)}
        if len(lengths) > 1:
            raise InvalidInput("The columns of the score cells differ in length.")
        sums = (self.n, self.total, self.squares, self.weight, self.weighted)
        if not all(np.isfinite(column).all() for column in (*sums, self.critical, self.unscored)):
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
        if len({len(getattr(self, field.name)) for field in fields(self)}) > 1:
            raise InvalidInput("The columns of the traffic differ in length.")
        if not np.all(np.isfinite(self.count) & (self.count >= 0)):
            raise InvalidInput("The traffic holds a count that is missing or below zero.")
