"""Pages behind a link that works once: the first administrator, and a new password."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import PortalError
from db.sign_in.services import accounts
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, sentence
from pages.web.forms import Field, Fields, Form, Link, form_route, show
from pages.web.sign_in.new_password import (
    is_question,
    new_password_fields,
    same_twice,
    verdict,
)


@form_route
def set_up(request: Request, fields: Fields | None) -> Response:
    """The first account, while there is none."""
    token = _token(request)
    try:
        with wiring.reading() as session:
            accounts.check_set_up(session, token=token, now=wiring.now())
    except PortalError as error:
        return _over(request, error)
    entered = fields or {}
    if fields is None:
        return show(request, _set_up_form(entered))
    if is_question(fields):
        return verdict("set up", fields, [entered.get("username", ""), entered.get("name", "")])
    try:
        same_twice(entered)
        with wiring.transaction() as session:
            accounts.set_up(
                session,
                token=token,
                username=entered.get("username", ""),
                name=entered.get("name", ""),
                password=entered.get("password", ""),
                now=wiring.now(),
            )
    except PortalError as error:
        return show(request, _set_up_form(entered, sentence(error)), status=422)
    return show(request, _done(_("The portal is yours. Sign in with your new account.")))


@form_route
def password(request: Request, fields: Fields | None) -> Response:
    """A new password for the person whom the link was given."""
    token = _token(request)
    try:
        with wiring.reading() as session:
            person = accounts.person_of_link(session, token=token, now=wiring.now())
    except PortalError as error:
        return _over(request, error)
    if fields is None:
        return show(request, _password_form(person))
    if is_question(fields):
        return verdict(person.user_id, fields, [person.username, person.name])
    try:
        same_twice(fields)
        with wiring.transaction() as session:
            new_password = fields.get("password", "")
            accounts.choose_password(session, token=token, password=new_password, now=wiring.now())
    except PortalError as error:
        return show(request, _password_form(person, sentence(error)), status=422)
    return show(request, _done(_("Your password is set. Sign in with it.")))


routes: list[Route] = [
    Route("/setup", set_up, methods=["GET", "POST"]),
    Route("/password", password, methods=["GET", "POST"]),
]


def _token(request: Request) -> str:
    return request.query_params.get("key", "")


def _over(request: Request, error: PortalError) -> Response:
    form = Form(
        title=_("Service quality portal"),
        error=sentence(error),
        links=[Link(address="/login", label=_("To the sign-in"), look="other")],
    )
    return show(request, form, status=410)


def _set_up_form(entered: Fields, error: str = "") -> Form:
    return Form(
        title=_("Set up the portal"),
        intro=_("Make the first account. It is an administrator's and can make the others."),
        button=_("Make the account"),
        fields=[
            Field(
                name="username",
                label=_("User name"),
                kind="text",
                autocomplete="username",
                value=entered.get("username", ""),
            ),
            Field(
                name="name",
                label=_("Full name"),
                kind="text",
                autocomplete="name",
                value=entered.get("name", ""),
            ),
            *new_password_fields(),
        ],
        error=error,
    )


def _password_form(person: accounts.LinkHolder, error: str = "") -> Form:
    return Form(
        title=_("Choose a password"),
        intro=_("For {name}, user name {username}.", name=person.name, username=person.username),
        button=_("Set the password"),
        fields=new_password_fields(),
        error=error,
    )


def _done(text: str) -> Form:
    return Form(
        title=_("Done"),
        intro=text,
        links=[Link(address="/login", label=_("To the sign-in"), look="main")],
    )
