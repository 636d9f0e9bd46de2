"""The portal's few plain HTML forms: one look, three languages, and they work without a script."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core.i18n import LANGUAGES, guess_language
from db.sign_in.services.failed_sign_ins import Visit
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, language, use_language
from pages.web import cookies
from pages.web.headers import named

Fields = dict[str, str]
Handler = Callable[[Request, Fields | None], Response]

_MAX_BODY = 20_000
_AT_ONCE = CapacityLimiter(6)  # each may hash a password, which takes 64 MB
_HERE = Path(__file__).parent
_STYLE = (_HERE / "form.css").read_text(encoding="utf-8")
_ONCE = (_HERE / "once.js").read_text(encoding="utf-8")
_METER = (_HERE / "strength.js").read_text(encoding="utf-8")
_POLICY = (
    f"default-src 'none'; style-src {named(_STYLE)}; img-src 'self'; form-action 'self'; "
    f"base-uri 'none'; frame-ancestors 'none'; script-src {named(_ONCE)}"
)
_POLICY_OF_METER = f"{_POLICY} {named(_METER)}; connect-src 'self'"
_templates = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


class Field(NamedTuple):
    """A field to fill in; if `judged`, its strength as a password is shown while it is typed."""

    name: str
    label: str
    kind: str = "text"
    autocomplete: str = "off"
    value: str = ""
    hint: str = ""
    judged: bool = False


class Link(NamedTuple):
    """`look` is main (as the button), other (as a second button) or quiet."""

    address: str
    label: str
    look: str = "quiet"


@dataclass(frozen=True)
class Form:
    """What a page shows; without a `button` there is nothing to fill in.

    `lead` says in one sentence why the page is shown at all.
    """

    title: str
    lead: str = ""
    intro: str = ""
    button: str = ""
    action: str = ""
    fields: Sequence[Field] = ()
    hidden: Fields = field(default_factory=dict)
    links: Sequence[Link] = ()
    error: str = ""
    picture: str = ""
    secret: str = ""
    codes: Sequence[str] = ()

    @property
    def has_meter(self) -> bool:
        return any(field.judged for field in self.fields)


def form_route(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A route that runs `handler(request, fields)` in a thread; fields are None unless posted.

    What is posted without the token of a form that this browser was given arrives as None too,
    so that the form is simply shown again.
    """

    @wraps(handler)
    async def route(request: Request) -> Response:
        fields = await _posted(request) if request.method == "POST" else None
        return await to_thread.run_sync(_answer, handler, request, fields, limiter=_AT_ONCE)

    return route


def show(request: Request, form: Form, *, status: int = 200) -> HTMLResponse:
    """The form as a page, with a token that ties what is posted to this browser."""
    token = secrets.token_urlsafe(24)
    page = _templates.get_template("form.html").render(
        form=form,
        token=token,
        style=_STYLE,
        scripts=[_ONCE, _METER] if form.has_meter else [_ONCE],
        lang=language().replace("_", "-"),
        languages_label=_("Language"),
        languages=_languages(request),
    )
    response = HTMLResponse(
        page,
        status_code=status,
        headers={
            "Content-Security-Policy": _POLICY_OF_METER if form.has_meter else _POLICY,
            "Cache-Control": "no-store",
        },
    )
    cookies.set_form_token(response, token)
    cookies.set_language(response, language())
    return response


def visit(request: Request) -> Visit:
    """Where the person sits; a browser without a mark gets one when they are let in."""
    return Visit(
        address=(request.client.host if request.client else "")[:64],
        now=wiring.now(),
        browser=request.headers.get("user-agent", "")[:200],
        mark=cookies.read(request, cookies.BROWSER) or secrets.token_urlsafe(16),
        token=cookies.session_token(request),
    )


def next_page(request: Request) -> str:
    """Where to go after signing in: a path of our own, never another site."""
    address = request.query_params.get("next", "/")
    is_own = address.startswith("/") and not address.startswith(("//", "/\\", "/login", "/logout"))
    return address if is_own and address.isprintable() else "/"


def with_next(request: Request, path: str) -> str:
    return f"{path}?next={quote(next_page(request))}"


def language_of(request: Request) -> str:
    """The language of the address, else the one of last time, else the browser's."""
    code = request.query_params.get("lang") or cookies.read(request, cookies.LANGUAGE)
    if code in LANGUAGES:
        return code
    accepted = request.headers.get("accept-language", "")
    return guess_language(preference.split(";")[0].strip() for preference in accepted.split(","))


async def _posted(request: Request) -> Fields | None:
    announced = request.headers.get("content-length", "")
    if not announced.isdecimal() or int(announced) > _MAX_BODY:
        return None
    form = await request.form(max_files=0)
    fields = {name: str(value).replace("\x00", "") for name, value in form.items()}
    token, expected = fields.pop("token", ""), cookies.read(request, cookies.FORM) or ""
    is_ours = expected and hmac.compare_digest(token.encode(), expected.encode())
    return fields if is_ours else None


def _answer(handler: Handler, request: Request, fields: Fields | None) -> Response:
    use_language(language_of(request))
    return handler(request, fields)


def _languages(request: Request) -> list[dict[str, object]]:
    query = request.query_params
    parameters = {name: query[name] for name in ("next", "key") if name in query}
    return [
        {
            "address": "?" + urlencode(parameters | {"lang": code}),
            "tag": code.replace("_", "-"),
            "name": name,
            "is_chosen": code == language(),
        }
        for code, name in LANGUAGES.items()
    ]
