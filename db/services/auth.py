"""Signing in and out: argon2id passwords, server-side sessions stored by hash only."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import func, literal, or_, select, update
from sqlalchemy.orm import Session

from core.access import Identity, Role
from core.errors import PortalError
from core.settings import Settings
from db import audit
from db.models import LoginFailure, LoginSession, Station, User

_WINDOW = timedelta(minutes=15)
_FAILURES_PER_PAIR = 5
_FAILURES_PER_ADDRESS = 30
_TOUCH = timedelta(minutes=2)


class SignInRefused(PortalError):
    """User name or password wrong, or too many attempts; never says which account exists."""


@dataclass(frozen=True)
class Login:
    """A new session: the token goes into the cookie and is stored nowhere."""

    token: str
    expires_at: datetime


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def refuse_if_guessing(session: Session, *, username: str, address: str, now: datetime) -> None:
    """Stop an address that keeps guessing, without locking the account for anyone else.

    Raises:
        SignInRefused: too many refused attempts from here in the last 15 minutes.
    """
    recent = select(func.count()).where(
        LoginFailure.at > now - _WINDOW, LoginFailure.address == address
    )
    pair = session.scalar(recent.where(LoginFailure.username == username)) or 0
    if pair >= _FAILURES_PER_PAIR or (session.scalar(recent) or 0) >= _FAILURES_PER_ADDRESS:
        raise SignInRefused("Too many attempts. Wait 15 minutes and try again.")


def sign_in(
    session: Session,
    settings: Settings,
    *,
    username: str,
    password: str,
    address: str,
    now: datetime,
) -> Login | None:
    """A new session for the right password; None, with the failure counted, for a wrong one."""
    known = select(User).where(User.username == username, User.active)
    if not settings.allows_demo_accounts:
        known = known.where(User.is_demo.is_(False))
    user = session.scalar(known)
    if not _matches(user.password_hash if user else _decoy(), password) or user is None:
        session.add(LoginFailure(username=username[:64], address=address, at=now))
        audit.record(session, None, "sign_in_refused", ("user", ""), now=now)
        return None
    token = secrets.token_urlsafe(32)
    expires_at = now + timedelta(hours=settings.session_hours)
    session.add(
        LoginSession(
            token_hash=_digest(token),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
            address=address,
        )
    )
    who = identity_of(session, user)
    audit.record(session, who, "sign_in", ("user", user.id), now=now)
    return Login(token, expires_at)


def identify(session: Session, settings: Settings, token: str, *, now: datetime) -> Identity | None:
    """Who a cookie belongs to; None when the session is unknown, expired, idle or revoked."""
    row = session.execute(
        select(User)
        .join(LoginSession, LoginSession.user_id == User.id)
        .where(
            LoginSession.token_hash == _digest(token),
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
            LoginSession.seen_at > now - timedelta(hours=settings.session_idle_hours),
            User.active,
            or_(User.is_demo.is_(False), literal(settings.allows_demo_accounts)),
        )
    ).scalar_one_or_none()
    return identity_of(session, row) if row else None


def touch(session: Session, token: str, *, now: datetime) -> None:
    """Note that the session is in use, at most every two minutes."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == _digest(token), LoginSession.seen_at < now - _TOUCH)
        .values(seen_at=now)
    )


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == _digest(token), LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_sessions(session: Session, user_id: int, *, now: datetime) -> None:
    """End every session of a person, as after a change of password or role."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def identity_of(session: Session, user: User) -> Identity:
    roles = frozenset(Role(role.role) for role in user.roles)
    tops = [role.station_id for role in user.roles if role.station_id is not None]
    return Identity(
        user_id=user.id,
        username=user.username,
        name=user.name,
        roles=roles,
        language=user.language,
        staff_id=user.staff_id,
        station_ids=subtree(session, tops) if tops else None,
    )


def subtree(session: Session, tops: list[int]) -> frozenset[int]:
    """The ids of some stations and everything below them."""
    tree = select(Station.id).where(Station.id.in_(tops)).cte("tree", recursive=True)
    tree = tree.union(select(Station.id).where(Station.parent_id == tree.c.id))
    return frozenset(session.scalars(select(tree.c.id)))


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _decoy() -> str:
    """What an unknown user name is checked against, so that it takes as long as a known one."""
    return hash_password(secrets.token_urlsafe(16))


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
