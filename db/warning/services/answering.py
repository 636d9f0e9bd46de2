"""What people do with a warning: take it, put it off, close it with a cause."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.clock.days import day_of
from core.errors import InvalidInput, NotAllowed
from core.improvements.states import ImprovementState
from core.safekeeping.masking import masked
from core.warning.states import WARNING, WarningState
from core.warning.terms import SEE_RECORD, ClosingCause, check_closing, check_put_off
from db.improvements.sight import visible as visible_action
from db.people.models import Station
from db.store import audit, notices
from db.store.moving import move
from db.warning.models import EarlyWarning, WarningStep
from db.warning.sight import may_close, visible


class Closing(NamedTuple):
    """Why a warning is closed; the action is that by which it was acted on."""

    cause: ClosingCause
    words: str
    action_id: int | None = None


def take_warning(session: Session, *, who: Identity, warning_id: int, now: datetime) -> None:
    """The person sees to it from now on; repeating it changes nothing.

    Raises:
        OutOfTurn: it has ended.
        NotFound: the person does not see it.
    """
    require(who, Action.ANSWER_WARNINGS)
    row = visible(session, who, warning_id, is_held=True)
    if row.state == WarningState.TAKEN and row.owner_id == who.user_id:
        return
    take = WARNING.by("take_warning")
    take.check(row.state)
    row.owner_id, row.told = who.user_id, ""
    row.is_put_off, row.due_on = False, None
    session.flush()
    move(session, row, take, who=who, now=now)
    session.add(WarningStep(warning_id=row.id, deed=take.deed.name, at=now, user_id=who.user_id))


def put_off_warning(
    session: Session, *, who: Identity, warning_id: int, until: date, reason: str, now: datetime
) -> None:
    """Let it wait until a day, for a reason; whoever puts it off has it.

    Raises:
        InvalidInput: no day within 30, or no reason.
        OutOfTurn: it is only suspected, or has ended.
        NotFound: the person does not see it.
    """
    require(who, Action.ANSWER_WARNINGS)
    row = visible(session, who, warning_id, is_held=True)
    put_off = WARNING.by("put_off_warning")
    put_off.check(row.state)
    words = masked(reason.strip())
    check_put_off(until, words, _today(session, row, now))
    if row.is_put_off and (row.due_on, row.owner_id) == (until, who.user_id):
        return  # the same click came twice
    row.owner_id, row.told = who.user_id, ""
    row.is_put_off, row.due_on = True, until
    session.flush()
    move(session, row, put_off, who=who, now=now, reason=SEE_RECORD)
    session.add(
        WarningStep(
            warning_id=row.id,
            deed=put_off.deed.name,
            at=now,
            user_id=who.user_id,
            words=words,
            until=until,
        )
    )


def close_warning(
    session: Session, *, who: Identity, warning_id: int, closing: Closing, now: datetime
) -> None:
    """Close it, saying why; repeating it changes nothing.

    Raises:
        InvalidInput: a note too short, or no action though it was acted on.
        NotAllowed: it is about what the person's own station answers for.
        OutOfTurn: it has ended.
        NotFound: the person does not see it, or not the action.
    """
    require(who, Action.ANSWER_WARNINGS)
    row = visible(session, who, warning_id, is_held=True)
    if not may_close(who, row):
        raise NotAllowed(
            "Nobody closes a warning about what their own station answers for.",
            user_id=who.user_id,
            subject=(WARNING.kind, warning_id),
        )
    cause, words, action_id = closing.cause, masked(closing.words.strip()), closing.action_id
    if row.state == WarningState.CLOSED and (row.cause, row.action_id) == (cause, action_id):
        return
    check_closing(cause, words, action_id)
    close = WARNING.by("close_warning")
    close.check(row.state)
    if action_id is not None:
        _check_action(session, who, row, action_id)
    row.cause, row.action_id = cause.value, action_id
    row.is_put_off, row.due_on, row.told = False, None, ""
    session.flush()
    move(session, row, close, who=who, now=now, reason=SEE_RECORD, cause=cause.value)
    session.add(
        WarningStep(
            warning_id=row.id,
            deed=close.deed.name,
            at=now,
            user_id=who.user_id,
            words=words,
            cause=cause.value,
            action_id=action_id,
        )
    )


def note_warning_read(session: Session, *, who: Identity, warning_id: int, now: datetime) -> None:
    """The person has seen what they were told of a warning; the first time counts.

    Raises:
        NotFound: the person does not see it.
    """
    require(who, Action.SEE_WARNINGS)
    visible(session, who, warning_id)
    subject = (WARNING.kind, warning_id)
    if notices.mark_read(session, *subject, who=who, now=now):
        audit.record(session, who, "acknowledge", subject, now=now)


def _check_action(session: Session, who: Identity, row: EarlyWarning, action_id: int) -> None:
    action = visible_action(session, who, action_id)
    if action.station_id != row.station_id:
        raise InvalidInput("This action is none of the station.")
    if action.state == ImprovementState.WITHDRAWN:
        raise InvalidInput("This action was withdrawn.")


def _today(session: Session, row: EarlyWarning, now: datetime) -> date:
    return day_of(now, session.get_one(Station, row.station_id).timezone)
