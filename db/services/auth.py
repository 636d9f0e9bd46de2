"""Signing in and out: argon2id passwords, server-side sessions stored by hash only."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Boolean, Row, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from core.access import Identity, Role
from core.errors import PortalError
from core.settings import Settings
from db import audit, tokens
from db.models import Authenticator, LoginFailure, LoginSession, Station, User, UserRole
from db.tokens import digest

SECOND_STEP = "second_step"
_WINDOW = timedelta(minutes=15)
_FAILURES_PER_PAIR = 5
_FAILURES_PER_ADDRESS = 30
_TOUCH = timedelta(minutes=2)
_FOR_SECOND_STEP = timedelta(minutes=5)


class SignInRefused(PortalError):
    """User name or password wrong, or too many attempts; never says which account exists."""


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
class Visit:
    """Where and when somebody signs in; `token` is a session the browser still holds."""

    address: str
    now: datetime
    browser: str = ""
    token: str | None = None


@dataclass(frozen=True)
class Login:
    """A new session: the token goes into the cookie and is stored nowhere."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class SecondStep:
    """The password was right; the token lets its holder go on with a one-time code."""

    token: str


@dataclass(frozen=True)
class Live:
    """A session in force; `is_untouched` once its last noted use is some minutes ago."""

    who: Identity
    session_id: int
    is_untouched: bool


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
    pair = session.scalar(recent.where(LoginFailure.username == username[:64])) or 0
    if pair >= _FAILURES_PER_PAIR or (session.scalar(recent) or 0) >= _FAILURES_PER_ADDRESS:
        raise SignInRefused("Too many attempts. Wait 15 minutes and try again.")


def verify(session: Session, settings: Settings, *, username: str, password: str) -> int | None:
    """Whose password this is. Slow on purpose, so it belongs into no writing transaction."""
    known = select(User).where(User.username == username, User.active)
    if not settings.allows_demo_accounts:
        known = known.where(User.is_demo.is_(False))
    user = session.scalar(known)
    is_right = matches((user.password_hash if user else "") or _decoy(), password)
    return user.id if user and is_right else None


def admit(
    session: Session, settings: Settings, *, username: str, user_id: int | None, visit: Visit
) -> Login | SecondStep | None:
    """What follows `verify`: a session, the second step, or None with the failure counted.

    Raises:
        SignInRefused: too many attempts from here failed, even while this one was verified.
    """
    refuse_if_guessing(session, username=username, address=visit.address, now=visit.now)
    if user_id is None:
        note_failure(session, username, visit)
        return None
    if _has_second_factor(session, user_id):
        token = tokens.issue(session, SECOND_STEP, user_id, now=visit.now, lasting=_FOR_SECOND_STEP)
        return SecondStep(token)
    return open_session(session, settings, user_id, visit)


def is_proven(session: Session, *, who: Identity, proven: int | None, visit: Visit) -> bool:
    """Whether `verify` found the person's own password; a wrong one is counted as at sign-in.

    Raises:
        SignInRefused: it was guessed too often.
    """
    refuse_if_guessing(session, username=who.username, address=visit.address, now=visit.now)
    if proven != who.user_id:
        note_failure(session, who.username, visit)
    return proven == who.user_id


def note_failure(session: Session, username: str, visit: Visit) -> None:
    session.add(LoginFailure(username=username[:64], address=visit.address, at=visit.now))
    audit.record(session, None, "sign_in_refused", ("user", ""), now=visit.now)


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
    who = _identity(session, person, [(row.role, row.station_id) for row in rows if row.role])
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


def matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def identity_of(session: Session, user: User) -> Identity:
    return _identity(session, user, [(held.role, held.station_id) for held in user.roles])


def _identity(
    session: Session,
    person: User | Row[*tuple[Any, ...]],
    held: Sequence[tuple[str, int | None]],
) -> Identity:
    """`held` are the roles, each with the station it is confined to."""
    tops = [station_id for _role, station_id in held if station_id is not None]
    return Identity(
        user_id=person.id,
        username=person.username,
        name=person.name,
        roles=frozenset(Role(role) for role, _top in held),
        language=person.language,
        staff_id=person.staff_id,
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


def _has_second_factor(session: Session, user_id: int) -> bool:
    found = select(Authenticator.user_id).where(
        Authenticator.user_id == user_id, Authenticator.confirmed_at.is_not(None)
    )
    return session.scalar(found) is not None
