"""Finding a file to work on, and writing down a step of it; for services that have asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import InvalidInput, not_found
from core.files.course import Course, FileFacts
from core.files.order import check_step
from core.files.replies import LONGEST_REPLY, REPLIED
from core.files.steps import FileEvent, Step
from db.files.derived_columns import derive, facts_of, steps_of
from db.files.models import File, FileStep
from db.people.models import User
from db.store import audit

LONGEST_NOTE = 2000
_AGAIN = timedelta(seconds=5)
"""The same step by the same person so soon after is the same press."""


@dataclass(frozen=True)
class Taken:
    """A step as somebody enters it; see `core.files.steps.FileEvent`.

    Attributes:
        note: what was said; why, where steps are absent or the file is cancelled.
        reply: what was sent to the customer, with a step that answers them.
    """

    event: FileEvent
    note: str = ""
    reply: str = ""


def locked(
    session: Session, who: Identity, stations: frozenset[int] | None, file_id: int
) -> tuple[File, list[FileStep]]:
    """A file of one of the stations, locked, with all its events.

    Raises:
        NotFound: there is none.
    """
    file = session.scalar(select(File).where(File.id == file_id).with_for_update())
    if file is None or (stations is not None and file.station_id not in stations):
        raise not_found(
            "This file does not exist.",
            user_id=who.user_id,
            subject=("file", file_id),
            exists=file is not None,
        )
    return file, steps_of(session, [file_id])[file_id]


def written(
    session: Session,
    who: Identity,
    file: File,
    steps: list[FileStep],
    taken: Taken,
    now: datetime,
) -> int:
    """Write down a step of a locked file if it may be taken; the id of its event."""
    event, file_id = taken.event, file.id
    if (same := _same(steps, event, who)) is not None:
        return same
    _check_words(event, taken)
    if any((row.step, row.at) == (event.step, event.at) for row in steps if not row.struck_at):
        raise InvalidInput("{step} was entered {count} times.", step=event.step, count=2)
    if event.owner is not None and session.get(User, event.owner) is None:
        raise InvalidInput("This account does not exist.")
    facts = facts_of(file, steps)
    if event.level is not None and not taken.note.strip() and _changes_level(facts, event):
        raise InvalidInput("Give a reason for the other level.")
    check_step(facts, event, now=now)
    row = FileStep(
        file_id=file_id,
        step=event.step.value,
        at=event.at,
        source="manual",
        user_id=who.user_id,
        note=taken.note.strip(),
        reply=taken.reply.strip() or None,
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
    """The event that the same person's first click made, if they did nothing else since."""
    mine = [row for row in steps if row.struck_at is None and row.user_id == who.user_id]
    last = max(mine, key=lambda row: row.id, default=None)
    if last is None or not timedelta() <= event.at - last.at <= _AGAIN:
        return None
    is_same = (last.step, last.level, last.owner_id) == (event.step, event.level, event.owner)
    return last.id if is_same else None


def _changes_level(facts: FileFacts, event: FileEvent) -> bool:
    course = Course(facts)
    is_set = course.facts.level is not None or any(e.level is not None for e in course.events)
    return is_set and event.level is not course.level


def _check_words(event: FileEvent, taken: Taken) -> None:
    note, reply = taken.note, taken.reply.strip()
    for words, limit in ((note, LONGEST_NOTE), (reply, LONGEST_REPLY)):
        if len(words) > limit:
            raise InvalidInput("The text is longer than {limit} characters.", limit=limit)
    if reply and event.step not in REPLIED:
        raise InvalidInput("Only a step that answers the customer has a reply.")
    is_reason = bool(event.absent) or event.not_agreed or event.step is Step.CANCELLED
    if is_reason and not note.strip():
        raise InvalidInput("Give a reason.")
