"""The portal's cookies and the tokens bound to them."""

from __future__ import annotations

import hmac
from datetime import datetime
from http.cookies import SimpleCookie

from starlette.requests import HTTPConnection
from starlette.responses import Response

from pages.ui import wiring

SESSION = "qi_session"
FORM = "qi_form"
LANGUAGE = "qi_lang"


def session_token(connection: HTTPConnection) -> str | None:
    return connection.cookies.get(SESSION) or None


def set_session(response: Response, token: str, expires_at: datetime) -> None:
    response.set_cookie(
        SESSION,
        token,
        expires=expires_at,
        httponly=True,
        samesite="lax",
        secure=wiring.settings().secure_cookies,
    )


def drop_session(response: Response) -> None:
    response.delete_cookie(SESSION, httponly=True, samesite="lax")


def set_form_token(response: Response, token: str) -> None:
    response.set_cookie(
        FORM,
        token,
        max_age=3600,
        httponly=True,
        samesite="strict",
        secure=wiring.settings().secure_cookies,
    )


def api_token(session: str) -> str:
    """What a page must send back with each change; only who holds the session can know it."""
    return wiring.keys().digest("api token", session)


def is_api_token(session: str, given: str) -> bool:
    return hmac.compare_digest(api_token(session), given)


def cookie_value(header: str, name: str) -> str | None:
    """One cookie out of a raw Cookie header, as ASGI middleware sees it."""
    morsel = SimpleCookie(header).get(name)
    return morsel.value or None if morsel else None
