"""Carrying an action out, by its owner: beginning, and saying what was done."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.clock.days import day_of
from core.errors import InvalidInput, NotAllowed
from core.improvements.states import IMPROVEMENT, ImprovementState
from core.improvements.terms import check_words
from core.safekeeping.masking import masked
from db.improvements.models import Improvement
from db.improvements.sight import locked, plan_of
from db.people.models import Station
from db.store import audit, notices
from db.store.moving import move


def begin_improvement(
    session: Session, *, who: Identity, improvement_id: int, now: datetime
) -> None:
    """The owner has begun; repeating it changes nothing.

    Raises:
        NotAllowed: it is another's.
        OutOfTurn: it is not agreed, or further already.
        NotFound: the person does not see it.
    """
    row = _own(session, who, improvement_id)
    if row.state != ImprovementState.RUNNING:
        move(session, row, IMPROVEMENT.by("begin_improvement"), who=who, now=now)


def carry_out_improvement(
    session: Session,
    *,
    who: Identity,
    improvement_id: int,
    proof: str,
    done_on: date,
    now: datetime,
) -> None:
    """The owner says what was done, and since when it is; the months that count follow from it.

    Raises:
        InvalidInput: no words, or a day before it was agreed or to come.
        NotAllowed: it is another's.
        OutOfTurn: it is not agreed, or carried out already.
        NotFound: the person does not see it.
    """
    row = _own(session, who, improvement_id)
    words = masked(proof.strip())
    state = ImprovementState.CARRIED_OUT
    if row.state == state and (row.proof, row.done_on) == (words, done_on):
        return  # the same click came twice
    carry_out = IMPROVEMENT.by("carry_out_improvement")
    carry_out.check(row.state)
    check_words(words)
    zone = session.get_one(Station, row.station_id).timezone
    assert row.agreed_at is not None
    if not day_of(row.agreed_at, zone) <= done_on <= day_of(now, zone):
        raise InvalidInput(
            "It was carried out on a day since it was agreed, and not later than today."
        )
    row.proof, row.done_on, row.told = words, done_on, ""
    row.look_on = row.next_on = plan_of(row).look_on(row.due_on, done_on)
    session.flush()
    move(session, row, carry_out, who=who, now=now)


def note_improvement_read(
    session: Session, *, who: Identity, improvement_id: int, now: datetime
) -> None:
    """The person has seen what they were told of an action; the first time counts.

    Raises:
        NotFound: the person does not see it.
    """
    require(who, Action.OWN_ACTIONS)
    locked(session, who, improvement_id)
    subject = (IMPROVEMENT.kind, improvement_id)
    if notices.mark_read(session, *subject, who=who, now=now):
        audit.record(session, who, "acknowledge", subject, now=now)


def _own(session: Session, who: Identity, improvement_id: int) -> Improvement:
    require(who, Action.OWN_ACTIONS)
    row = locked(session, who, improvement_id)
    if row.owner_id != who.user_id:
        raise NotAllowed(
            "Its owner carries this action out.",
            user_id=who.user_id,
            subject=(IMPROVEMENT.kind, improvement_id),
        )
    return row
