"""Signing in and out: user name and password, then a one-time code where one is set up."""

from __future__ import annotations

from dataclasses import replace

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.errors import PortalError
from db.sign_in.services import login_sessions, passwords, second_factor
from db.sign_in.services.failed_sign_ins import Visit, refuse_if_guessing
from db.sign_in.services.login_sessions import Login
from db.sign_in.services.passwords import SecondStep, admit
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, sentence
from pages.web import cookies
from pages.web.forms import Field, Fields, Form, Link, form_route, next_page, show, visit, with_next


@form_route
def login(request: Request, fields: Fields | None) -> Response:
    form = _login_form(request)
    if fields is None:
        was_posted = request.method == "POST"
        error = _("The page was open too long. Please try again.") if was_posted else ""
        return show(request, replace(form, error=error), status=401 if was_posted else 200)
    username = fields.get("username", "").strip()
    here = visit(request)
    try:
        came = _sign_in(here, username, fields.get("password", ""))
    except PortalError as error:
        return _again(request, sentence(error), username)
    if came is None:
        return _again(request, _("User name or password is wrong."), username)
    if isinstance(came, SecondStep):
        response = RedirectResponse(with_next(request, "/login/code"), status_code=303)
        cookies.set_step(response, came.token)
        return response
    return welcome(came, here, next_page(request))


@form_route
def code(request: Request, fields: Fields | None) -> Response:
    """The second step: a one-time code or a recovery code."""
    token = cookies.read(request, cookies.STEP)
    if not token:
        return RedirectResponse(with_next(request, "/login"), status_code=303)
    if fields is None:
        return show(request, _code_form(request))
    here = visit(request)
    try:
        with wiring.transaction() as session:
            came = second_factor.finish_sign_in(
                session,
                wiring.settings(),
                wiring.keys(),
                token=token,
                code=fields.get("code", ""),
                visit=here,
            )
    except PortalError as error:
        response = _again(request, sentence(error), "")
        cookies.drop(response, cookies.STEP)
        return response
    if came is None:
        return show(request, _code_form(request, _("This code is not right.")), status=401)
    response = welcome(came, here, next_page(request))
    cookies.drop(response, cookies.STEP)
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


def welcome(came: Login, here: Visit, address: str) -> Response:
    """Into the portal with a new session."""
    response = RedirectResponse(address, status_code=303)
    cookies.set_session(response, came.token, came.expires_at)
    cookies.set_browser(response, here.mark)
    cookies.drop(response, cookies.FORM)
    return response


routes: list[Route] = [
    Route("/login", login, methods=["GET", "POST"]),
    Route("/login/code", code, methods=["GET", "POST"]),
    Route("/logout", logout, methods=["GET", "POST"]),
]


def _sign_in(here: Visit, username: str, password: str) -> Login | SecondStep | None:
    settings = wiring.settings()
    with wiring.reading() as session:
        refuse_if_guessing(session, username=username, visit=here)
        user_id = passwords.verify(session, settings, username=username, password=password)
    with wiring.transaction() as session:
        return admit(session, settings, username=username, user_id=user_id, visit=here)


def _sign_out(token: str) -> None:
    with wiring.transaction() as session:
        login_sessions.sign_out(session, token, now=wiring.now())


def _again(request: Request, error: str, username: str) -> Response:
    return show(request, replace(_login_form(request, username), error=error), status=401)


def _login_form(request: Request, username: str = "") -> Form:
    return Form(
        title=_("Service quality portal"),
        intro=_("Sign in to score, review and learn from real service encounters."),
        action=with_next(request, "/login"),
        button=_("Sign in"),
        fields=[
            Field(name="username", label=_("User name"), autocomplete="username", value=username),
            Field(
                name="password",
                label=_("Password"),
                kind="password",
                autocomplete="current-password",
            ),
        ],
        links=_providers(request),
    )


def _providers(request: Request) -> list[Link]:
    settings = wiring.settings()
    if not settings.oidc_issuer:
        return []
    label = _("Sign in through your organisation")
    if settings.oidc_name:
        label = _("Sign in with {name}", name=settings.oidc_name)
    return [Link(address=with_next(request, "/oidc/start"), label=label, look="other")]


def _code_form(request: Request, error: str = "") -> Form:
    return Form(
        title=_("One-time code"),
        intro=_("Enter the code of your code generator, or one of your recovery codes."),
        action=with_next(request, "/login/code"),
        button=_("Sign in"),
        fields=[Field(name="code", label=_("One-time code"), autocomplete="one-time-code")],
        links=[Link(address=with_next(request, "/login"), label=_("Back to the sign-in"))],
        error=error,
    )
