"""Saying which event other systems mean by a name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.clock.event_keys import EVENTS
from core.clock.event_names import folded_name
from core.errors import InvalidInput, NotFound
from db.encounters.models import EventName
from db.store import audit

LONGEST = 64


def name_event(session: Session, *, who: Identity, name: str, event: str, now: datetime) -> None:
    """Say that a name means an event; repeated, it changes nothing.

    Encounters that came in under the name before are read by it from now on.

    Raises:
        InvalidInput: there is no such event, or the name is empty, too long or a key itself.
    """
    require(who, Action.SET_CLOCKS)
    folded = checked_name(name)
    if not event:
        raise InvalidInput("Choose the event that it means.")
    if event not in EVENTS:
        raise InvalidInput("There is no event {event}.", event=event)
    row = session.scalar(select(EventName).where(EventName.name == folded).with_for_update())
    if row is not None and row.event == event:
        return
    row = row or EventName(name=folded)
    row.event, row.changed_at, row.changed_by = event, now, who.user_id
    session.add(row)
    session.flush()  # the log names the id
    audit.record(session, who, "name_event", ("event_name", row.id), now=now, means=event)


def forget_name(session: Session, *, who: Identity, name: str, now: datetime) -> None:
    """Take a name off the list; events that were stored by their key keep it.

    Raises:
        NotFound: it is not on the list.
    """
    require(who, Action.SET_CLOCKS)
    row = session.scalar(select(EventName).where(EventName.name == name).with_for_update())
    if row is None:
        raise NotFound("This name is not on the list.")
    audit.record(session, who, "forget_event_name", ("event_name", row.id), now=now)
    session.delete(row)


def note_unknown(session: Session, names: Collection[str], *, now: datetime) -> None:
    """Put names that came in and that nobody knows on the list, to be explained."""
    folded = {folded_name(name) for name in names}
    known = set(session.scalars(select(EventName.name).where(EventName.name.in_(folded))))
    session.add_all(EventName(name=name, event="", changed_at=now) for name in folded - known)


def checked_name(name: str) -> str:
    """A name as it is looked up.

    Raises:
        InvalidInput: it is empty, too long, or the key of an event.
    """
    folded = folded_name(name)
    if not 0 < len(folded) <= LONGEST:
        raise InvalidInput("A name has 1 to {limit} characters.", limit=LONGEST)
    if folded in EVENTS:
        raise InvalidInput("{name} is the key of an event itself and keeps its meaning.", name=name)
    return folded
