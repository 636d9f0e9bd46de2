"""What a person must be told about their own sign-in: noted in the audit log and on the account."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, case, func, or_, select, update
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.people.models import User
from db.sign_in.models import LoginSession
from db.store import audit
from db.store.models import AuditEvent

TOLD = (
    "change_password",
    "give_password_link",
    "add_second_factor",
    "remove_second_factor",
    "use_recovery_code",
    "link_account",
    "new_browser",
)
"""Actions of the audit log that the person concerned is told of."""


class News(NamedTuple):
    """The times of the first and the last change that a person has not acknowledged."""

    since: datetime
    until: datetime


def note(session: Session, who: Identity, action: str, user_id: int, *, now: datetime) -> None:
    """Log what `who` did about somebody's sign-in, who is told of it at their next page."""
    audit.record(session, who, action, ("user", user_id), now=now)
    session.execute(
        update(User)
        .where(User.id == user_id)
        .values(
            news_since=case((User.news_since < now, User.news_since), else_=now),
            news_until=case((User.news_until > now, User.news_until), else_=now),
        )
    )


def beginnings(who: Identity, session_id: int) -> Select[datetime]:
    """When the sessions of a person's browser began, by one of them."""
    browser = select(LoginSession.browser_hash).where(LoginSession.id == session_id)
    return select(LoginSession.created_at).where(
        LoginSession.user_id == who.user_id,
        or_(
            LoginSession.id == session_id,
            LoginSession.browser_hash == browser.scalar_subquery(),
        ),
    )


def acknowledge(session: Session, *, who: Identity, until: datetime, session_id: int) -> None:
    """Take what was told up to `until` as read.

    That the session's browser signed in is told in another browser only: whoever comes in with a
    stolen password cannot wipe out the traces of that.
    """
    require(who, Action.MANAGE_OWN_ACCOUNT)
    user = session.get_one(User, who.user_id, with_for_update=True, populate_existing=True)
    if user.news_since is None:
        return
    user.news_since, user.news_until = session.execute(
        select(func.min(AuditEvent.at), func.max(AuditEvent.at)).where(
            AuditEvent.object_type == "user",
            AuditEvent.object_id == str(who.user_id),
            AuditEvent.action.in_(TOLD),
            AuditEvent.at.between(user.news_since, user.news_until),
            or_(AuditEvent.at > until, AuditEvent.at.in_(beginnings(who, session_id))),
        )
    ).one()
