"""A file as programs read it: its clocks and steps at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Limit
from core.errors import NotFound
from core.files.clocks import ReadClock, read_clocks
from core.files.course import Course
from core.text.identifiers import normal_identifier
from db.files.clock_settings import StoredSettings
from db.files.derived_columns import event_of, facts_of, steps_of
from db.files.models import File, FileStep
from db.people.models import Station

Data = dict[str, Any]


def file_as_data(session: Session, *, source: str, external_id: str, at: datetime) -> Data:
    """Kind, state, level, clocks and steps of a file, by what had happened by a moment.

    Clocks of later rounds follow those of the first; those of a kind that it had before it became
    a complaint stand apart, in `former_clocks`. Times are in UTC.

    Raises:
        NotFound: there is no such file, or it was not received by then.
    """
    named = (File.source == normal_identifier(source), File.external_id == external_id.strip())
    stations = select(File, Station.timezone).join(Station, Station.id == File.station_id)
    row = session.execute(stations.where(*named)).one_or_none()
    if row is None:
        raise NotFound("This file does not exist.")
    file, zone = row
    steps = [
        step
        for step in steps_of(session, [file.id])[file.id]
        if step.struck_at is None and step.at <= at
    ]
    facts = facts_of(file, steps)
    if not facts.events:
        raise NotFound("This file had not been received by then.")
    course = Course(facts)
    settings = StoredSettings(session).of(file.station_id, zone, course.received_at).by(at)
    clocks = read_clocks(facts, now=at, **vars(settings))
    return {
        "kind": course.kind.key,
        "state": course.state,
        "level": course.level,
        "round": course.round.number,
        "is_major": course.is_major,
        "missing": list(course.missing),
        "clocks": [_clock(clock) for clock in clocks if not clock.is_former],
        "former_clocks": [_clock(clock) for clock in clocks if clock.is_former],
        "steps": [_step(step) for step in sorted(steps, key=_place)],
    }


def _clock(clock: ReadClock) -> Data:
    reading = clock.reading
    return {
        "key": clock.key,
        "kind": clock.kind,
        "round": clock.round,
        "limit_seconds": _seconds_of(reading.line.judged),
        "elapsed_seconds": _seconds(reading.elapsed),
        "paused_seconds": _seconds(reading.paused),
        "closed_seconds": _seconds(reading.closed),
        "start": _moment(clock.start),
        "stop": _moment(clock.stop),
        "due": _moment(reading.due),
        "state": clock.state,
        "late_by_seconds": _seconds(reading.late_by),
        "counts": clock.counts,
    }


def _step(row: FileStep) -> Data:
    event = event_of(row)
    return {
        "step": event.step,
        "at": _moment(event.at),
        "source": row.source,
        "by": row.told_by,
        "note": row.note,
        **({"severity": event.level} if event.level else {}),
    }


def _place(row: FileStep) -> tuple[datetime, int]:
    return row.at, row.id


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _seconds(time: timedelta) -> float | int:
    seconds = time.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


def _seconds_of(limit: Limit | None) -> float | int | None:
    """None where there is none, or it is counted in months of the calendar."""
    if limit is None or limit.months:
        return None
    return _seconds(limit.time + timedelta(days=limit.days))
