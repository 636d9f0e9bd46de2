"""Case sets on paper and on the wall: pages of their own in the reader's language."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from core.access import Identity
from core.errors import NotFound, PortalError
from db.services.handouts import Handout, open_handout
from pages.ui import wiring
from pages.ui.case_sets.handouts import handout_page
from pages.ui.messages import sentence, use_language
from pages.web.api import SignedOut, identity_for
from pages.web.headers import named
from pages.web.prints import FONTS, PRINTING, reader_language, templates

_SCRIPTS = {
    "handout.html": PRINTING,
    "present.html": (Path(__file__).parent / "present.js").read_text(encoding="utf-8"),
}


def handout(request: Request) -> Response:
    """For the class, or with `?answers=1` for the trainer; `?download=1` as a file."""
    answers = request.query_params.get("answers") == "1"
    return _shown(request, "print", "handout.html", answers=answers)


def present(request: Request) -> Response:
    """One case after another for a projector; the answers are there, behind a key."""
    return _shown(request, "present", "present.html", answers=True)


def _shown(
    request: Request, how: Literal["print", "present"], template: str, *, answers: bool
) -> Response:
    try:
        who = identity_for(request)
    except SignedOut:
        return RedirectResponse(f"/login?next={quote(request.url.path)}", status_code=303)
    language = reader_language(request, who)
    use_language(language)
    try:
        found = _opened(who, request.path_params["version_id"], how)
    except PortalError as error:
        return PlainTextResponse(sentence(error), 404 if isinstance(error, NotFound) else 403)
    page = templates.get_template(template).render(
        handout_page(who, found, wiring.now(), answers=answers),
        lang=language.replace("_", "-"),
        fonts=FONTS.get(language, FONTS["zh_TW"]),
        script=_SCRIPTS[template],
    )
    policy = (
        f"default-src 'none'; script-src {named(_SCRIPTS[template])}; style-src 'unsafe-inline'"
    )
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy}
    return HTMLResponse(page, headers=headers | _as_file(request, found))


def _opened(who: Identity, version_id: int, how: Literal["print", "present"]) -> Handout:
    with wiring.transaction() as session:
        return open_handout(session, who=who, version_id=version_id, how=how, now=wiring.now())


def _as_file(request: Request, found: Handout) -> dict[str, str]:
    if request.query_params.get("download") != "1":
        return {}
    name = f"case-set-{found.view.set_id}-{found.view.number}.html"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


routes = [
    Route("/case-set/{version_id:int}/handout", handout),
    Route("/case-set/{version_id:int}/present", present),
]
