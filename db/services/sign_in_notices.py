"""Acknowledging what was told about one's own sign-in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from db.models import AuditEvent, User
from db.sign_in_news import TOLD, beginnings


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
