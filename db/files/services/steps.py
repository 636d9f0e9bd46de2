"""Taking a step of a file, handing several over, and striking out a step that was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.errors import InvalidInput, NotAllowed, not_found
from core.files.course import hands
from core.files.order import check_events
from core.files.steps import FileEvent, Step
from db.files.derived_columns import derive, event_of, facts_of
from db.files.queries.handlers import handlers_of
from db.files.writing import Taken, locked, written
from db.store import audit

MOST_AT_ONCE = 50


def take_step(session: Session, *, who: Identity, file_id: int, taken: Taken, now: datetime) -> int:
    """Take a step of a file other than re-checking; pressed twice, it is taken once.

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
    file, steps = locked(session, who, stations, file_id)
    return written(session, who, file, steps, taken, now)


def re_check(
    session: Session, *, who: Identity, file_id: int, at: datetime, note: str, now: datetime
) -> int:
    """Re-check a file; as `take_step`.

    Raises:
        NotAllowed: the person owned the file or took a step of it, struck out or not.
    """
    stations = visible_stations(who, Action.RECHECK_FILES)
    file, steps = locked(session, who, stations, file_id)
    if who.user_id in hands(map(event_of, steps)):
        raise NotAllowed(
            "Nobody re-checks a file that they owned or took a step of.",
            user_id=who.user_id,
            subject=("file", file_id),
        )
    taken = Taken(FileEvent(Step.RECHECKED, at), note)
    return written(session, who, file, steps, taken, now)


def hand_over(
    session: Session,
    *,
    who: Identity,
    file_ids: Sequence[int],
    owner_id: int,
    note: str = "",
    now: datetime,
) -> int:
    """Hand several files to one owner; all of them or none. How many changed hands.

    Raises:
        InvalidInput: they are more than fit at once, or the owner may not work on one of them.
        OutOfTurn: one has ended.
        NotFound: one does not exist, or is of no station of the person's.
    """
    stations = visible_stations(who, Action.WORK_FILES)
    if not 0 < len(file_ids) <= MOST_AT_ONCE:
        raise InvalidInput("Choose between 1 and {most} files.", most=MOST_AT_ONCE)
    handed = 0
    for file_id in sorted(set(file_ids)):
        file, steps = locked(session, who, stations, file_id)
        if owner_id not in handlers_of(session, [file.station_id]):
            raise InvalidInput("This person does not work on files of the station.")
        if file.owner_id != owner_id:
            taken = Taken(FileEvent(Step.ASSIGNED, now, owner=owner_id), note)
            written(session, who, file, steps, taken, now)
            handed += 1
    return handed


def strike_out(
    session: Session, *, who: Identity, file_id: int, event_id: int, reason: str, now: datetime
) -> None:
    """Strike out a wrong event of a file; it stays to be read. Repeating it changes nothing.

    Raises:
        InvalidInput: no reason is given, or the others would contradict each other without it.
        NotFound: the file has no such event, or is of no station of the person's.
    """
    stations = visible_stations(who, Action.WORK_FILES)
    file, steps = locked(session, who, stations, file_id)
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
