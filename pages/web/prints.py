"""The result of one inspection on paper: a page of its own in the reader's language."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from core.access import Identity
from core.errors import NotFound, PortalError
from core.i18n import DEFAULT, LANGUAGES
from db.queries.case import CaseView
from db.services.cases import open_case
from pages.ui import wiring
from pages.ui.messages import sentence, use_language
from pages.ui.printing import result_page
from pages.web import cookies
from pages.web.api import SignedOut, identity_for
from pages.web.headers import named

templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
FONTS = {
    "zh_TW": '"Noto Sans TC", "PingFang TC", "Microsoft JhengHei", "Noto Sans CJK TC"',
    "zh_CN": '"Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"',
}

PRINTING = "document.getElementById('print').addEventListener('click', () => window.print());"
_POLICY = (
    f"default-src 'none'; script-src {named(PRINTING)}; style-src 'unsafe-inline'; img-src 'self'"
)
_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY}


def inspection(request: Request) -> Response:
    """GET only, so it needs no page token; what it shows is checked as for the case page."""
    try:
        who = identity_for(request)
    except SignedOut:
        return RedirectResponse(f"/login?next={quote(request.url.path)}", status_code=303)
    language = reader_language(request, who)
    use_language(language)
    try:
        view = _opened(who, request.path_params["inspection_id"])
    except PortalError as error:
        return PlainTextResponse(sentence(error), 404 if isinstance(error, NotFound) else 403)
    page = templates.get_template("print.html").render(
        result_page(who, view, wiring.now()),
        lang=language.replace("_", "-"),
        fonts=FONTS.get(language, FONTS["zh_TW"]),
        script=PRINTING,
    )
    return HTMLResponse(page, headers=_HEADERS)


def reader_language(request: Request, who: Identity) -> str:
    wanted = who.language or cookies.read(request, cookies.LANGUAGE)
    return wanted if wanted in LANGUAGES else DEFAULT


def _opened(who: Identity, inspection_id: int) -> CaseView:
    with wiring.transaction() as session:
        return open_case(
            session, who=who, inspection_id=inspection_id, now=wiring.now(), how="print"
        )


routes = [Route("/print/inspection/{inspection_id:int}", inspection)]
