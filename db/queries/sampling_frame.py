"""What a month's sample is drawn from: all that was imported and nobody was given yet."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.plan import Encounter, scored_person
from db.models import Assignment, Inspection, Interaction, Staff, Station

_DAY = timedelta(days=1)
_ZONES = select(Station.id, Station.timezone)
_INSPECTED = select(Inspection.interaction_id).where(Inspection.assignment_id.is_(None))
_PEOPLE = select(Staff.id, Staff.employed_from, Staff.station_id)


def sampling_frame(session: Session, month: int, channels: Sequence[str]) -> list[Encounter]:
    """The encounters of a month (yyyymm, station time) in some channels, by id.

    Those that came inspected from another system are none.
    """
    rows = session.connection().execute(
        select(
            Interaction.id,
            Interaction.station_id,
            Interaction.staff_id,
            Interaction.channel,
            Interaction.occurred_at,
            Interaction.case_kind,
            Interaction.severity,
            Interaction.is_repeat,
            Interaction.customer_rating,
            Interaction.rating_low,
            Interaction.rating_high,
            Interaction.business_line,
        )
        .outerjoin(Assignment, Assignment.interaction_id == Interaction.id)
        .where(
            Assignment.id.is_(None),
            Interaction.channel.in_(channels),
            *_around(month, Interaction.occurred_at),
        )
        .order_by(Interaction.id)
        .execution_options(yield_per=10_000)
    )
    zones = {station: ZoneInfo(zone) for station, zone in session.execute(_ZONES)}
    inspected = set(session.scalars(_INSPECTED.where(*_around(month, Inspection.occurred_at))))
    people = {key: (since, team) for key, since, team in session.execute(_PEOPLE)}
    frame = []
    with _nothing_collected():
        for key, station, staff, channel, at, kind, severity, repeat, *scale, line in rows:
            local = at.astimezone(zones[station])
            if local.month == month % 100 and key not in inspected:
                place, share = (key, station, staff, channel, local), _rating_share(*scale)
                since, team = (None, None) if staff is None else people[staff]
                frame.append(Encounter(*place, kind, severity, repeat, share, since, team, line))
    return frame


def drawn_before(session: Session, month: int) -> Counter[int]:
    """How many of a month were drawn at random and not put aside, by `scored_person`."""
    rows = session.execute(
        select(
            Interaction.staff_id, Interaction.station_id, Interaction.occurred_at, Station.timezone
        )
        .join(Assignment, Assignment.interaction_id == Interaction.id)
        .join(Station, Station.id == Interaction.station_id)
        .where(
            Assignment.plan_id.is_not(None),
            Assignment.purpose == "record",
            Assignment.sample_class == "random",
            Assignment.state != "skipped",
            *_around(month, Interaction.occurred_at),
        )
    )
    return Counter(
        scored_person(row.staff_id, row.station_id)
        for row in rows
        if row.occurred_at.astimezone(ZoneInfo(row.timezone)).month == month % 100
    )


def _around(
    month: int, moment: InstrumentedAttribute[datetime]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The month and a day on either side, as months begin at different moments."""
    first = datetime(month // 100, month % 100, 1, tzinfo=ZoneInfo("UTC"))
    return moment >= first - _DAY, moment < first + 33 * _DAY


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Without looking for garbage, a quarter of the time: a million new tuples are none."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _rating_share(rating: float | None, low: float | None, high: float | None) -> float | None:
    """Where a rating lies on its scale, 0 at the low end; None without rating or scale."""
    if rating is None or low is None or high is None or high <= low:
        return None
    return (rating - low) / (high - low)
