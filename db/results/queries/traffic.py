"""How many encounters staff served, inspected or not, counted from the imported interactions."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NamedTuple

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock.days import begin_of
from core.periods import first_day, shift
from core.ranking import Traffic
from db.encounters.models import Interaction
from db.people.models import Station
from db.results.models import StationMonth
from db.results.queries.stations import Slice, within

NO_CONTEXT = -1
"""The case and stratum of traffic: an encounter nobody inspected has no checklist."""


class TimeRange(NamedTuple):
    """From one instant to just before another."""

    start: datetime
    end: datetime


def traffic(session: Session, slice_: Slice) -> Traffic:
    """Encounters of the slice's period on its channels, by station and member of staff.

    Months are those of the station's zone: what lies in the period everywhere is counted at once,
    its edges zone by zone. An encounter that names nobody counts as staff 0, as in the score cells.
    Of a slice by facets there is none: it has no index for them, and sampling weights do instead.
    """
    if slice_.facets.chosen:
        return _traffic([])
    channels, zones = _channels(session, slice_), _zones(session)
    bounds = {
        zone: TimeRange(
            begin_of(first_day(slice_.period.first), zone),
            begin_of(first_day(shift(slice_.period.last, 1)), zone),
        )
        for zone in zones
    }
    first = max((start for start, _ in bounds.values()), default=None)
    last = min((end for _, end in bounds.values()), default=None)
    encounters: Counter[tuple[int, int]] = Counter()
    if first is not None and last is not None:
        encounters += _counted(session, channels, TimeRange(first, last))
        for zone, (start, end) in bounds.items():
            for edge in (TimeRange(start, first), TimeRange(last, end)):
                counts = _counted(session, channels, edge) if edge.start < edge.end else Counter()
                encounters += Counter(
                    {key: n for key, n in counts.items() if key[0] in zones[zone]}
                )
    return _traffic([(station, staff, n) for (station, staff), n in sorted(encounters.items())])


def _traffic(rows: list[tuple[int, int, int]]) -> Traffic:
    station, staff, count = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    nowhere = np.full(len(station), NO_CONTEXT)
    return Traffic(station, staff, nowhere, nowhere, count.astype(np.float64))


def _counted(session: Session, channels: list[str], span: TimeRange) -> Counter[tuple[int, int]]:
    """Encounters of all stations by station and member of staff.

    The sum keeps SQLite from another index that does not hold everything and is ten times slower.
    """
    keys = (Interaction.station_id + 0, Interaction.staff_id)
    query = (
        select(*keys, func.count())
        .where(
            Interaction.occurred_at >= span.start,
            Interaction.occurred_at < span.end,
            Interaction.channel.in_(channels),
        )
        .group_by(*keys)
    )
    counts: Counter[tuple[int, int]] = Counter()
    for station, staff, n in session.execute(query):
        counts[station, staff or 0] += n
    return counts


def _channels(session: Session, slice_: Slice) -> list[str]:
    query = select(StationMonth.channel).where(*within(StationMonth, slice_)).distinct()
    return sorted(session.scalars(query))


def _zones(session: Session) -> dict[str, set[int]]:
    zones: dict[str, set[int]] = {}
    for station, zone in session.execute(select(Station.id, Station.timezone)):
        zones.setdefault(zone, set()).add(station)
    return zones
