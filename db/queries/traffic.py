"""How many encounters staff served, inspected or not, counted from the imported interactions."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.periods import Period, shift
from core.ranking import Traffic
from db.models import Interaction, Station, StationMonth
from db.queries.stations import Slice, within

NO_CONTEXT = -1
"""The case and stratum of traffic: an encounter nobody inspected has no checklist."""


def traffic(session: Session, part: Slice) -> Traffic:
    """Encounters of the slice's period on its channels, by station and member of staff.

    Months are those of the station's zone. An encounter that names nobody counts as staff 0, as in
    the score cells. An index holds all that is read.
    """
    channels = _channels(session, part)
    found: list[tuple[int, int, int]] = []
    for zone, stations in _zones(session).items():
        start, end = _bounds(part.period, zone)
        query = (
            select(Interaction.station_id, Interaction.staff_id, func.count())
            .where(
                Interaction.occurred_at >= start,
                Interaction.occurred_at < end,
                Interaction.channel.in_(channels),
                Interaction.station_id.in_(stations),
            )
            .group_by(Interaction.station_id, Interaction.staff_id)
        )
        found += [(row[0], row[1] or 0, row[2]) for row in session.execute(query)]
    station, staff, count = np.array(sorted(found), dtype=np.int64).reshape(-1, 3).T
    nowhere = np.full(len(station), NO_CONTEXT)
    return Traffic(station, staff, nowhere, nowhere, count.astype(np.float64))


def _channels(session: Session, part: Slice) -> list[str]:
    query = select(StationMonth.channel).where(*within(StationMonth, part)).distinct()
    return sorted(session.scalars(query))


def _zones(session: Session) -> dict[str, list[int]]:
    zones: dict[str, list[int]] = {}
    for station, zone in session.execute(select(Station.id, Station.timezone)):
        zones.setdefault(zone, []).append(station)
    return zones


def _bounds(period: Period, zone: str) -> tuple[datetime, datetime]:
    """The instants at which the period begins and the next one does."""
    start, end = (_midnight(month, zone) for month in (period.first, shift(period.last, 1)))
    return start, end


def _midnight(month: int, zone: str) -> datetime:
    return datetime(month // 100, month % 100, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
