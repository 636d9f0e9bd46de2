"""Merging duplicates, and noting who answers for a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.errors import InvalidInput
from core.files.course import Course
from core.files.steps import FileEvent, Step
from db.files.derived_columns import facts_of
from db.files.models import Accountability, File
from db.files.queries.one_file import earlier_files
from db.files.writing import Taken, locked, written
from db.people.models import Staff
from db.store import audit

LONGEST_FINDING = 2_000
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Answerable:
    """Who answers for a file: a member of staff by number, or a department; and what was found."""

    staff_no: str
    department: str
    finding: str


def merge_into(
    session: Session, *, who: Identity, file_id: int, number: str, now: datetime
) -> None:
    """End a file as the duplicate of another of its station, which shows both histories.

    Repeating it changes nothing.

    Raises:
        InvalidInput: the other does not exist, is the same, or is a duplicate itself.
        OutOfTurn: the file has ended otherwise.
        NotFound: the file does not exist, or is of no station of the person's.
    """
    stations = visible_stations(who, Action.WORK_FILES)
    file, steps = locked(session, who, stations, file_id)
    other = session.scalars(
        select(File)
        .where(File.external_id == number.strip(), File.station_id == file.station_id)
        .order_by(File.id)
        .limit(1)
    ).one_or_none()
    if other is None:
        raise InvalidInput("There is no file {number} of this station.", number=number.strip())
    if file.duplicate_of == other.id:
        return
    if other.id == file_id:
        raise InvalidInput("A file is no duplicate of itself.")
    if other.duplicate_of is not None:
        raise InvalidInput("{number} is a duplicate itself.", number=other.external_id)
    goes_on, of = other.id, other.external_id
    event = FileEvent(Step.CANCELLED, now)
    written(session, who, file, steps, Taken(event, f"= {of}"), now)
    session.get_one(File, file_id).duplicate_of = goes_on
    for merged in session.scalars(select(File).where(File.duplicate_of == file_id)):
        merged.duplicate_of = goes_on
    audit.record(session, who, "merge", ("file", file_id), now=now, into=goes_on)


def note_answerable(
    session: Session, *, who: Identity, file_id: int, note: Answerable, now: datetime
) -> int:
    """Note who answers for a repeated or major file; the id of the note. Twice is once.

    Raises:
        InvalidInput: the file is neither, nobody or nothing was named, or no such person works at
            the station.
        NotFound: the file does not exist, or is of no station of the person's.
    """
    stations = visible_stations(who, Action.WORK_FILES)
    file, steps = locked(session, who, stations, file_id)
    course = Course(facts_of(file, steps))
    if not (course.is_major or course.is_reopened or earlier_files(session, file)):
        raise InvalidInput("Only for a repeated or major file it is noted who answers for it.")
    department, finding = note.department.strip(), note.finding.strip()
    if len(finding) > LONGEST_FINDING or len(department) > _LONGEST_NAME:
        raise InvalidInput("The text is longer than {limit} characters.", limit=LONGEST_FINDING)
    staff_id = _person(session, note.staff_no.strip(), file.station_id)
    if not finding or not (department or staff_id):
        raise InvalidInput("Name a person or a department, and what was found.")
    same = select(Accountability.id).where(
        Accountability.file_id == file_id,
        Accountability.staff_id.is_(None)
        if staff_id is None
        else Accountability.staff_id == staff_id,
        Accountability.department == department,
        Accountability.finding == finding,
    )
    if (note_id := session.scalar(same.limit(1))) is not None:
        return note_id
    row = Accountability(
        file_id=file_id,
        staff_id=staff_id,
        department=department,
        finding=finding,
        decided_by=who.user_id,
        at=now,
    )
    session.add(row)
    session.flush()
    audit.record(session, who, "note_answerable", ("file", file_id), now=now)
    return row.id


def _person(session: Session, staff_no: str, station_id: int) -> int | None:
    if not staff_no:
        return None
    named = select(Staff.id).where(Staff.staff_no == staff_no, Staff.station_id == station_id)
    staff_id = session.scalar(named)
    if staff_id is None:
        raise InvalidInput("Nobody with this number works at the station.")
    return staff_id
