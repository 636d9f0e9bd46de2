"""One-time codes beside the password (TOTP, RFC 6238), and recovery codes for lost generators."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

import pyotp
from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.settings import Settings
from db.people.models import User
from db.people.services.identities import identity_of
from db.sign_in import one_time_tokens
from db.sign_in.models import Authenticator, RecoveryCode
from db.sign_in.queries.accounts import demands_codes
from db.sign_in.services import login_sessions, sign_in_news
from db.sign_in.services.failed_sign_ins import (
    SignInRefused,
    Visit,
    note_failure,
    refuse_if_guessing,
)
from db.sign_in.services.login_sessions import Login
from db.sign_in.services.passwords import SECOND_STEP, is_proven
from db.store.keys import Keys
from db.store.session import dialect_of, insert_into

_ISSUER = "Service quality portal"
_STEP = 30
_RECOVERY_CODES = 10
_TRIES = 5
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without those that are mistaken for each other


def begin(session: Session, keys: Keys, *, who: Identity, session_id: int) -> str:
    """The address a code generator reads, as text or QR code; it counts once confirmed.

    Every login session gets a secret of its own, in place of the one that waits: whoever noted
    that one, with no more than the password, can do nothing with what another session confirms.

    Raises:
        InvalidInput: there is a second factor already.
    """
    require(who, Action.SET_UP_CODES)
    _offer(session, who.user_id, keys.encrypt(pyotp.random_base32()), session_id)
    row = session.get_one(Authenticator, who.user_id, populate_existing=True)
    if row.confirmed_at is not None:
        raise InvalidInput("A second factor is set up already.")
    return _totp(keys, row).provisioning_uri(name=who.username, issuer_name=_ISSUER)


def confirm(
    session: Session, keys: Keys, *, who: Identity, code: str, session_id: int, now: datetime
) -> list[str] | None:
    """Switch the second factor on with a first right code; returns the recovery codes, once.

    Every other session ends: nobody stays signed in who came without a code. None when the code
    is wrong, or when the secret it comes from was shown to another session.
    """
    require(who, Action.SET_UP_CODES)
    row = session.get(Authenticator, who.user_id, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        raise InvalidInput("A second factor is set up already.")
    if row.begun_in != session_id or not _takes(keys, row, code, now):
        return None
    row.confirmed_at = now
    codes = [_new_code() for _ in range(_RECOVERY_CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == who.user_id))
    session.add_all(
        RecoveryCode(user_id=who.user_id, code_hash=_digests(keys, code)[0]) for code in codes
    )
    login_sessions.revoke_sessions(session, who.user_id, now=now, keep=session_id)
    sign_in_news.note(session, who, "add_second_factor", who.user_id, now=now)
    return codes


def finish_sign_in(
    session: Session, settings: Settings, keys: Keys, *, token: str, code: str, visit: Visit
) -> Login | None:
    """The second step of a sign-in; None, with the failure counted, for a wrong code.

    Raises:
        SignInRefused: the first step is too long ago, or there were too many wrong codes.
    """
    step = one_time_tokens.find(session, SECOND_STEP, token, now=visit.now)
    user = session.get(User, step.user_id) if step else None
    if step is None or user is None or not user.active:
        raise SignInRefused("The page was open too long. Please try again.")
    refuse_if_guessing(session, username=user.username, visit=visit)
    if not _is_right(session, keys, user, code, visit.now):
        note_failure(session, user.username, visit)
        step.tries += 1
        if step.tries >= _TRIES:
            step.used_at = visit.now
        return None
    step.used_at = visit.now
    return login_sessions.open_session(session, settings, user.id, visit, method="password+code")


def remove_own(session: Session, *, who: Identity, proven: int | None, visit: Visit) -> bool:
    """Switch one's own second factor off; False, counted as at sign-in, for a wrong password.

    Raises:
        InvalidInput: a role of the person's demands it.
    """
    require(who, Action.MANAGE_OWN_ACCOUNT)
    if demands_codes(session, who.user_id):
        raise InvalidInput("Your role must use one-time codes, so they stay on.")
    if not is_proven(session, who=who, proven=proven, visit=visit):
        return False
    _remove(session, who.user_id)
    sign_in_news.note(session, who, "remove_second_factor", who.user_id, now=visit.now)
    return True


def remove_for(session: Session, *, who: Identity, user_id: int, now: datetime) -> None:
    """Switch a person's second factor off who lost it and the recovery codes; sessions end."""
    require(who, Action.ADMINISTER_PEOPLE)
    if session.get(Authenticator, user_id) is None:
        raise NotFound("This entry does not exist any more.")
    _remove(session, user_id)
    login_sessions.revoke_sessions(session, user_id, now=now)
    sign_in_news.note(session, who, "remove_second_factor", user_id, now=now)


def _offer(session: Session, user_id: int, secret: bytes, session_id: int) -> None:
    """Store a secret unless one is confirmed or this session has one; the row is locked then."""
    values = {"secret": secret, "begun_in": session_id}
    session.execute(
        insert_into(Authenticator, dialect_of(session))
        .values(user_id=user_id, **values)
        .on_conflict_do_update(
            index_elements=[Authenticator.user_id],
            set_=values,
            where=and_(Authenticator.confirmed_at.is_(None), Authenticator.begun_in != session_id),
        )
    )


def _totp(keys: Keys, row: Authenticator) -> pyotp.TOTP:
    return pyotp.TOTP(keys.decrypt(row.secret), interval=_STEP)


def _takes(keys: Keys, row: Authenticator, code: str, now: datetime) -> bool:
    """Whether a code is right now or was up to one step ago or ahead, and was not taken before."""
    totp, present = _totp(keys, row), int(now.timestamp()) // _STEP
    for step in (present - 1, present, present + 1):
        expected = totp.generate_otp(step)
        if step > row.last_step and hmac.compare_digest(expected.encode(), code.encode()):
            row.last_step = step
            return True
    return False


def _is_right(session: Session, keys: Keys, user: User, code: str, now: datetime) -> bool:
    typed = "".join(code.split()).lower()
    row = session.scalars(
        select(Authenticator).where(Authenticator.user_id == user.id).with_for_update()
    ).one()
    if _takes(keys, row, typed, now):
        return True
    used = session.scalars(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash.in_(_digests(keys, typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    if used.first() is None:
        return False
    sign_in_news.note(session, identity_of(session, user), "use_recovery_code", user.id, now=now)
    return True


def _remove(session: Session, user_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.execute(delete(Authenticator).where(Authenticator.user_id == user_id))


def _new_code() -> str:
    """Eleven of 31 characters, 54 bits, in two groups."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(11))
    return f"{letters[:5]}-{letters[5:]}"


def _digests(keys: Keys, code: str) -> list[bytes]:
    """What is stored of a recovery code, with today's key first and those before it."""
    plain = code.replace("-", "").encode()
    return [hmac.digest(key, plain, "sha256") for key in keys.derived_ever("recovery code")]
