"""Clocks of files and calendars of stations as a page lists them, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.clock import Calendar, LimitLine, Limits
from core.files.clock_settings import LimitChange, limits_after
from core.files.kinds import KINDS, Kind
from core.files.steps import Step
from db.files.clock_settings import calendar_of_hours, limit_change, line_of
from db.files.models import FileLimit, StationHours
from db.files.services.kinds_in_use import kinds_in_use
from db.people.models import Station, User


@dataclass(frozen=True)
class FileClockRow:
    """A clock of a kind of file, as files received on a day have it.

    Attributes:
        version: how often it was set; 0 as it comes.
        since: the day from which the newest of its lines in force holds; None as it comes.
    """

    kind: Kind
    start: Step
    stop: Step
    for_major: bool
    limits: Limits
    version: int
    since: date | None


@dataclass(frozen=True)
class CalendarRow:
    """A station and the calendar that files received on a day have there; None: round the clock."""

    station_id: int
    code: str
    names: dict[str, str]
    zone: str
    calendar: Calendar | None
    version: int
    since: date | None


@dataclass(frozen=True)
class SettingChange:
    """What was set, from when on, by whom; `changed_by` is empty for an import."""

    number: int
    effective_from: date
    for_running: bool
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class LimitChangeRow(SettingChange):
    kind: Kind
    step: Step
    line: LimitLine


@dataclass(frozen=True)
class HoursChangeRow(SettingChange):
    station: dict[str, str]
    calendar: Calendar | None


def file_clocks(session: Session, who: Identity, *, on: date) -> list[FileClockRow]:
    """The clocks of the kinds in use, in their order."""
    require(who, Action.SET_CLOCKS)
    rows = session.scalars(select(FileLimit).order_by(FileLimit.id))
    changes = [limit_change(row) for row in rows]
    held = sorted((c for c in changes if c.since <= on), key=lambda change: change.since)
    limits = limits_after(held)
    return [
        FileClockRow(
            kind=kind,
            start=clock.start,
            stop=clock.stop,
            for_major=clock.for_major,
            limits=limits.get((kind, clock.stop), clock.limits),
            version=len(_of_clock(changes, kind, clock.stop)),
            since=max((c.since for c in _of_clock(held, kind, clock.stop)), default=None),
        )
        for kind in kinds_in_use(session)
        for clock in KINDS[kind].clocks
    ]


def calendars(session: Session, who: Identity, *, on: date) -> list[CalendarRow]:
    """Every station with its calendar, by its code."""
    require(who, Action.SET_CLOCKS)
    rows_of: dict[int, list[StationHours]] = {}
    for row in session.scalars(select(StationHours).order_by(StationHours.id)):
        rows_of.setdefault(row.station_id, []).append(row)
    return [
        _calendar_row(station, rows_of.get(station.id, []), on)
        for station in session.scalars(select(Station).order_by(Station.code))
    ]


def limit_changes(session: Session, who: Identity) -> list[LimitChangeRow]:
    """All changes of limits, the newest first."""
    require(who, Action.SET_CLOCKS)
    query = select(FileLimit, User.name).outerjoin(User, User.id == FileLimit.changed_by)
    return [
        LimitChangeRow(
            number=row.id,
            effective_from=row.effective_from,
            for_running=row.for_running,
            changed_at=row.changed_at,
            changed_by=name or "",
            kind=Kind(row.kind),
            step=Step(row.step),
            line=line_of(row),
        )
        for row, name in session.execute(query.order_by(FileLimit.id.desc()))
    ]


def hours_changes(session: Session, who: Identity) -> list[HoursChangeRow]:
    """All changes of calendars, the newest first."""
    require(who, Action.SET_CLOCKS)
    query = (
        select(StationHours, Station, User.name)
        .join(Station, Station.id == StationHours.station_id)
        .outerjoin(User, User.id == StationHours.changed_by)
    )
    return [
        HoursChangeRow(
            number=row.id,
            effective_from=row.effective_from,
            for_running=row.for_running,
            changed_at=row.changed_at,
            changed_by=name or "",
            station=station.names,
            calendar=_calendar(row, station.timezone),
        )
        for row, station, name in session.execute(query.order_by(StationHours.id.desc()))
    ]


def _calendar_row(station: Station, rows: list[StationHours], on: date) -> CalendarRow:
    held = sorted((row for row in rows if row.effective_from <= on), key=_day)
    last = held[-1] if held else None
    return CalendarRow(
        station_id=station.id,
        code=station.code,
        names=station.names,
        zone=station.timezone,
        calendar=_calendar(last, station.timezone) if last else None,
        version=len(rows),
        since=last.effective_from if last else None,
    )


def _calendar(row: StationHours, zone: str) -> Calendar | None:
    return calendar_of_hours(row, zone) if row.openings else None


def _day(row: StationHours) -> date:
    return row.effective_from


def _of_clock(changes: list[LimitChange], kind: Kind, step: Step) -> list[LimitChange]:
    return [change for change in changes if (change.kind, change.step) == (kind, step)]
