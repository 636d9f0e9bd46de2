"""What a person sees of their own account: open sessions, second factor, password."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.settings import Settings
from db.people.models import User, UserRole
from db.sign_in.models import Authenticator, CodeDemand, ExternalAccount, LoginSession, RecoveryCode


class OpenSession(NamedTuple):
    """A browser that is signed in; `method` is how it got in."""

    id: int
    browser: str
    address: str
    method: str
    created_at: datetime
    seen_at: datetime


class OwnAccount(NamedTuple):
    """`codes_left` is None without a second factor, else how many recovery codes are unused.

    A role of the person's may demand the second factor: `demands_codes`.
    """

    password_changed_at: datetime | None
    has_password: bool
    codes_left: int | None
    demands_codes: bool
    is_linked: bool


def own_account(session: Session, who: Identity) -> OwnAccount:
    require(who, Action.MANAGE_OWN_ACCOUNT)
    user = session.get_one(User, who.user_id)
    unused = select(func.count()).where(
        RecoveryCode.user_id == who.user_id, RecoveryCode.used_at.is_(None)
    )
    linked = select(ExternalAccount.id).where(ExternalAccount.user_id == who.user_id).limit(1)
    return OwnAccount(
        password_changed_at=user.password_changed_at,
        has_password=user.password_hash != "",
        codes_left=session.scalar(unused) if has_second_factor(session, who.user_id) else None,
        demands_codes=demands_codes(session, who.user_id),
        is_linked=session.scalar(linked) is not None,
    )


def uses_codes(session: Session, who: Identity, user_id: int) -> bool:
    """Whether a person signs in with one-time codes, for who administers people."""
    require(who, Action.ADMINISTER_PEOPLE)
    return has_second_factor(session, user_id)


def has_second_factor(session: Session, user_id: int) -> bool:
    row = session.get(Authenticator, user_id)
    return row is not None and row.confirmed_at is not None


def demands_codes(session: Session, user_id: int) -> bool:
    """Whether a role of the person's must use one-time codes."""
    demanded = select(UserRole.role).join(CodeDemand, CodeDemand.role == UserRole.role)
    return bool(session.scalar(select(exists(demanded.where(UserRole.user_id == user_id)))))


def open_sessions(
    session: Session, settings: Settings, who: Identity, *, now: datetime
) -> list[OpenSession]:
    """One's own sessions in force, the last used first."""
    require(who, Action.MANAGE_OWN_ACCOUNT)
    return [
        OpenSession(
            id=row.id,
            browser=row.browser,
            address=row.address,
            method=row.method,
            created_at=row.created_at,
            seen_at=row.seen_at,
        )
        for row in session.scalars(
            select(LoginSession)
            .where(
                LoginSession.user_id == who.user_id,
                LoginSession.revoked_at.is_(None),
                LoginSession.expires_at > now,
                LoginSession.seen_at > now - timedelta(hours=settings.session_idle_hours),
            )
            .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
        )
    ]
