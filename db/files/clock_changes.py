"""Storing what is set of clocks of files, for a person or an import, and judging files anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.clock import Calendar, LimitStatus, Opening
from core.clock.days import begin_of
from core.errors import InvalidInput, NotFound
from core.files.clock_settings import LimitChange, clock_of
from core.files.course import ENDED
from core.files.kinds import Kind
from db.files.clock_settings import line_of
from db.files.derived_columns import derive
from db.files.models import File, FileLimit, StationHours
from db.people.models import Station

FIRST_DAY = date(1970, 1, 1)
_MOST_MINUTES = 366 * 24 * 60
_MOST_FREE_DAYS = 1000
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """The opening hours and free days of a station from a day on; see `StationHours`."""

    openings: tuple[Opening, ...]
    free_days: frozenset[date]
    since: date
    for_running: bool = False


def put_limit(
    session: Session, change: LimitChange, *, by: int | None, now: datetime
) -> FileLimit | None:
    """Store a line of limits; None where the same was set last.

    Raises:
        NotFound, InvalidInput: see `check_limit`.
    """
    check_limit(change)
    limit, line = change.line.limit, change.line
    has_time = limit is not None and not (limit.days or limit.months)
    row = FileLimit(
        kind=change.kind.value,
        step=change.step.value,
        level=line.level.value if line.level else "",
        channel=line.channel or "",
        status=line.status.value,
        minutes=limit.time.total_seconds() / 60 if limit is not None and has_time else None,
        days=limit.days or None if limit is not None else None,
        months=limit.months or None if limit is not None else None,
        effective_from=change.since,
        for_running=change.for_running,
        changed_at=now,
        changed_by=by,
    )
    last = last_limit(session, change, since=change.since)
    same = ("effective_from", "for_running")
    if last is not None and line_of(last) == line_of(row) and _alike(last, row, same):
        return None
    session.add(row)
    session.flush()  # the log names the id
    return row


def put_hours(
    session: Session, station_id: int, hours: Hours, *, by: int | None, now: datetime
) -> StationHours | None:
    """Store opening hours of a station; None where the same were set last.

    Raises:
        NotFound, InvalidInput: see `check_hours`.
    """
    check_hours(session, station_id, hours)
    openings = sorted(hours.openings, key=lambda one: (one.weekday, one.opens))
    row = StationHours(
        station_id=station_id,
        openings=[[o.weekday, f"{o.opens:%H:%M}", f"{o.closes:%H:%M}"] for o in openings],
        free_days=[day.isoformat() for day in sorted(hours.free_days)],
        effective_from=hours.since,
        for_running=hours.for_running,
        changed_at=now,
        changed_by=by,
    )
    last = last_hours(session, station_id, since=hours.since)
    if last is not None and _alike(
        last, row, ("openings", "free_days", "effective_from", "for_running")
    ):
        return None
    session.add(row)
    session.flush()  # the log names the id
    return row


def check_limit(change: LimitChange) -> None:
    """Raise NotFound where there is no such clock, InvalidInput where the limit does not fit."""
    if clock_of(change.kind, change.step) is None:
        raise NotFound("There is no such clock.")
    limit = change.line.limit
    if limit is not None and limit.time > timedelta(minutes=_MOST_MINUTES):
        raise InvalidInput("A limit is from 0 minutes to one year.")
    if limit is not None and change.line.status is LimitStatus.OFF:
        raise InvalidInput("A clock that is off has no limit.")


def check_hours(session: Session, station_id: int, hours: Hours) -> None:
    """Raise NotFound where there is no such station, InvalidInput where the hours do not fit."""
    station = session.get(Station, station_id)
    if station is None:
        raise NotFound("This station does not exist.")
    if len(hours.free_days) > _MOST_FREE_DAYS:
        raise InvalidInput("A calendar has at most {limit} free days.", limit=_MOST_FREE_DAYS)
    if hours.free_days and not hours.openings:
        raise InvalidInput("Free days need opening hours.")
    Calendar(station.timezone, hours.openings, hours.free_days).refuse_idle_free_days()


def last_limit(
    session: Session, change: LimitChange, *, since: date | None = None
) -> FileLimit | None:
    """The line set last for the same clock, level and channel; for a day, if one is given."""
    line = change.line
    of_line = {
        "kind": change.kind.value,
        "step": change.step.value,
        "level": line.level.value if line.level else "",
        "channel": line.channel or "",
    }
    rows = select(FileLimit).filter_by(**of_line).order_by(FileLimit.id.desc())
    if since is not None:
        rows = rows.where(FileLimit.effective_from == since)
    return session.scalar(rows.limit(1))


def last_hours(
    session: Session, station_id: int, *, since: date | None = None
) -> StationHours | None:
    """What was set last for a station, for a day if one is given."""
    rows = select(StationHours).filter_by(station_id=station_id)
    if since is not None:
        rows = rows.where(StationHours.effective_from == since)
    return session.scalar(rows.order_by(StationHours.id.desc()).limit(1))


def judge_anew(
    session: Session, which: ColumnElement[bool], *, since: date, for_running: bool
) -> None:
    """Write the derived columns of the files that a change is for, in its transaction.

    Those received from its day on; where it is for running clocks, all that have not ended.
    """
    begin = begin_of(since, "UTC") - _DAY  # no zone is further ahead
    received: ColumnElement[bool] = File.received_at >= begin
    if for_running:
        received = or_(received, File.state.not_in([state.value for state in ENDED]))
    derive(session, session.scalars(select(File.id).where(which, received)).all())


def judge_kind_anew(session: Session, kind: Kind, *, since: date, for_running: bool) -> None:
    """As `judge_anew`, of the files that are of a kind or were."""
    of_kind = or_(File.kind == kind.value, File.first_kind == kind.value)
    judge_anew(session, of_kind, since=since, for_running=for_running)


def _alike(one: object, other: object, names: Sequence[str]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)
