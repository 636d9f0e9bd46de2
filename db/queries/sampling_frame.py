"""The frame a month's sample is drawn from: what was imported and nobody was given yet."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.plan import Encounter
from db.models import Assignment, Interaction, Staff, Station

_DAY = timedelta(days=1)
_ZONES = select(Station.id, Station.timezone)


def sampling_frame(session: Session, month: int, channels: Sequence[str]) -> list[Encounter]:
    """The encounters of a month (yyyymm, station time) in some channels, by id."""
    first = datetime(month // 100, month % 100, 1, tzinfo=ZoneInfo("UTC"))
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
        )
        .outerjoin(Assignment, Assignment.interaction_id == Interaction.id)
        .where(
            Assignment.id.is_(None),
            Interaction.channel.in_(channels),
            Interaction.occurred_at >= first - _DAY,
            Interaction.occurred_at < first + 32 * _DAY + _DAY,
        )
        .order_by(Interaction.id)
        .execution_options(yield_per=10_000)
    )
    zones = {station: ZoneInfo(zone) for station, zone in session.execute(_ZONES)}
    employed = dict(session.execute(select(Staff.id, Staff.employed_from)).all())
    frame = []
    with _nothing_collected():
        for key, station, staff, channel, at, kind, severity, repeat, *scale in rows:
            local = at.astimezone(zones[station])
            if local.month == month % 100:
                place, share = (key, station, staff, channel, local), _rating_share(*scale)
                since = None if staff is None else employed[staff]
                frame.append(Encounter(*place, kind, severity, repeat, share, since))
    return frame


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
