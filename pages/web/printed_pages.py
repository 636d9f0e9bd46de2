"""Pages of their own, for paper or the wall: one file, kept by nobody.

It is in the language that `?lang=` asks for, else in the reader's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from core.access import Identity
from core.errors import CodesWanted, NotFound, PortalError
from core.i18n import DEFAULT, LANGUAGES
from pages.ui.kit.auth import code_set_up
from pages.ui.kit.messages import sentence, use_language
from pages.web import cookies
from pages.web.api import SignedOut, identity_for
from pages.web.headers import named

PRINTING = "document.getElementById('print').addEventListener('click', () => window.print());"
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
_FONTS = {
    "zh_TW": '"Noto Sans TC", "PingFang TC", "Microsoft JhengHei", "Noto Sans CJK TC"',
    "zh_CN": '"Noto Sans SC", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"',
}


class Paper(NamedTuple):
    """What fills a template that extends paper.html, and the one script the page may run."""

    template: str
    values: Mapping[str, object]
    script: str = PRINTING
    pictures: bool = False
    download: str | None = None


def paper(request: Request, write: Callable[[Identity], Paper]) -> Response:
    """GET only, so it needs no page token; `write` checks what its reader may see."""
    try:
        who = identity_for(request)
    except SignedOut:
        return RedirectResponse(f"/login?next={quote(request.url.path)}", status_code=303)
    except CodesWanted:
        return RedirectResponse(code_set_up(request.url.path), status_code=303)
    of_address = request.query_params.get("lang", "")
    own = who.language or cookies.read(request, cookies.LANGUAGE)
    language = of_address if of_address in LANGUAGES else own
    language = language if language in LANGUAGES else DEFAULT
    use_language(language)
    try:
        written = write(who)
    except PortalError as error:
        return PlainTextResponse(sentence(error), 404 if isinstance(error, NotFound) else 403)
    page = _TEMPLATES.get_template(written.template).render(
        written.values,
        lang=language.replace("_", "-"),
        fonts=_FONTS.get(language, _FONTS["zh_TW"]),
        script=written.script,
    )
    return HTMLResponse(page, headers=_headers(written))


def _headers(written: Paper) -> dict[str, str]:
    policy = (
        f"default-src 'none'; script-src {named(written.script)}; style-src 'unsafe-inline'"
        + ("; img-src 'self'" if written.pictures else "")
    )
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy}
    if written.download:
        headers["Content-Disposition"] = f'attachment; filename="{written.download}"'
    return headers
