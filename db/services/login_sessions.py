"""Server-side sessions: opened, looked up by the hash of their token, ended."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Boolean, bindparam, or_, select, update
from sqlalchemy.orm import Session

from core.access import Identity, Role
from core.settings import Settings
from db import audit
from db.models import LoginSession, User, UserRole
from db.services.guessing import SignInRefused, Visit
from db.services.identities import identity_from, identity_of
from db.tokens import digest

_TOUCH = timedelta(minutes=2)


_LIVE = (
    select(
        User.id,
        User.username,
        User.name,
        User.language,
        User.staff_id,
        LoginSession.id.label("session_id"),
        LoginSession.seen_at,
        UserRole.role,
        UserRole.station_id,
    )
    .join(LoginSession, LoginSession.user_id == User.id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.revoked_at.is_(None),
        LoginSession.expires_at > bindparam("now"),
        LoginSession.seen_at > bindparam("idle_since"),
        User.active,
        or_(User.is_demo.is_(False), bindparam("demo", type_=Boolean)),
    )
)


@dataclass(frozen=True)
class Login:
    """A new session: the token goes into the cookie and is stored nowhere."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Live:
    """A session in force; `is_untouched` once its last noted use is some minutes ago."""

    who: Identity
    session_id: int
    is_untouched: bool


def open_session(
    session: Session, settings: Settings, user_id: int, visit: Visit, *, method: str = "password"
) -> Login:
    """A new session with a token of its own; the one the browser still held ends.

    Raises:
        SignInRefused: the account is another system's, which has a key instead.
    """
    who = identity_of(session, session.get_one(User, user_id))
    if Role.SERVICE in who.roles:
        raise SignInRefused("A service account cannot sign in.")
    if visit.token:
        sign_out(session, visit.token, now=visit.now)
    token = secrets.token_urlsafe(32)
    expires_at = visit.now + timedelta(hours=settings.session_hours)
    session.add(
        LoginSession(
            token_hash=digest(token),
            user_id=user_id,
            created_at=visit.now,
            seen_at=visit.now,
            expires_at=expires_at,
            address=visit.address,
            browser=visit.browser[:200],
            method=method,
        )
    )
    audit.record(session, who, "sign_in", ("user", user_id), now=visit.now, method=method)
    return Login(token, expires_at)


def identify(session: Session, settings: Settings, token: str, *, now: datetime) -> Identity | None:
    """Who a cookie belongs to; None when the session is unknown, expired, idle or revoked."""
    live = live_session(session, settings, token, now=now)
    return live.who if live else None


def live_session(session: Session, settings: Settings, token: str, *, now: datetime) -> Live | None:
    """The session of a cookie while it is in force."""
    known = {
        "token_hash": digest(token),
        "now": now,
        "idle_since": now - timedelta(hours=settings.session_idle_hours),
        "demo": settings.allows_demo_accounts,
    }
    rows = session.execute(_LIVE, known).all()
    if not rows:
        return None
    person = rows[0]
    who = identity_from(session, person, [(row.role, row.station_id) for row in rows if row.role])
    if Role.SERVICE in who.roles:
        return None
    return Live(who, person.session_id, is_untouched=person.seen_at < now - _TOUCH)


def touch(session: Session, token: str, *, now: datetime) -> None:
    """Note that the session is in use, at most every two minutes."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == digest(token), LoginSession.seen_at < now - _TOUCH)
        .values(seen_at=now)
    )


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == digest(token), LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_sessions(session: Session, user_id: int, *, now: datetime) -> None:
    """End every session of a person, as after a change of password or role."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
