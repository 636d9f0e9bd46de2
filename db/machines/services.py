"""Accounts of other systems: with a key they hand in files to import, and can do nothing else."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require
from core.errors import InvalidInput, NotAllowed, NotFound, PortalError
from db.machines.models import LossPermission, ServiceKey
from db.people.models import User, UserRole
from db.people.services.identities import identity_of
from db.sign_in.models import LoginFailure
from db.sign_in.one_time_tokens import digest
from db.sign_in.services.failed_sign_ins import Visit, refuse_if_guessing
from db.store import audit
from db.store.form_rows import existing, store

KINDS = ("stations", "staff", "interactions", "recordings")
"""What other systems hand in; past inspections name who scored whom and stay with people."""
USUAL_DAYS, MOST_DAYS = 90, 365
_PREFIX = 8
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_KEY = re.compile(r"qik_([0-9a-z]{8})_[\w-]{43}", re.ASCII)


class KeyRefused(PortalError):
    """No key in force. `key_id` is that of the row whose prefix was sent, None without one."""

    def __init__(self, sentence: str, *, prefix: str = "", key_id: int | None = None) -> None:
        super().__init__(sentence)
        self.prefix = prefix
        self.key_id = key_id


@dataclass(frozen=True)
class ServiceData:
    """What an administrator enters for a service account.

    `may_lose`: what it hands in may empty and shorten what is stored without a question.
    """

    username: str
    name: str
    active: bool = True
    may_lose: bool = False


@dataclass(frozen=True)
class Caller:
    """The system that sent a request, and the key it sent."""

    who: Identity
    key_id: int


class IssuedKey(NamedTuple):
    """A key just made: the id of its row, and the key itself, to be shown once."""

    key_id: int
    key: str


def save_service_account(
    session: Session, *, who: Identity, user_id: int | None, data: ServiceData, now: datetime
) -> int:
    """Make a service account (`user_id` None) or change one; returns its id.

    Closing it revokes its keys for good. It answers in the language of whoever made it.

    Raises:
        InvalidInput: a name is missing or taken.
        NotFound: there is no such service account.
    """
    require(who, Action.ADMINISTER_PEOPLE)
    if not (data.username.strip() and data.name.strip()):
        raise InvalidInput("Fill in every required field.")
    taken = session.scalar(select(User.id).where(User.username == data.username.strip()))
    if taken is not None and taken != user_id:
        raise InvalidInput("{code} is already taken.", code=data.username.strip())
    user = _new(who, now) if user_id is None else _account(session, user_id)
    fields = {"username": data.username.strip(), "name": data.name.strip(), "active": data.active}
    saved = store(session, who, user, fields, "user", now)
    _permit_losses(session, who, saved, now, is_permitted=data.may_lose)
    if not data.active:
        _revoke(session, who, ServiceKey.user_id == saved, now)
    return saved


def issue_key(
    session: Session, *, who: Identity, user_id: int, label: str, days: int, now: datetime
) -> IssuedKey:
    """A new key of a service account, to be shown once; only its digest is stored.

    Raises:
        InvalidInput: it has no label, would last longer than a year, or the account is closed.
        NotFound: there is no such service account.
    """
    require(who, Action.ADMINISTER_PEOPLE)
    if not _account(session, user_id).active:
        raise InvalidInput("This account is closed.")
    if not label.strip():
        raise InvalidInput("Fill in every required field.")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput("A key lasts from one day to {most} days.", most=MOST_DAYS)
    prefix = "".join(secrets.choice(_ALPHABET) for _ in range(_PREFIX))
    key = f"qik_{prefix}_{secrets.token_urlsafe(32)}"
    row = ServiceKey(user_id=user_id, label=label.strip()[:200], prefix=prefix)
    row.secret_hash, row.created_at, row.expires_at = digest(key), now, now + timedelta(days=days)
    session.add(row)
    session.flush()
    subject = ("service_key", row.id)
    audit.record(session, who, "issue_key", subject, now=now, user=user_id, days=days)
    return IssuedKey(row.id, key)


def revoke_key(session: Session, *, who: Identity, key_id: int, now: datetime) -> None:
    """End a key at once and for good."""
    require(who, Action.ADMINISTER_PEOPLE)
    _revoke(session, who, ServiceKey.id == key_id, now)


def identify(session: Session, *, key: str, visit: Visit) -> Caller:
    """The system a key belongs to.

    Raises:
        KeyRefused: it is not known, not in force any more, or its account is closed; the caller
            lets `note_refusal` count that.
        SignInRefused: too many refused keys came from there, as at sign-in.
    """
    shape = _KEY.fullmatch(key)
    prefix = shape[1] if shape else ""
    _slow_down(session, prefix, visit)
    row = session.scalar(select(ServiceKey).where(ServiceKey.prefix == prefix))
    if row is None or not hmac.compare_digest(row.secret_hash, digest(key)):
        raise KeyRefused(
            "This key is not known.", prefix=prefix, key_id=row.id if row is not None else None
        )
    user = session.get_one(User, row.user_id)
    who = identity_of(session, user)
    if row.revoked_at is not None or not user.active or who.roles != {Role.SERVICE}:
        raise _revoked(prefix, row.id)
    if row.expires_at <= visit.now:
        raise KeyRefused(
            "This key has expired. Ask an administrator for a new one.",
            prefix=prefix,
            key_id=row.id,
        )
    return Caller(who, row.id)


def note_refusal(session: Session, refused: KeyRefused, visit: Visit) -> None:
    """Count a refused key as a wrong password is counted, and note it in the log.

    Raises:
        SignInRefused: too many came from there meanwhile.
    """
    _slow_down(session, refused.prefix, visit)
    session.add(
        LoginFailure(username=_counted(refused.prefix), address=visit.address, at=visit.now)
    )
    subject = ("service_key", refused.key_id or "")
    audit.record(session, None, "refuse_key", subject, now=visit.now)


def require_kind(*, who: Identity, kind: str) -> None:
    """Raise NotAllowed unless other systems hand in files of this kind."""
    require(who, Action.IMPORT)
    if kind not in KINDS:
        raise NotAllowed(
            "Files of this kind are imported by people only.",
            user_id=who.user_id,
            subject=("import", kind),
        )


def note_import(session: Session, *, who: Identity, key_id: int, kind: str, now: datetime) -> None:
    """Note that a key is used to hand in a file; imports of one account begin one by one.

    Raises:
        NotAllowed: files of this kind are imported by people only.
        KeyRefused: the key was revoked while the file came in.
    """
    require_kind(who=who, kind=kind)
    session.get_one(User, who.user_id, with_for_update=True)
    used = session.scalar(
        update(ServiceKey)
        .where(ServiceKey.id == key_id, ServiceKey.revoked_at.is_(None))
        .values(last_used_at=now)
        .returning(ServiceKey.prefix)
    )
    if used is None:
        raise _revoked("", key_id)
    audit.record(session, who, "use_key", ("service_key", key_id), now=now, kind=kind)


def may_lose(session: Session, who: Identity) -> bool:
    """Whether imports of an account may take from what is stored without a question."""
    require(who, Action.IMPORT)
    return session.get(LossPermission, who.user_id) is not None


def _permit_losses(
    session: Session, who: Identity, user_id: int, now: datetime, *, is_permitted: bool
) -> None:
    """Give or take the permission; a change is noted in the log."""
    row = session.get(LossPermission, user_id)
    if (row is not None) == is_permitted:
        return
    if row is None:
        session.add(LossPermission(user_id=user_id))
    else:
        session.delete(row)
    deed = "permit_losses" if is_permitted else "forbid_losses"
    audit.record(session, who, deed, ("user", user_id), now=now)


def _new(who: Identity, now: datetime) -> User:
    user = User(password_hash="", language=who.language, created_at=now)
    user.roles = [UserRole(role=Role.SERVICE)]
    return user


def _account(session: Session, user_id: int) -> User:
    user = existing(session, User, user_id)
    if user is None or {held.role for held in user.roles} != {Role.SERVICE.value}:
        raise NotFound("This entry does not exist any more.")
    return user


def _revoke(session: Session, who: Identity, which: ColumnElement[bool], now: datetime) -> None:
    ended = session.scalars(
        update(ServiceKey)
        .where(which, ServiceKey.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ServiceKey.id)
    )
    for key_id in ended.all():
        audit.record(session, who, "revoke_key", ("service_key", key_id), now=now)


def _slow_down(session: Session, prefix: str, visit: Visit) -> None:
    refuse_if_guessing(session, username=_counted(prefix), visit=visit)


def _counted(prefix: str) -> str:
    """What failures of a key are counted under, where those of people have a user name.

    One expired key that keeps coming is stopped by itself, before it stops others from its place.
    """
    return f"qik_{prefix}"


def _revoked(prefix: str, key_id: int) -> KeyRefused:
    return KeyRefused(
        "This key was revoked. Ask an administrator for a new one.", prefix=prefix, key_id=key_id
    )
