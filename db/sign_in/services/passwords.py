"""Passwords: stored as argon2id, each with its own salt; signing in with one, and what follows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.settings import Settings
from db.people.models import User
from db.sign_in import one_time_tokens
from db.sign_in.queries.accounts import has_second_factor
from db.sign_in.services.failed_sign_ins import Visit, note_failure, refuse_if_guessing
from db.sign_in.services.login_sessions import Login, open_session

SECOND_STEP = "second_step"
_FOR_SECOND_STEP = timedelta(minutes=5)


@dataclass(frozen=True)
class SecondStep:
    """The password was right; the token lets its holder go on with a one-time code."""

    token: str


def admit(
    session: Session, settings: Settings, *, username: str, user_id: int | None, visit: Visit
) -> Login | SecondStep | None:
    """What follows `verify`: a session, the second step, or None with the failure counted.

    Raises:
        SignInRefused: too many attempts from here failed, even while this one was verified.
    """
    refuse_if_guessing(session, username=username, visit=visit)
    if user_id is None:
        note_failure(session, username, visit)
        return None
    if has_second_factor(session, user_id):
        token = one_time_tokens.issue(
            session, SECOND_STEP, user_id, now=visit.now, lasting=_FOR_SECOND_STEP
        )
        return SecondStep(token)
    return open_session(session, settings, user_id, visit)


def is_proven(session: Session, *, who: Identity, proven: int | None, visit: Visit) -> bool:
    """Whether `verify` found the person's own password; a wrong one is counted as at sign-in.

    Raises:
        SignInRefused: it was guessed too often.
    """
    refuse_if_guessing(session, username=who.username, visit=visit)
    if proven != who.user_id:
        note_failure(session, who.username, visit)
    return proven == who.user_id


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def verify(session: Session, settings: Settings, *, username: str, password: str) -> int | None:
    """Whose password this is. Slow on purpose, so it belongs into no writing transaction."""
    query = select(User).where(User.username == username, User.active)
    if not settings.allows_demo_accounts:
        query = query.where(User.is_demo.is_(False))
    user = session.scalar(query)
    is_right = matches((user.password_hash if user else "") or _decoy(), password)
    return user.id if user and is_right else None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _decoy() -> str:
    """What an unknown user name is checked against, so that it takes as long as a known one."""
    return hash_password(secrets.token_urlsafe(16))
