"""Server-side sessions: opened, looked up by the hash of their token, ended."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Row, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from core.access import Identity, Role
from core.errors import CodesWanted
from core.settings import Settings
from db.people.models import Staff, User, UserRole
from db.people.services.identities import identity_from, identity_of
from db.sign_in.models import Authenticator, CodeDemand, LoginSession
from db.sign_in.one_time_tokens import digest
from db.sign_in.services import sign_in_news
from db.sign_in.services.failed_sign_ins import SignInRefused, Visit
from db.sign_in.services.sign_in_news import News
from db.store import audit
from db.store.models import AuditEvent

OIDC = "oidc"
_TOUCH = timedelta(minutes=2)

_LIVE = (
    select(
        User.id,
        User.username,
        User.name,
        User.language,
        User.staff_id,
        LoginSession.id.label("session_id"),
        LoginSession.created_at,
        LoginSession.seen_at,
        LoginSession.method,
        User.news_since,
        User.news_until,
        UserRole.role,
        UserRole.station_id,
        Staff.station_id.label("team_id"),
        CodeDemand.role.label("demanded"),
        Authenticator.confirmed_at.label("codes_since"),
    )
    .join(LoginSession, LoginSession.user_id == User.id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .outerjoin(Staff, Staff.id == User.staff_id)
    .outerjoin(CodeDemand, CodeDemand.role == UserRole.role)
    .outerjoin(Authenticator, Authenticator.user_id == User.id)
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
    """A session in force; `is_untouched` once its last noted use is some minutes ago.

    `method` is how its holder signed in, `news` what changed about their sign-in.
    """

    who: Identity
    session_id: int
    created_at: datetime
    method: str
    is_untouched: bool
    news: News | None


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
    if not _knows_browser(session, user_id, visit):
        sign_in_news.note(session, who, "new_browser", user_id, now=visit.now)
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
            browser_hash=digest(visit.mark) if visit.mark else None,
            method=method,
        )
    )
    audit.record(session, who, "sign_in", ("user", user_id), now=visit.now, method=method)
    return Login(token, expires_at)


def identify(session: Session, settings: Settings, token: str, *, now: datetime) -> Identity | None:
    """Who a cookie belongs to; None when the session is unknown, expired, idle or revoked.

    Raises:
        CodesWanted: the person must set up one-time codes before anything else.
    """
    live = live_session(session, settings, token, now=now)
    if live and live.who.owes_codes:
        raise CodesWanted(live.who.language)
    return live.who if live else None


def live_session(session: Session, settings: Settings, token: str, *, now: datetime) -> Live | None:
    """The session of a cookie while it is in force; its holder may still owe one-time codes."""
    parameters = {
        "token_hash": digest(token),
        "now": now,
        "idle_since": now - timedelta(hours=settings.session_idle_hours),
        "demo": settings.allows_demo_accounts,
    }
    rows = session.execute(_LIVE, parameters).all()
    if not rows:
        return None
    person = rows[0]
    who = identity_from(
        session,
        person,
        [(row.role, row.station_id) for row in rows if row.role],
        team_id=person.team_id,
        owes_codes=_owes_codes(rows),
    )
    if Role.SERVICE in who.roles:
        return None
    return Live(
        who,
        person.session_id,
        person.created_at,
        person.method,
        is_untouched=person.seen_at < now - _TOUCH,
        news=News(person.news_since, person.news_until) if person.news_since else None,
    )


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


def revoke_sessions(
    session: Session, user_id: int, *, now: datetime, keep: int | None = None
) -> None:
    """End every session of a person but one, as after a change of password or role."""
    session.execute(
        update(LoginSession)
        .where(
            LoginSession.user_id == user_id,
            LoginSession.id != (keep or 0),
            LoginSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def _owes_codes(rows: Sequence[Row[*tuple[Any, ...]]]) -> bool:
    """Whether a role demands codes that are not there; a provider answers for its own sign-ins."""
    person = rows[0]
    if person.method == OIDC or person.codes_since is not None:
        return False
    return any(row.demanded for row in rows)


def _knows_browser(session: Session, user_id: int, visit: Visit) -> bool:
    """Whether the person signed in with this browser before; the first browser of all counts."""
    here = select(LoginSession.id).where(
        LoginSession.user_id == user_id, LoginSession.browser_hash == digest(visit.mark)
    )
    if visit.mark and session.scalar(select(exists(here))):
        return True
    ever = select(AuditEvent.id).where(
        AuditEvent.object_type == "user",
        AuditEvent.object_id == str(user_id),
        AuditEvent.action == "sign_in",
    )
    return not session.scalar(select(exists(ever)))
