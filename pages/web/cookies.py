"""The portal's cookies and the tokens bound to them."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Literal

from starlette.requests import HTTPConnection
from starlette.responses import Response

from pages.ui.kit import wiring
from pages.ui.kit.auth import COOKIE as SESSION
from pages.ui.kit.auth import cookie_name

FORM = "qi_form"
STEP = "qi_step"
LANGUAGE = "qi_lang"
BROWSER = "qi_browser"
_YEAR = 365 * 86400


def session_token(connection: HTTPConnection) -> str | None:
    return read(connection, SESSION)


def read(connection: HTTPConnection, name: str) -> str | None:
    return connection.cookies.get(cookie_name(name)) or None


def set_session(response: Response, token: str, expires_at: datetime) -> None:
    seconds = int((expires_at - wiring.now()).total_seconds())
    _set(response, SESSION, token, seconds, "lax")


def set_form_token(response: Response, token: str) -> None:
    _set(response, FORM, token, 3600, "strict")


def set_step(response: Response, token: str) -> None:
    """Between password and one-time code."""
    _set(response, STEP, token, 300, "strict")


def set_language(response: Response, language: str) -> None:
    _set(response, LANGUAGE, language, _YEAR, "lax")


def set_browser(response: Response, mark: str) -> None:
    """By which the portal knows a browser again, whoever signs in with it."""
    _set(response, BROWSER, mark, _YEAR, "lax")


def drop_session(response: Response) -> None:
    drop(response, SESSION)


def drop(response: Response, name: str) -> None:
    _set(response, name, "", 0, "lax")


def api_token(session: str) -> str:
    """What a page must send back with each change; only who holds the session can know it."""
    return wiring.keys().digest("api token", session)


def is_api_token(session: str, page_token: str) -> bool:
    return hmac.compare_digest(api_token(session).encode(), page_token.encode())


def _set(
    response: Response,
    name: str,
    value: str,
    seconds: int,
    same_site: Literal["lax", "strict"],
) -> None:
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=seconds,
        httponly=True,
        samesite=same_site,
        secure=wiring.settings().secure_cookies,
    )
