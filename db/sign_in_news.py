"""What a person must be told about their own sign-in: noted in the audit log and on the account."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, case, or_, select, update
from sqlalchemy.orm import Session

from core.access import Identity
from db import audit
from db.models import LoginSession, User

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
