"""Reading the audit log: who did what to which object, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.people.models import User
from db.people.queries.shown_texts import HiddenNames
from db.store.models import AuditEvent

_CHUNK = 2_000


@dataclass(frozen=True)
class AuditFilter:
    """What narrows the log; None means no narrowing. `until` is not included."""

    since: datetime | None = None
    until: datetime | None = None
    user_id: int | None = None
    action: str | None = None
    object_type: str | None = None
    object_id: str | None = None


class EventPosition(NamedTuple):
    """The last entry of a page; the next page begins behind it."""

    at: datetime
    id: int


class Event(NamedTuple):
    """One entry. `details` holds field names only; `who` is empty for what the system did."""

    id: int
    at: datetime
    who: str
    action: str
    object_type: str
    object_id: str
    reason: str
    details: dict[str, object]

    @property
    def position(self) -> EventPosition:
        return EventPosition(self.at, self.id)


def events(
    session: Session,
    who: Identity,
    filters: AuditFilter,
    *,
    after: EventPosition | None = None,
    limit: int = 50,
) -> list[Event]:
    """Entries that match, newest first, from behind an entry on.

    Raises:
        NotAllowed: the role does not read the log.
    """
    require(who, Action.SEE_AUDIT)
    query = (
        select(
            AuditEvent.id,
            AuditEvent.at,
            User.name,
            User.username,
            AuditEvent.action,
            AuditEvent.object_type,
            AuditEvent.object_id,
            AuditEvent.reason,
            AuditEvent.details,
        )
        .outerjoin(User, User.id == AuditEvent.user_id)
        .where(*_matches(filters), *_behind(after))
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(limit)
    )
    names = HiddenNames(session, who).anywhere
    return [
        Event(
            id=key,
            at=moment,
            who=f"{name} ({username})" if username else "",
            action=action,
            object_type=kind,
            object_id=about,
            reason=names.hide(reason),
            details=names.hide_data(details),
        )
        for key, moment, name, username, action, kind, about, reason, details in session.execute(
            query
        )
    ]


def all_events(session: Session, who: Identity, filters: AuditFilter) -> Iterator[Event]:
    """Every entry that matches, newest first, read in pieces.

    Raises:
        NotAllowed: the role does not read the log.
    """
    after: EventPosition | None = None
    while page := events(session, who, filters, after=after, limit=_CHUNK):
        yield from page
        after = page[-1].position


def people(session: Session, who: Identity) -> dict[int, str]:
    """Everyone whose deeds the log may hold, by user name.

    Raises:
        NotAllowed: the role does not read the log.
    """
    require(who, Action.SEE_AUDIT)
    rows = session.execute(select(User.id, User.name, User.username).order_by(User.username))
    return {key: f"{name} ({username})" for key, name, username in rows}


def _matches(filters: AuditFilter) -> list[ColumnElement[bool]]:
    exact = {
        "user_id": filters.user_id,
        "action": filters.action,
        "object_type": filters.object_type,
        "object_id": filters.object_id,
    }
    conditions = [getattr(AuditEvent, name) == value for name, value in exact.items() if value]
    if filters.since is not None:
        conditions.append(AuditEvent.at >= filters.since)
    if filters.until is not None:
        conditions.append(AuditEvent.at < filters.until)
    return conditions


def _behind(after: EventPosition | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    moment = AuditEvent.at
    return [moment <= after.at, or_(moment < after.at, AuditEvent.id < after.id)]
