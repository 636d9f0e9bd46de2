"""Stored passwords: argon2id, each with its own salt."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.settings import Settings
from db.people.models import User


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
