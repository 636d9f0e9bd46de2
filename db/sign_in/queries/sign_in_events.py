"""What happened to a person's own sign-in, from the audit log, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.people.models import User
from db.sign_in.services.sign_in_news import TOLD, News, beginnings
from db.store.models import AuditEvent

_LISTED = (*TOLD, "sign_in", "set_up", "change_access")


class SignInEvent(NamedTuple):
    """`by` is the other person who did it, empty for oneself; `method` is known of sign-ins."""

    at: datetime
    action: str
    by: str
    method: str


def own_events(session: Session, who: Identity, *, limit: int) -> list[SignInEvent]:
    """The newest sign-ins and changes; a sign-in from a new browser is one event."""
    require(who, Action.MANAGE_OWN_ACCOUNT)
    events = _events(session, who, AuditEvent.action.in_(_LISTED), limit=2 * limit)
    methods = {event.at: event.method for event in events if event.action == "sign_in"}
    new = {event.at for event in events if event.action == "new_browser"}
    return [
        event._replace(method=methods.get(event.at, "")) if event.action == "new_browser" else event
        for event in events
        if event.action != "sign_in" or event.at not in new
    ][:limit]


def unread_events(
    session: Session, who: Identity, news: News, *, session_id: int, limit: int
) -> list[SignInEvent]:
    """What the person has not acknowledged, but for the sign-ins of the browser they look from."""
    require(who, Action.MANAGE_OWN_ACCOUNT)
    is_news = AuditEvent.action.in_(TOLD)
    unread = AuditEvent.at.between(news.since, news.until)
    return _events(
        session,
        who,
        is_news,
        unread,
        AuditEvent.at.not_in(beginnings(who, session_id)),
        limit=limit,
    )


def _events(
    session: Session, who: Identity, *conditions: ColumnElement[bool], limit: int
) -> list[SignInEvent]:
    query = (
        select(AuditEvent.at, AuditEvent.action, User.id, User.name, AuditEvent.details)
        .outerjoin(User, User.id == AuditEvent.user_id)
        .where(
            AuditEvent.object_type == "user", AuditEvent.object_id == str(who.user_id), *conditions
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(limit)
    )
    return [
        SignInEvent(
            moment,
            action=action,
            by="" if by == who.user_id else name or "",
            method=details.get("method", ""),
        )
        for moment, action, by, name, details in session.execute(query)
    ]
