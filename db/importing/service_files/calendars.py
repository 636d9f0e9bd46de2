"""Importing opening hours and free days of stations: all rows of a station make its calendar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import Calendar, Opening
from core.errors import InvalidInput, PortalError
from core.i18n import N_
from db.files.clock_changes import FIRST_DAY, Hours, check_hours, judge_anew, last_hours, put_hours
from db.files.clock_settings import calendar_of_hours
from db.files.models import File, StationHours
from db.importing.kinds import ColumnChange, ImportPlan, ReadableRow
from db.people.identifiers import station_ids
from db.store.days import portal_day
from db.tabular import values
from db.tabular.columns import FileColumn, carried_by, parse_row
from db.tabular.file_choices import AS_IT_IS, FileChoices
from db.tabular.tables import Row, Unfit

_WEEKDAYS = (
    ("0", "mon", "monday", "週一", "周一", "星期一"),
    ("1", "tue", "tuesday", "週二", "周二", "星期二"),
    ("2", "wed", "wednesday", "週三", "周三", "星期三"),
    ("3", "thu", "thursday", "週四", "周四", "星期四"),
    ("4", "fri", "friday", "週五", "周五", "星期五"),
    ("5", "sat", "saturday", "週六", "周六", "星期六"),
    ("6", "sun", "sunday", "週日", "周日", "星期日", "星期天"),
)
_parse_line = values.line(64)
_BY_NAME = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_UNKNOWN = Unfit("There is no station with this code.", column="station")
_NO_TIME = "This must be a time of day such as 09:00."
_HALF = Unfit("A row has a weekday with two times, or a free day.")


def calendar_columns(choices: FileChoices = AS_IT_IS) -> tuple[FileColumn, ...]:
    code = values.code(64, literal="station" in choices.literal)
    return (
        FileColumn("station", code, N_("Code of an imported station"), required=True),
        FileColumn("weekday", _weekday, N_("0 is Monday, 6 is Sunday; or its name")),
        FileColumn("opens", _time_of_day, N_("Such as 09:00")),
        FileColumn("closes", _time_of_day, N_("Such as 18:00; 24:00 is the end of the day")),
        FileColumn("free_day", values.day(choices), N_("A day on which it is closed all the same")),
        FileColumn(
            "from",
            values.day(choices),
            N_("The day it holds from; empty: always, or from today where one was set before"),
        ),
    )


class Calendars:
    """Rows with weekdays replace the hours of a station, rows with free days its free days."""

    at_once = 100_000
    together = True

    def __init__(self, now: datetime, choices: FileChoices = AS_IT_IS) -> None:
        self.columns = calendar_columns(choices)
        self._now = now

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        of_week = [fields[name] is not None for name in ("weekday", "opens", "closes")]
        if any(of_week) != all(of_week) or any(of_week) == (fields["free_day"] is not None):
            raise _HALF
        named = (fields[name] for name in ("station", "weekday", "opens", "free_day"))
        key = "|".join(map(str, named))
        return ReadableRow(row.line, key, fields, row.size, carried_by(row))

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        plan, stations = ImportPlan(), station_ids(session)
        by_station: dict[int, list[ReadableRow]] = {}
        for item in items:
            try:
                station_id = stations.get(item.values["station"], "station")
            except Unfit as error:
                plan.refuse(item, error)
                continue
            if station_id is None:
                plan.refuse(item, _UNKNOWN)
            else:
                by_station.setdefault(station_id, []).append(item)
        for station_id, rows in by_station.items():
            self._plan_one(session, plan, station_id, rows)
        return plan

    def _plan_one(
        self, session: Session, plan: ImportPlan, station_id: int, rows: list[ReadableRow]
    ) -> None:
        """Take in the rows of a station, or refuse them all: half a calendar is none."""
        last = last_hours(session, station_id)
        try:
            hours = _hours(rows, last, portal_day(session, self._now))
            check_hours(session, station_id, hours)
        except PortalError as error:
            for row in rows:
                plan.refuse(row, error)
            return
        day = next((row.values["from"] for row in rows if row.values["from"]), None)
        of_day = last_hours(session, station_id, since=day)
        if of_day is not None and _same(of_day, hours):
            plan.unchanged += len(rows)
            return
        rows[0].values["hours"] = station_id, hours
        plan.added += rows
        if last is not None:
            plan.changes += _taken(rows[0].line, last, hours)

    def apply(self, session: Session, plan: ImportPlan) -> None:
        for item in plan.added:
            if "hours" in item.values:
                station_id, hours = item.values["hours"]
                put_hours(session, station_id, hours, by=None, now=self._now)
                there = File.station_id == station_id
                judge_anew(session, there, since=hours.since, for_running=False)

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        """Openings and free days that hold today, of all stations together."""
        newest = select(func.max(StationHours.id)).group_by(StationHours.station_id)
        former = session.scalars(select(StationHours).where(StationHours.id.in_(newest))).all()
        counts = {
            "weekday": sum(len(row.openings) for row in former),
            "free_day": sum(len(row.free_days) for row in former),
        }
        return {name: counts[name] for name in columns if name in counts}


def _taken(line: int, last: StationHours, hours: Hours) -> list[ColumnChange]:
    """The openings, and the free days to come, that a station loses by its rows."""
    former = calendar_of_hours(last, "UTC")
    closed = [opening for opening in former.openings if opening not in hours.openings]
    days = sorted(day for day in former.free_days - hours.free_days if day >= hours.since)
    return [
        *(ColumnChange(line, "weekday", _written(opening), None) for opening in closed),
        *(ColumnChange(line, "free_day", day.isoformat(), None) for day in days),
    ]


def _written(opening: Opening) -> str:
    return f"{opening.weekday} {opening.opens:%H:%M}–{opening.closes:%H:%M}"


def _hours(rows: list[ReadableRow], last: StationHours | None, today: date) -> Hours:
    """What the rows of a station come to; what they say nothing of stays as it was."""
    cells = [row.values for row in rows]
    days = {one["from"] for one in cells} - {None}
    if len(days) > 1:
        raise InvalidInput("The rows of a station hold from one day.")
    openings = [
        Opening(one["weekday"], one["opens"], one["closes"])
        for one in cells
        if one["weekday"] is not None
    ]
    free = [one["free_day"] for one in cells if one["free_day"] is not None]
    former = calendar_of_hours(last, "UTC") if last is not None else Calendar()
    return Hours(
        tuple(openings) or former.openings,
        frozenset(free) or former.free_days,
        next(iter(days), FIRST_DAY if last is None else today),
    )


def _same(last: StationHours, hours: Hours) -> bool:
    former = calendar_of_hours(last, "UTC")
    return (frozenset(former.openings), former.free_days) == (
        frozenset(hours.openings),
        hours.free_days,
    )


def _weekday(cell: object) -> int:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    weekday = _BY_NAME.get(_parse_line(cell).casefold())
    if weekday is None:
        raise Unfit("A day of the week is a number from 0, Monday, to 6, Sunday.")
    return weekday


def _time_of_day(cell: object) -> time:
    if isinstance(cell, time):
        return cell.replace(microsecond=0)
    text = _parse_line(cell).zfill(5)
    try:
        opening = time() if text == "24:00" else time.fromisoformat(text)
    except ValueError:
        raise Unfit(_NO_TIME) from None
    if opening.tzinfo is not None:
        raise Unfit(_NO_TIME)
    return opening
