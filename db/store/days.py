"""The portal's day, for what belongs to no station: versions in force, figures of all, plans.

It is the head office's day, which everybody reads alike. What happens at a station goes by that
station's own day, and what a reader is to do by the reader's (core/clock/days.py finds them all).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock.days import day_of
from db.people.models import Station

LOG_ZONE = "UTC"
"""Days of the audit log, which are counted once and must not move when a head office does."""
_NO_STATION = "UTC"


def portal_zone(session: Session) -> str:
    """The time zone of the station at the top of the tree, of several a head office's."""
    top = (
        select(Station.timezone)
        .where(Station.parent_id.is_(None), Station.active)
        .order_by(Station.kind != "head_office", Station.code)
        .limit(1)
    )
    return session.scalar(top) or _NO_STATION


def portal_day(session: Session, moment: datetime) -> date:
    return day_of(moment, portal_zone(session))
