"""What imports of files and of their events share: finding files, judging events, writing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.clock import Level
from core.errors import InvalidInput
from core.files.course import FileFacts
from core.files.order import check_events
from core.files.steps import FileEvent, Step
from core.safekeeping.masking import PLACEHOLDER, masked
from db.files.derived_columns import facts_of, steps_of
from db.files.models import File, FileStep
from db.importing.lookups import SEPARATOR, interaction_key
from db.people.models import Station
from db.store.base import table_of
from db.tabular import values
from db.tabular.file_choices import FileChoices
from db.tabular.moments import in_zone
from db.tabular.tables import Unfit

EventData = dict[str, Any]
"""step, at, source, by, note and severity of an event as a file tells it; None or empty where it
says nothing."""
_BY_A_SYSTEM = "system"
_OTHERWISE = (
    "{step} at {time} is stored with another {what}. What was taken is not changed by an import."
)


class StoredFile(NamedTuple):
    """A stored file; `told` are all its events by (step, at), those struck out too."""

    row: File
    zone: str
    facts: FileFacts
    told: Mapping[tuple[str, datetime], FileStep]


def stored_files(session: Session, keys: Iterable[str]) -> dict[str, StoredFile]:
    """What is stored of some files, by `interaction_key` of source and number."""
    by_source: dict[str, set[str]] = {}
    for key in keys:
        source, external_id = key.split(SEPARATOR)
        by_source.setdefault(source, set()).add(external_id)
    found: dict[str, StoredFile] = {}
    for source, external_ids in by_source.items():
        query = (
            select(File, Station.timezone)
            .join(Station, Station.id == File.station_id)
            .where(File.source == source, File.external_id.in_(external_ids))
        )
        rows = session.execute(query).all()
        steps = steps_of(session, [file.id for file, _zone in rows])
        for file, zone in rows:
            told = {(step.step, step.at): step for step in steps[file.id]}
            facts = facts_of(file, steps[file.id])
            found[interaction_key(source, file.external_id)] = StoredFile(file, zone, facts, told)
    return found


def settled_moment(
    moment: datetime, zone: str, column: str, *, now: datetime, choices: FileChoices
) -> datetime:
    """A time as the station's clock shows it becomes a moment; others stay.

    Raises:
        Unfit: the hour comes twice there on this day, or never.
    """
    if moment.tzinfo is not None:
        return moment
    try:
        return values.check_time(in_zone(moment, zone, choices.twice), now)
    except Unfit as error:
        error.column = column
        raise


def event_from(data: EventData) -> FileEvent:
    return FileEvent(Step(data["step"]), data["at"], level=_level(data))


def check_alike(step: FileStep, data: EventData, *, column: str = "") -> None:
    """Refuse an event that says otherwise than the stored one of its step and time.

    What it leaves empty says nothing. Stored words may be masked by other rules than today's.
    `column` is where the event stands; without one, what differs is a column itself.

    Raises:
        Unfit: something differs, which would be lost without a word.
    """
    differs = {
        "event_source": data["source"] not in (None, step.source),
        "by": data["by"] not in ("", step.told_by),
        "note": data["note"] != "" and not _same_words(step.note, masked(data["note"])),
        "severity": _level(data) not in (None, step.level and Level(step.level)),
    }
    if what := next((name for name, is_other in differs.items() if is_other), ""):
        time = step.at.isoformat(timespec="minutes")
        raise Unfit(_OTHERWISE, step=data["step"], time=time, what=what, column=column or what)


def fault(facts: FileFacts, events: Iterable[EventData], *, now: datetime) -> InvalidInput | None:
    """What is wrong with a file once it has some more events; None where nothing is."""
    more = tuple(map(event_from, events))
    try:
        check_events(replace(facts, events=(*facts.events, *more)), now=now)
    except InvalidInput as error:
        return error
    return None


def insert_events(
    session: Session,
    events: Sequence[tuple[int, EventData]],
    accounts: dict[str, int],
    now: datetime,
) -> None:
    """Write events of files, each with the id of its file.

    Args:
        accounts: ids by user name, for events that say by whom they were.
    """
    rows = [
        {
            "file_id": file_id,
            "step": data["step"],
            "at": data["at"],
            "source": data["source"] or _BY_A_SYSTEM,
            "user_id": accounts.get(data["by"]),
            "told_by": data["by"],
            "note": data["note"],
            "level": level.value if (level := _level(data)) else None,
            "absent": [],
            "written_at": now,
        }
        for file_id, data in events
    ]
    if rows:
        session.execute(insert(table_of(FileStep)), rows)


def _same_words(before: str, after: str) -> bool:
    return len(before) == len(after) and all(
        a == b or PLACEHOLDER in (a, b) for a, b in zip(before, after, strict=True)
    )


def _level(data: EventData) -> Level | None:
    """The level that an event sets; a note that is nothing but a level says it too."""
    if data["step"] != Step.SEVERITY_SET:
        return None
    said = data["severity"] or data["note"].strip().lower()
    return Level(said) if said in set(Level) else None
