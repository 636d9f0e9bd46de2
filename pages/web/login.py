"""Signing in and out with plain HTML forms that work without JavaScript."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from markupsafe import escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from core.errors import PortalError
from core.i18n import LANGUAGES, guess_language, translations
from db.services import auth
from pages.ui import wiring
from pages.web import cookies

_CURRENT = ' aria-current="true"'
_PAGE = Template((Path(__file__).parent / "login.html").read_text(encoding="utf-8"))


async def login(request: Request) -> Response:
    if request.method == "GET":
        return _form(request, error="")
    form = await request.form()
    given, expected = str(form.get("token", "")), request.cookies.get(cookies.FORM, "")
    if not expected or not hmac.compare_digest(given, expected):
        return _form(request, error="The page was open too long. Please try again.")
    username = str(form.get("username", "")).strip()
    try:
        login = await to_thread.run_sync(
            _sign_in, username, str(form.get("password", "")), _address(request)
        )
    except PortalError as error:
        return _form(request, error=error.sentence, username=username)
    if login is None:
        return _form(request, error="User name or password is wrong.", username=username)
    response = RedirectResponse(_next(request), status_code=303)
    cookies.set_session(response, login.token, login.expires_at)
    response.delete_cookie(cookies.FORM)
    return response


async def logout(request: Request) -> Response:
    """POST from the portal's own origin ends the session; GET only leads to the login page."""
    response = RedirectResponse("/login", status_code=303)
    token = cookies.session_token(request)
    same_origin = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    if request.method == "POST" and token and same_origin:
        await to_thread.run_sync(_sign_out, token)
        cookies.drop_session(response)
    return response


def _sign_in(username: str, password: str, address: str) -> auth.Login | None:
    now = wiring.now()
    with wiring.reading() as session:
        auth.refuse_if_guessing(session, username=username, address=address, now=now)
    with wiring.transaction() as session:
        return auth.sign_in(
            session,
            wiring.settings(),
            username=username,
            password=password,
            address=address,
            now=now,
        )


def _sign_out(token: str) -> None:
    with wiring.transaction() as session:
        auth.sign_out(session, token, now=wiring.now())


def _form(request: Request, *, error: str, username: str = "") -> HTMLResponse:
    language = _language(request)
    translate = translations(language).gettext
    token = secrets.token_urlsafe(24)
    texts: dict[str, Any] = {
        "lang": language.replace("_", "-"),
        "title": translate("Service quality portal"),
        "intro": translate("Sign in to score, review and learn from real service encounters."),
        "username_label": translate("User name"),
        "password_label": translate("Password"),
        "button": translate("Sign in"),
        "error": translate(error) if error else "",
        "username": username,
        "token": token,
        "action": "/login?next=" + quote(_next(request)),
    }
    page = _PAGE.substitute(
        {name: escape(value) for name, value in texts.items()}
        | {"error_class": "error" if error else "none", "languages": _language_links(request)}
    )
    response = HTMLResponse(page, status_code=401 if error else 200)
    cookies.set_form_token(response, token)
    response.set_cookie(cookies.LANGUAGE, language, max_age=365 * 86400, samesite="lax")
    return response


def _language_links(request: Request) -> str:
    chosen = _language(request)
    following = quote(_next(request))
    return "".join(
        f'<a href="/login?lang={code}&amp;next={following}" lang="{code.replace("_", "-")}"'
        f"{_CURRENT if code == chosen else ''}>{escape(name)}</a>"
        for code, name in LANGUAGES.items()
    )


def _language(request: Request) -> str:
    asked = request.query_params.get("lang") or request.cookies.get(cookies.LANGUAGE)
    if asked in LANGUAGES:
        return asked
    accepted = request.headers.get("accept-language", "")
    return guess_language(part.split(";")[0].strip() for part in accepted.split(","))


def _next(request: Request) -> str:
    """Where to go after signing in: a path of our own, never another site."""
    wanted = request.query_params.get("next", "/")
    is_own = wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/login", "/logout"))
    return wanted if is_own else "/"


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
