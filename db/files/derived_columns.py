"""What stands on a file because of its events, written with them and made anew by a rebuild."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import Level
from core.files.clocks import clocks_at_last_event, standing_of
from core.files.course import Course, FileFacts, Mark
from core.files.kinds import Kind
from core.files.steps import FileEvent, Step
from core.files.timing import timing
from db.files.clock_settings import StoredSettings
from db.files.closed_encounters import store_encounters
from db.files.models import File, FileStep
from db.people.models import Station
from db.store.session import write_each

DERIVED = (
    *("kind", "state", "level", "round", "owner_id", "received_at"),
    *("next_due_at", "late_since"),
    *("weekday_hour", "answered", "handled", "told"),
    *("answer_due_at", "handling_due_at", "telling_due_at", "worked_until", "is_handled"),
)
TIMED_COLUMNS = {
    Step.FIRST_RESPONSE: ("answered", "answer_due_at"),
    Step.EXECUTED: ("handled", "handling_due_at"),
    Step.TOLD: ("told", "telling_due_at"),
}
"""Where it is stored whether a step of the first round was in time, and when it is due."""
_CHUNK = 500
StationPlace = tuple[int, str]
"""The id of a station and its zone."""


def event_of(row: FileStep) -> FileEvent:
    return FileEvent(
        step=Step(row.step),
        at=row.at,
        by=row.user_id,
        level=Level(row.level) if row.level else None,
        owner=row.owner_id,
        absent=frozenset(map(Step, row.absent)),
        not_agreed=row.not_agreed,
    )


def facts_of(file: File, steps: Iterable[FileStep]) -> FileFacts:
    """The facts of a file by the events that count."""
    return FileFacts(
        kind=Kind(file.first_kind),
        events=tuple(event_of(row) for row in steps if row.struck_at is None),
        level=Level(file.severity) if file.severity else None,
        channel=file.channel,
        marks=frozenset(map(Mark, file.marks)),
    )


def steps_of(session: Session, file_ids: Collection[int]) -> dict[int, list[FileStep]]:
    """All events of some files, those struck out too, by their times."""
    steps: dict[int, list[FileStep]] = {file_id: [] for file_id in file_ids}
    query = select(FileStep).where(FileStep.file_id.in_(file_ids))
    for row in session.scalars(query.order_by(FileStep.at, FileStep.id)):
        steps[row.file_id].append(row)
    return steps


def derived(facts: FileFacts, settings: StoredSettings, station: StationPlace) -> dict[str, Any]:
    """The derived columns of a file; see `DERIVED`."""
    course = Course(facts)
    by = settings.of(*station, course.received_at)
    clocks = clocks_at_last_event(facts, **vars(by))
    stands, times = standing_of(clocks), timing(course, clocks, station[1])
    return {
        "kind": course.kind.key.value,
        "state": course.state.value,
        "level": course.level.value,
        "round": course.round.number,
        "owner_id": course.owner,
        "received_at": course.received_at,
        "next_due_at": stands.next_due_at,
        "late_since": stands.late_since,
        "weekday_hour": times.weekday_hour,
        **{name: times.outcomes.get(step, "") for step, (name, _due) in TIMED_COLUMNS.items()},
        **{due: times.dues.get(step) for step, (_name, due) in TIMED_COLUMNS.items()},
        "worked_until": times.worked_until,
        "is_handled": times.is_handled,
    }


def derive(session: Session, file_ids: Collection[int]) -> None:
    """Write the derived columns of some files by what is stored of their events.

    Those that are closed become encounters; see `db/files/closed_encounters.py`.
    """
    session.flush()
    settings = StoredSettings(session)
    for chunk in _chunks(sorted(file_ids)):
        files = session.execute(
            select(File, Station.timezone)
            .join(Station, Station.id == File.station_id)
            .where(File.id.in_(chunk))
            .order_by(File.id)
        ).all()
        steps = steps_of(session, chunk)
        facts = {file.id: facts_of(file, steps[file.id]) for file, _zone in files}
        values = [
            (file.id, derived(facts[file.id], settings, (file.station_id, zone)))
            for file, zone in files
        ]
        write_each(session, File, values)
        session.expire_all()
        store_encounters(session, {key: Course(of_file) for key, of_file in facts.items()})


def derive_all(session: Session) -> int:
    """As `derive`, of every file; how many there were."""
    ids = session.scalars(select(File.id).order_by(File.id)).all()
    derive(session, ids)
    return len(ids)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[begin : begin + _CHUNK] for begin in range(0, len(ids), _CHUNK))
