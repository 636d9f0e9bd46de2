"""What a signed-in person changes about their own sign-in: password and second factor."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from urllib.parse import parse_qs, urlsplit

import segno
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.access import Identity
from core.errors import CodesWanted, PortalError
from db.sign_in.services import accounts, login_sessions, passwords, second_factor
from db.sign_in.services.failed_sign_ins import Visit, refuse_if_guessing
from db.sign_in.services.login_sessions import Live, Login
from pages.ui.kit import wiring
from pages.ui.kit.auth import code_set_up
from pages.ui.kit.messages import _, sentence, use_language
from pages.web import cookies
from pages.web.forms import Field, Fields, Form, Link, form_route, next_page, show, visit
from pages.web.sign_in import new_password
from pages.web.sign_in.login import welcome
from pages.web.sign_in.new_password import new_password_fields, same_twice

Handler = Callable[[Request, Live, Fields | None], Response]


def own(handler: Handler) -> Callable[[Request, Fields | None], Response]:
    """A form for the signed-in person, in their language; others are led to the sign-in.

    Who owes one-time codes is led to setting them up first.
    """

    @wraps(handler)
    def handled(request: Request, fields: Fields | None) -> Response:
        token, now = cookies.session_token(request) or "", wiring.now()
        with wiring.reading() as session:
            live = login_sessions.live_session(session, wiring.settings(), token, now=now)
        if live is None:
            return RedirectResponse(f"/login?next={request.url.path}", status_code=303)
        if live.who.owes_codes and request.url.path != code_set_up():
            return RedirectResponse(code_set_up(), status_code=303)
        if live.who.language and "lang" not in request.query_params:
            use_language(live.who.language)
        return handler(request, live, fields)

    return handled


@form_route
@own
def password(request: Request, live: Live, fields: Fields | None) -> Response:
    """A new password; every session ends, and this browser gets a new one."""
    if fields is None:
        return show(request, _password_form())
    if new_password.is_question(fields):
        return new_password.verdict(live.who.user_id, fields, [live.who.username, live.who.name])
    here = visit(request)
    try:
        same_twice(fields)
        login = _changed(live, fields, here)
    except PortalError as error:
        return show(request, _password_form(sentence(error)), status=422)
    if login is None:
        return show(request, _password_form(_("The present password is wrong.")), status=422)
    return welcome(login, here, "/account")


@form_route
@own
def second(request: Request, live: Live, fields: Fields | None) -> Response:
    """Set a code generator up: show its secret, take a first code, show the recovery codes."""
    try:
        with wiring.transaction() as session:
            address = second_factor.begin(
                session, wiring.keys(), who=live.who, session_id=live.session_id
            )
        if fields is None:
            return show(request, _generator_form(live, address))
        with wiring.transaction() as session:
            codes = second_factor.confirm(
                session,
                wiring.keys(),
                who=live.who,
                code=fields.get("code", ""),
                session_id=live.session_id,
                now=wiring.now(),
            )
    except PortalError as error:
        return show(request, _to_account(sentence(error)), status=422)
    if codes is None:
        form = _generator_form(live, address, _("This code is not right."))
        return show(request, form, status=422)
    return show(request, _codes_form(request, codes))


@form_route
@own
def no_second(request: Request, live: Live, fields: Fields | None) -> Response:
    """Switch the second factor off, with the password."""
    if fields is None:
        return show(request, _removal_form())
    here = visit(request)
    try:
        proven = _proven(live.who, fields.get("present", ""), here)
        with wiring.transaction() as session:
            is_off = second_factor.remove_own(session, who=live.who, proven=proven, visit=here)
    except PortalError as error:
        return show(request, _removal_form(sentence(error)), status=422)
    if not is_off:
        return show(request, _removal_form(_("The present password is wrong.")), status=422)
    return RedirectResponse("/account", status_code=303)


routes: list[Route] = [
    Route("/account/password", password, methods=["GET", "POST"]),
    Route("/account/second-factor", second, methods=["GET", "POST"]),
    Route("/account/no-second-factor", no_second, methods=["GET", "POST"]),
]


def _changed(live: Live, fields: Fields, here: Visit) -> Login | None:
    """The session after a change of password, as trusted as the one before it."""
    who, settings = live.who, wiring.settings()
    proven = _proven(who, fields.get("present", ""), here)
    with wiring.transaction() as session:
        is_right = accounts.change_password(
            session, who=who, proven=proven, password=fields.get("password", ""), visit=here
        )
        if not is_right:
            return None
        return login_sessions.open_session(session, settings, who.user_id, here, method=live.method)


def _proven(who: Identity, password: str, here: Visit) -> int | None:
    with wiring.reading() as session:
        refuse_if_guessing(session, username=who.username, visit=here)
        return passwords.verify(
            session, wiring.settings(), username=who.username, password=password
        )


def _present() -> Field:
    return Field(
        name="present",
        label=_("Present password"),
        kind="password",
        autocomplete="current-password",
    )


def _back() -> Link:
    return Link(address="/account", label=_("Back to my account"))


def _to_sign_in() -> Link:
    return Link(address="/login", label=_("Back to the sign-in"))


def _password_form(error: str = "") -> Form:
    return Form(
        title=_("Change your password"),
        intro=_("You stay signed in here; everywhere else you are signed out."),
        button=_("Change the password"),
        fields=[_present(), *new_password_fields()],
        links=[_back()],
        error=error,
    )


def _generator_form(live: Live, address: str, error: str = "") -> Form:
    drawing = io.BytesIO()
    segno.make(address, micro=False).save(
        drawing, kind="svg", xmldecl=False, svgns=True, border=2, omitsize=True, nl=False
    )
    return Form(
        title=_("Set up one-time codes"),
        lead=sentence(CodesWanted(None)) if live.who.owes_codes else "",
        intro=_(
            "Read this picture with a code generator on your phone, or type the secret below "
            "into it. Then enter the code it shows."
        ),
        picture=drawing.getvalue().decode(),
        secret=_spaced(address),
        button=_("Switch on"),
        fields=[Field(name="code", label=_("One-time code"), autocomplete="one-time-code")],
        links=[_to_sign_in() if live.who.owes_codes else _back()],
        error=error,
    )


def _spaced(address: str) -> str:
    """The secret of an otpauth address in groups of four."""
    secret = parse_qs(urlsplit(address).query)["secret"][0]
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _codes_form(request: Request, codes: list[str]) -> Form:
    address = next_page(request) if "next" in request.query_params else "/account"
    return Form(
        title=_("One-time codes are on"),
        intro=_(
            "Keep these recovery codes in a safe place. Each lets you in once without your code "
            "generator. They are shown only now. Everywhere else you are signed out."
        ),
        codes=codes,
        links=[Link(address=address, label=_("I have kept them"), look="main")],
    )


def _removal_form(error: str = "") -> Form:
    return Form(
        title=_("Switch one-time codes off"),
        intro=_("Afterwards your password alone lets you in. The recovery codes stop working."),
        button=_("Switch off"),
        fields=[_present()],
        links=[_back()],
        error=error,
    )


def _to_account(error: str) -> Form:
    return Form(title=_("Set up one-time codes"), error=error, links=[_back()])
