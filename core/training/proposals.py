"""Who should attend, by what was found in their work."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from core.errors import InvalidInput
from core.sampling import wilson_interval

REPEATED = 3
"""Inspections with losses on the taught items from which on losses count as repeated."""
LEVEL = 0.90
FEWEST_MEANT = 5
"""People at work at a station from which on one of them can be meant without being known."""


class Reason(StrEnum):
    """Why somebody is enrolled; the last three are no findings."""

    REPEATED = "repeated"
    STATION = "station"
    RESIT = "resit"
    DUE = "due"
    CHOSEN = "chosen"


_FOUND = (Reason.REPEATED, Reason.STATION)


class LossRecord(NamedTuple):
    """A person's inspections in which the taught items could be lost, and in how many they were."""

    staff: int
    station: int
    inspections: int
    losing: int


class Proposal(NamedTuple):
    """A person to enrol. `share` is that of inspections with a loss, 0 to 1."""

    staff: int
    station: int
    reason: Reason
    inspections: int
    losing: int

    @property
    def share(self) -> float:
        return self.losing / self.inspections


def propose(records: Sequence[LossRecord]) -> tuple[Proposal, ...]:
    """People with repeated losses, then people with a loss at stations clearly below the others.

    Repeated: at least REPEATED inspections with a loss, and a larger share of them than over
    everybody. A station is clearly below where Wilson's 90 % interval of its share lies above the
    share of everybody. Within a reason those whose interval begins highest come first, so that two
    losses of two do not overtake nine of ten.

    Raises:
        InvalidInput: more losing inspections than inspections.
    """
    for record in records:
        if not 0 <= record.losing <= record.inspections:
            raise InvalidInput(
                "{losing} of {count} cannot be.", losing=record.losing, count=record.inspections
            )
    total = sum(record.inspections for record in records)
    if not total:
        return ()
    usual = sum(record.losing for record in records) / total
    weak = _weak_stations(records, usual)
    proposals = [
        Proposal(
            staff=record.staff,
            station=record.station,
            reason=reason,
            inspections=record.inspections,
            losing=record.losing,
        )
        for record in records
        if (reason := _reason(record, usual, weak)) is not None
    ]
    return tuple(sorted(proposals, key=_order))


def _weak_stations(records: Sequence[LossRecord], usual: float) -> set[int]:
    counts: dict[int, tuple[int, int]] = {}
    for record in records:
        losing, inspections = counts.get(record.station, (0, 0))
        counts[record.station] = losing + record.losing, inspections + record.inspections
    return {
        station
        for station, (losing, inspections) in counts.items()
        if _lowest(losing, inspections) > usual
    }


def _reason(record: LossRecord, usual: float, weak: set[int]) -> Reason | None:
    if record.losing >= REPEATED and record.losing > usual * record.inspections:
        return Reason.REPEATED
    return Reason.STATION if record.losing and record.station in weak else None


def told_reason(reason: Reason, *, named: bool, people: int) -> Reason | None:
    """Why somebody comes, as a reader is told it; None: by losses, and no more than that.

    Args:
        reason: why.
        named: the reader may know the names of the station's people.
        people: how many are at work there; where they are few, how often somebody lost would tell
            whose the cases of the station are.
    """
    if named or people >= FEWEST_MEANT or reason not in _FOUND:
        return reason
    return None


def urgency(row: Proposal) -> tuple[int, float]:
    """What proposals are ordered by but for who is who: those found by their losses first."""
    if row.reason not in _FOUND:
        return 2, 0.0
    return int(row.reason is Reason.STATION), -_lowest(row.losing, row.inspections)


def _order(row: Proposal) -> tuple[int, float, int]:
    return *urgency(row), row.staff


def _lowest(losing: int, inspections: int) -> float:
    interval = wilson_interval(losing, inspections, level=LEVEL)
    return interval.lower if interval else 0.0
