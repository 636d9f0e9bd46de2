"""Signing in without a browser."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.settings import Settings
from db.sign_in.services import login_sessions, passwords
from db.sign_in.services.failed_sign_ins import Visit
from db.sign_in.services.login_sessions import Login
from db.sign_in.services.passwords import SecondStep, admit
from tests.factories import PASSWORD
from tests.support.clock import NOW

SETTINGS = Settings(session_hours=12, session_idle_hours=4)


def sign_in(
    session: Session,
    username: str,
    password: str = PASSWORD,
    *,
    now: datetime,
    address: str = "test",
    mark: str = "test",
    **visit: str,
) -> Login | SecondStep | None:
    """Both halves of a sign-in, as the login form does them."""
    user_id = passwords.verify(session, SETTINGS, username=username, password=password)
    place = Visit(address, now, mark=mark, **visit)
    return admit(session, SETTINGS, username=username, user_id=user_id, visit=place)


def session_token(session: Session, username: str, *, now: datetime) -> str:
    """The cookie of a new session of somebody without a second factor."""
    login = sign_in(session, username, now=now)
    assert isinstance(login, Login)
    return login.token


def is_in(session: Session, login: Login, now: datetime = NOW) -> bool:
    """Whether the cookie of a sign-in still opens anything."""
    return login_sessions.identify(session, SETTINGS, login.token, now=now) is not None
