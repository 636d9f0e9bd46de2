"""Taking a step of a file, and striking out one that was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.errors import InvalidInput, NotAllowed, not_found
from core.files.course import hands
from core.files.order import check_events, check_step
from core.files.steps import FileEvent, Step
from db.files.derived_columns import derive, event_of, facts_of, steps_of
from db.files.models import File, FileStep
from db.people.models import User
from db.store import audit

LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Taken:
    """A step as somebody enters it; see `core.files.steps.FileEvent`.

    Attributes:
        note: what was said; why, where steps are absent or the file is cancelled.
    """

    event: FileEvent
    note: str = ""


def take_step(session: Session, *, who: Identity, file_id: int, taken: Taken, now: datetime) -> int:
    """Take a step of a file other than re-checking; the same at the same moment is taken once.

    The file is locked, so that of two people who take a step at the same time the second meets what
    the first has left.

    Returns:
        The id of the event.

    Raises:
        OutOfTurn: the file has ended.
        InvalidInput: the step may not come yet, came already, or lacks its reason.
        NotFound: the file does not exist, or is of no station of the person's.
    """
    stations = visible_stations(who, Action.WORK_FILES)
    if taken.event.step is Step.RECHECKED:
        raise InvalidInput("Re-checking is for somebody else: it is no step of handling.")
    file, steps = _locked(session, who, stations, file_id)
    return _written(session, who, file, steps, taken, now)


def re_check(
    session: Session, *, who: Identity, file_id: int, at: datetime, note: str, now: datetime
) -> int:
    """Re-check a file; as `take_step`.

    Raises:
        NotAllowed: the person owned the file or took a step of it, struck out or not.
    """
    stations = visible_stations(who, Action.RECHECK_FILES)
    file, steps = _locked(session, who, stations, file_id)
    if who.user_id in hands(map(event_of, steps)):
        raise NotAllowed(
            "Nobody re-checks a file that they owned or took a step of.",
            user_id=who.user_id,
            subject=("file", file_id),
        )
    taken = Taken(FileEvent(Step.RECHECKED, at), note)
    return _written(session, who, file, steps, taken, now)


def strike_out(
    session: Session, *, who: Identity, file_id: int, event_id: int, reason: str, now: datetime
) -> None:
    """Strike out a wrong event of a file; it stays to be read. Repeating it changes nothing.

    Raises:
        InvalidInput: no reason is given, or the others would contradict each other without it.
        NotFound: the file has no such event, or is of no station of the person's.
    """
    stations = visible_stations(who, Action.WORK_FILES)
    file, steps = _locked(session, who, stations, file_id)
    row = next((step for step in steps if step.id == event_id), None)
    if row is None:
        raise not_found(
            "This event does not exist.",
            user_id=who.user_id,
            subject=("file", file_id),
            exists=False,
        )
    if row.struck_at is not None:
        return
    if not reason.strip():
        raise InvalidInput("Give a reason.")
    check_events(facts_of(file, (step for step in steps if step is not row)), now=now)
    row.struck_at, row.struck_by, row.struck_reason = now, who.user_id, reason.strip()
    step = row.step
    derive(session, [file_id])
    audit.record(session, who, "strike_out", ("file", file_id), now=now, reason=reason, step=step)


def _locked(
    session: Session, who: Identity, stations: frozenset[int] | None, file_id: int
) -> tuple[File, list[FileStep]]:
    file = session.scalar(select(File).where(File.id == file_id).with_for_update())
    if file is None or (stations is not None and file.station_id not in stations):
        raise not_found(
            "This file does not exist.",
            user_id=who.user_id,
            subject=("file", file_id),
            exists=file is not None,
        )
    return file, steps_of(session, [file_id])[file_id]


def _written(
    session: Session,
    who: Identity,
    file: File,
    steps: list[FileStep],
    taken: Taken,
    now: datetime,
) -> int:
    """Write down a step if it may be taken; the id of its event."""
    event, file_id = taken.event, file.id
    if (same := _same(steps, event, who)) is not None:
        return same
    _check_words(event, taken.note)
    if event.owner is not None and session.get(User, event.owner) is None:
        raise InvalidInput("This account does not exist.")
    check_step(facts_of(file, steps), event, now=now)
    row = FileStep(
        file_id=file_id,
        step=event.step.value,
        at=event.at,
        source="manual",
        user_id=who.user_id,
        note=taken.note.strip(),
        level=event.level.value if event.level else None,
        owner_id=event.owner,
        absent=sorted(step.value for step in event.absent),
        not_agreed=event.not_agreed,
        written_at=now,
    )
    session.add(row)
    session.flush()
    row_id = row.id
    derive(session, [file_id])
    about = ("file", file_id)
    audit.record(session, who, "take_step", about, now=now, step=event.step.value)
    return row_id


def _same(steps: list[FileStep], event: FileEvent, who: Identity) -> int | None:
    """The event that the same person's first click made."""
    return next(
        (
            row.id
            for row in steps
            if row.struck_at is None
            and (row.step, row.at, row.user_id) == (event.step, event.at, who.user_id)
        ),
        None,
    )


def _check_words(event: FileEvent, note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise InvalidInput("The text is longer than {limit} characters.", limit=LONGEST_NOTE)
    is_reason = bool(event.absent) or event.not_agreed or event.step is Step.CANCELLED
    if is_reason and not note.strip():
        raise InvalidInput("Give a reason.")
