"""Signing in through the organisation's identity provider (OpenID Connect, code flow with PKCE).

It ends in the same session and cookie as a sign-in with a password.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

import httpx2
from anyio import to_thread
from authlib.integrations.starlette_client import OAuth, OAuthError
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, request_response
from starlette.types import Receive, Scope, Send

from core.errors import PortalError
from core.settings import Settings
from db.sign_in.services import identity_provider, login_sessions
from db.sign_in.services.identity_provider import Claims
from pages.ui.kit import wiring
from pages.ui.kit.auth import cookie_name, link_token
from pages.ui.kit.messages import _, sentence, use_language
from pages.web import cookies
from pages.web.forms import Form, Link, language_of, next_page, show, visit
from pages.web.sign_in.login import welcome

_MINUTES = 10
_LEEWAY = 60
_FAILURES = (OAuthError, JoseError, httpx2.HTTPError, ValueError, KeyError, RuntimeError)
_log = logging.getLogger(__name__)


class _WithState:
    """A route whose `request.session` is a signed cookie that lives for these minutes."""

    def __init__(self, handler: Callable[[Request], Awaitable[Response]]) -> None:
        self._app = request_response(handler)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = SessionMiddleware(
            self._app,
            secret_key=wiring.keys().digest("oidc state", ""),
            session_cookie=cookie_name("qi_oidc"),
            max_age=_MINUTES * 60,
            same_site="lax",
            https_only=wiring.settings().secure_cookies,
        )
        await app(dict(scope), receive, send)


async def start(request: Request) -> Response:
    """To the provider; with the token of My account to link the two accounts afterwards."""
    settings = wiring.settings()
    if not settings.oidc_issuer:
        return RedirectResponse("/login", status_code=303)
    request.session["next"] = next_page(request)
    request.session["links"] = _wants_link(request)
    try:
        redirect: Response = await _provider(settings).authorize_redirect(
            request, f"{settings.address}/oidc/callback"
        )
    except _FAILURES:
        return _failed(request)
    return redirect


async def callback(request: Request) -> Response:
    settings = wiring.settings()
    if not settings.oidc_issuer:
        return RedirectResponse("/login", status_code=303)
    try:
        claims = await _claims(request, settings)
    except _FAILURES:
        return _failed(request)
    next_address, links = request.session.get("next", "/"), request.session.get("links", False)
    request.session.clear()
    arrived = _linked if links else _entered
    return await to_thread.run_sync(arrived, request, claims, next_address)


routes: list[Route] = [
    Route("/oidc/start", _WithState(start), methods=["GET"]),
    Route("/oidc/callback", _WithState(callback), methods=["GET"]),
]


@lru_cache(maxsize=1)
def _client(issuer: str, client_id: str, client_secret: str) -> Any:  # noqa: ANN401  no types
    return OAuth().register(
        name="oidc",
        client_id=client_id,
        client_secret=client_secret or None,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
    )


def _provider(settings: Settings) -> Any:  # noqa: ANN401  no types
    return _client(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)


async def _claims(request: Request, settings: Settings) -> Claims:
    """What the provider says; state, PKCE, signature, issuer, audience, nonce, times checked."""
    token = await _provider(settings).authorize_access_token(
        request,
        leeway=_LEEWAY,
        claims_options={
            "iss": {"essential": True, "values": [await _issuer(settings)]},
            "aud": {"essential": True, "values": [settings.oidc_client_id]},
        },
    )
    claims = dict(token["userinfo"])
    if settings.oidc_username_claim not in claims:
        more = dict(await _provider(settings).userinfo(token=token))
        if more.get("sub") == claims["sub"]:
            claims = more | claims
    groups = claims.get(settings.oidc_roles_claim) or []
    return Claims(
        issuer=str(claims["iss"])[:255],
        subject=str(claims["sub"])[:255],
        username=str(claims.get(settings.oidc_username_claim) or ""),
        name=str(claims.get("name") or ""),
        groups=frozenset(map(str, [groups] if isinstance(groups, str) else groups)),
    )


async def _issuer(settings: Settings) -> str:
    """The issuer as the provider spells it; it must be the one of the settings."""
    metadata = await _provider(settings).load_server_metadata()
    issuer = str(metadata["issuer"])
    if issuer.rstrip("/") != settings.oidc_issuer:
        msg = f"the provider calls itself {issuer}"
        raise ValueError(msg)
    return issuer


def _wants_link(request: Request) -> bool:
    token, session = request.query_params.get("link", ""), cookies.session_token(request)
    expected = link_token(session) if session else ""
    return bool(expected) and hmac.compare_digest(token.encode(), expected.encode())


def _entered(request: Request, claims: Claims, next_address: str) -> Response:
    use_language(language_of(request))
    here = visit(request)
    try:
        with wiring.transaction() as session:
            came = identity_provider.enter(session, wiring.settings(), claims, here)
    except PortalError as error:
        return _refused(request, sentence(error))
    return welcome(came, here, next_address)


def _linked(request: Request, claims: Claims, _next_address: str) -> Response:
    use_language(language_of(request))
    token, now = cookies.session_token(request) or "", wiring.now()
    try:
        with wiring.transaction() as session:
            who = login_sessions.identify(session, wiring.settings(), token, now=now)
            if who is not None:
                identity_provider.link(session, who=who, claims=claims, now=now)
    except PortalError as error:
        return _refused(request, sentence(error))
    return RedirectResponse("/account", status_code=303)


def _failed(request: Request) -> Response:
    _log.warning("sign-in through the provider failed", exc_info=True)
    use_language(language_of(request))
    return _refused(
        request, _("The sign-in through your organisation did not work. Please try again.")
    )


def _refused(request: Request, error: str) -> Response:
    form = Form(
        title=_("Service quality portal"),
        error=error,
        links=[Link(address="/login", label=_("To the sign-in"), look="other")],
    )
    return show(request, form, status=401)
