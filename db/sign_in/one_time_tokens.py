"""Tokens that open one door once: random, stored by their hash only, short-lived."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.sign_in.models import OneTimeToken


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def issue(
    session: Session,
    purpose: str,
    user_id: int | None,
    *,
    now: datetime,
    lasting: timedelta,
    ends_earlier: bool = True,
) -> str:
    """A new token; earlier ones for the same purpose and person stop working, if `ends_earlier`."""
    if ends_earlier:
        drop(session, purpose, user_id, now=now)
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeToken(
            token_hash=digest(token),
            purpose=purpose,
            user_id=user_id,
            created_at=now,
            expires_at=now + lasting,
        )
    )
    session.flush()
    return token


def find(session: Session, purpose: str, token: str, *, now: datetime) -> OneTimeToken | None:
    """The token if it still opens something; locked where the database can lock a row."""
    return session.scalars(
        select(OneTimeToken)
        .where(
            OneTimeToken.token_hash == digest(token),
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
        )
        .with_for_update()
    ).one_or_none()


def drop(session: Session, purpose: str, user_id: int | None, *, now: datetime) -> None:
    session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.purpose == purpose,
            OneTimeToken.user_id.is_(None) if user_id is None else OneTimeToken.user_id == user_id,
            OneTimeToken.used_at.is_(None),
        )
        .values(used_at=now)
    )
