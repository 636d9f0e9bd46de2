"""What events are called: the names that other systems use, and those that nobody knows yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.clock.event_keys import EVENTS
from core.clock.event_names import event_of
from db.encounters.models import EventName
from db.people.models import User


@dataclass(frozen=True)
class NamedEvent:
    """A name and its event, empty while nobody has said which; who changed it last, and when."""

    name: str
    event: str
    changed_at: datetime
    changed_by: str


def own_names(session: Session) -> dict[str, str]:
    """Names that somebody explained, folded, with the keys of their events."""
    query = select(EventName.name, EventName.event).where(EventName.event != "")
    return dict(session.execute(query).all())


def event_names(session: Session, who: Identity) -> list[NamedEvent]:
    """All names, those without an event first."""
    require(who, Action.SET_CLOCKS)
    rows = session.execute(
        select(EventName.name, EventName.event, EventName.changed_at, User.name)
        .outerjoin(User, User.id == EventName.changed_by)
        .order_by(EventName.event != "", EventName.name)
    )
    return [
        NamedEvent(name=name, event=event, changed_at=at, changed_by=by or "")
        for name, event, at, by in rows
    ]


def with_keys(
    session: Session, events: Iterable[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    """Events of an encounter, those by their keys that were stored before anybody knew them."""
    stored = tuple(events)
    if all(event.get("name") in EVENTS for event in stored):
        return stored
    own = own_names(session)
    return tuple(
        {**event, "name": event_of(str(event.get("name")), own) or event.get("name")}
        for event in stored
    )
