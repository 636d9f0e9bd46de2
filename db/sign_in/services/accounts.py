"""A person's own account: first administrator, new passwords, sessions that are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require
from core.errors import InvalidInput, NotFound, PortalError
from core.sign_in.passwords import check_password
from db.people.models import User, UserRole
from db.people.services.identities import identity_of
from db.sign_in import one_time_tokens
from db.sign_in.models import LoginSession
from db.sign_in.services import login_sessions, passwords, sign_in_news
from db.sign_in.services.failed_sign_ins import Visit
from db.sign_in.services.passwords import SECOND_STEP, hash_password, is_proven
from db.store import audit

_SET_UP, _PASSWORD = "set_up", "password"
_SET_UP_LASTS = timedelta(days=1)
_PASSWORD_LASTS = timedelta(days=3)


class LinkOver(PortalError):
    """The link was used, has expired, or never was one."""


@dataclass(frozen=True)
class LinkHolder:
    """Whom a link is for."""

    user_id: int
    username: str
    name: str
    language: str | None


def start_set_up(session: Session, *, now: datetime) -> str | None:
    """The token of a set-up link while nobody has an account.

    Links printed before, by another process or an earlier start, open the same door until their
    time is over or somebody has an account.
    """
    if session.scalar(select(exists(select(User.id)))):
        return None
    return one_time_tokens.issue(
        session, _SET_UP, None, now=now, lasting=_SET_UP_LASTS, ends_earlier=False
    )


def check_set_up(session: Session, *, token: str, now: datetime) -> None:
    """Raise LinkOver unless the link still works and nobody has an account."""
    taken = session.scalar(select(exists(select(User.id))))
    if taken or one_time_tokens.find(session, _SET_UP, token, now=now) is None:
        raise _over()


def set_up(
    session: Session, *, token: str, username: str, name: str, password: str, now: datetime
) -> int:
    """Make the first account, an administrator's; returns its id.

    Raises:
        LinkOver: the link was used or has expired, or somebody has an account.
        InvalidInput: a name is missing or the password is weak.
    """
    check_set_up(session, token=token, now=now)
    if not (username.strip() and name.strip()):
        raise InvalidInput("Fill in every required field.")
    check_password(password, [username, name])
    user = User(
        username=username.strip(),
        name=name.strip(),
        password_hash=hash_password(password),
        password_changed_at=now,
        created_at=now,
    )
    user.roles = [UserRole(role=Role.ADMINISTRATOR)]
    session.add(user)
    session.flush()
    one_time_tokens.drop(session, _SET_UP, None, now=now)
    audit.record(session, identity_of(session, user), "set_up", ("user", user.id), now=now)
    return user.id


def give_password_link(session: Session, *, who: Identity, user_id: int, now: datetime) -> str:
    """The token of a link with which a person chooses a password, once, within three days."""
    require(who, Action.ADMINISTER_PEOPLE)
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise NotFound("This entry does not exist any more.")
    if Role.SERVICE in identity_of(session, user).roles:
        raise InvalidInput("A service account cannot sign in.")
    sign_in_news.note(session, who, "give_password_link", user_id, now=now)
    return one_time_tokens.issue(session, _PASSWORD, user_id, now=now, lasting=_PASSWORD_LASTS)


def person_of_link(session: Session, *, token: str, now: datetime) -> LinkHolder:
    """Whom a password link is for.

    Raises:
        LinkOver: it was used, has expired or never was one.
    """
    link = one_time_tokens.find(session, _PASSWORD, token, now=now)
    user = session.get(User, link.user_id) if link else None
    if user is None or not user.active:
        raise _over()
    return LinkHolder(user.id, username=user.username, name=user.name, language=user.language)


def choose_password(session: Session, *, token: str, password: str, now: datetime) -> LinkHolder:
    """Set the password of the person whom a link was given, and end all sessions of theirs.

    Raises:
        LinkOver: the link was used, has expired or never was one.
        InvalidInput: the password is weak.
    """
    person = person_of_link(session, token=token, now=now)
    _set_password(session, person.user_id, password, now)
    return person


def change_password(
    session: Session, *, who: Identity, proven: int | None, password: str, visit: Visit
) -> bool:
    """Set one's own password and end all sessions, this one included.

    Args:
        proven: what `passwords.verify` said of the present password.

    Returns:
        Whether the present password was right; a wrong one is counted as at sign-in.

    Raises:
        SignInRefused: the present password was guessed too often.
        InvalidInput: the new password is weak.
    """
    require(who, Action.MANAGE_OWN_ACCOUNT)
    if not is_proven(session, who=who, proven=proven, visit=visit):
        return False
    _set_password(session, who.user_id, password, visit.now)
    return True


def end_session(session: Session, *, who: Identity, session_id: int, now: datetime) -> None:
    """End one of one's own sessions, on whatever machine it is."""
    require(who, Action.MANAGE_OWN_ACCOUNT)
    ended = session.scalars(
        update(LoginSession)
        .where(
            LoginSession.id == session_id,
            LoginSession.user_id == who.user_id,
            LoginSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
        .returning(LoginSession.id)
    )
    if ended.first() is not None:
        audit.record(session, who, "end_session", ("session", session_id), now=now)


def end_other_sessions(session: Session, *, who: Identity, keep: int, now: datetime) -> None:
    """End every session of one's own but the present one."""
    require(who, Action.MANAGE_OWN_ACCOUNT)
    session.execute(
        update(LoginSession)
        .where(
            LoginSession.user_id == who.user_id,
            LoginSession.id != keep,
            LoginSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    audit.record(session, who, "end_other_sessions", ("user", who.user_id), now=now)


def _set_password(session: Session, user_id: int, password: str, now: datetime) -> None:
    user = session.get_one(User, user_id)
    check_password(password, [user.username, user.name])
    if passwords.matches(user.password_hash, password):
        raise InvalidInput("This is the present password. Choose another one.")
    user.password_hash = hash_password(password)
    user.password_changed_at = now
    for purpose in (_PASSWORD, SECOND_STEP):  # what began with the former password ends too
        one_time_tokens.drop(session, purpose, user_id, now=now)
    login_sessions.revoke_sessions(session, user_id, now=now)
    sign_in_news.note(session, identity_of(session, user), "change_password", user_id, now=now)


def _over() -> LinkOver:
    return LinkOver("This link has been used or has expired. Ask for a new one.")
