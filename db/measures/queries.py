"""The figure of a measure at a station, or of the whole company."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import InvalidInput
from core.measures import Figure, figure, measure_of
from core.periods import Period
from db.measures.evidence import Extent, evidence_of
from db.people.models import Station


def measure_at(
    session: Session, key: str, period: Period, *, station_code: str = "", now: datetime
) -> Figure:
    """A measure of a station by its code, or of all, for the operator.

    Raises:
        InvalidInput: there is no such measure or station.
    """
    measure = measure_of(key)
    stations = None
    if station_code:
        found = session.scalars(select(Station.id).where(Station.code == station_code)).first()
        if found is None:
            raise InvalidInput("There is no station with this code.")
        stations = frozenset({found})
    extent = Extent(stations, period)
    return figure(measure, evidence_of(session, measure, extent, now=now))
