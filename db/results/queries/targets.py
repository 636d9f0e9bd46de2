"""What stations should reach, on a day and as it was set."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.results.targets import TargetMeasure
from db.people.models import User
from db.results.models import StationTarget


class TargetRow(NamedTuple):
    """A target of a station; `since` is the day from which it is in force."""

    station: int
    measure: TargetMeasure
    value: float
    since: date


class TargetChange(NamedTuple):
    """What was set when and by whom; `value` is None where a target was taken away."""

    station: int
    measure: TargetMeasure
    value: float | None
    since: date
    changed_at: datetime
    changed_by: str


def targets_on(
    session: Session, who: Identity, checklist_id: int, on: date
) -> tuple[TargetRow, ...]:
    """The targets of a checklist in force on a day, by station and measure."""
    require(who, Action.SEE_STATIONS)
    query = (
        select(StationTarget)
        .where(StationTarget.checklist_id == checklist_id, StationTarget.effective_from <= on)
        .order_by(StationTarget.effective_from, StationTarget.id)
    )
    newest = {(row.station_id, row.measure): row for row in session.scalars(query)}
    return tuple(
        TargetRow(station, cast("TargetMeasure", measure), row.value, row.effective_from)
        for (station, measure), row in sorted(newest.items())
        if row.value is not None
    )


def target_changes(session: Session, who: Identity, checklist_id: int) -> tuple[TargetChange, ...]:
    """All that was ever set for a checklist, the newest first."""
    require(who, Action.SET_TARGETS)
    query = (
        select(StationTarget, User.name)
        .join(User, User.id == StationTarget.changed_by)
        .where(StationTarget.checklist_id == checklist_id)
        .order_by(StationTarget.id.desc())
    )
    return tuple(
        TargetChange(
            station=row.station_id,
            measure=cast("TargetMeasure", row.measure),
            value=row.value,
            since=row.effective_from,
            changed_at=row.changed_at,
            changed_by=name,
        )
        for row, name in session.execute(query)
    )
