"""Setting limits of clocks of files, and opening hours of stations, from a day on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput
from core.files.clock_settings import LimitChange
from db.files.clock_changes import Hours, judge_anew, judge_kind_anew, put_hours, put_limit
from db.files.models import File
from db.store import audit
from db.store.days import portal_day


def set_limit(session: Session, *, who: Identity, change: LimitChange, now: datetime) -> None:
    """Give a clock of files another limit or state from a day on; repeated, it changes nothing.

    Files received before keep theirs, unless the change is for running clocks.

    Raises:
        NotFound: the kind has no such clock.
        InvalidInput: the day is past, or the change is for running clocks and not for today.
    """
    require(who, Action.SET_CLOCKS)
    _check_day(session, change.since, now, for_running=change.for_running)
    row = put_limit(session, change, by=who.user_id, now=now)
    if row is None:
        return
    judge_kind_anew(session, change.kind, since=change.since, for_running=change.for_running)
    details: dict[str, Any] = {
        "kind": row.kind,
        "step": row.step,
        "level": row.level,
        "channel": row.channel,
        "status": row.status,
        "minutes": row.minutes,
        "days": row.days,
        "months": row.months,
        "effective_from": row.effective_from.isoformat(),
        "for_running": row.for_running,
    }
    about = ("file_limit", row.id)
    audit.record(session, who, "set_file_limit", about, now=now, **details)


def set_hours(
    session: Session, *, who: Identity, station_id: int, hours: Hours, now: datetime
) -> None:
    """Give a station other opening hours and free days from a day on, or none; as `set_limit`.

    Raises:
        NotFound: there is no such station.
        InvalidInput: as `set_limit`; the hours overlap, or a free day is no day on which it opens.
    """
    require(who, Action.SET_CLOCKS)
    _check_day(session, hours.since, now, for_running=hours.for_running)
    row = put_hours(session, station_id, hours, by=who.user_id, now=now)
    if row is None:
        return
    there = File.station_id == station_id
    judge_anew(session, there, since=hours.since, for_running=hours.for_running)
    details: dict[str, Any] = {
        "openings": row.openings,
        "free_days": row.free_days,
        "effective_from": row.effective_from.isoformat(),
        "for_running": row.for_running,
    }
    about = ("station_hours", row.id)
    audit.record(session, who, "set_hours", about, now=now, station=station_id, **details)


def _check_day(session: Session, since: date, now: datetime, *, for_running: bool) -> None:
    today = portal_day(session, now)
    if since < today:
        raise InvalidInput("A limit cannot come into force on a day that is past.")
    if for_running and since != today:
        raise InvalidInput("What is for running clocks holds from today on.")
