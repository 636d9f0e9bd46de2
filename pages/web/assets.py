"""The portal's own small scripts: its policy lets the browser run none that stands in a page."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.i18n import LANGUAGES
from pages.ui.kit import builtin_texts, typed

_YEAR = "private, max-age=31536000, immutable"
_LEAVE = """\
for (const key of Object.keys(sessionStorage)) {
  if (key.startsWith("qi-typed:")) sessionStorage.removeItem(key);
}
window.location.assign('/login');
"""
_SCRIPTS = {
    "leave": _LEAVE,
    "typed": typed.SCRIPT,
}


def script(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _SCRIPTS:
        raise HTTPException(404)
    return Response(_SCRIPTS[name], media_type="text/javascript")


def texts(request: Request) -> Response:
    """Its address carries a digest of the contents, so it may be kept."""
    language = request.path_params["language"]
    if language not in LANGUAGES:
        raise HTTPException(404)
    headers = {"Cache-Control": _YEAR}
    return Response(builtin_texts.script(language), media_type="text/javascript", headers=headers)


routes: list[Route] = [
    Route("/assets/{name}.js", script),
    Route("/assets/texts/{language}.js", texts),
]
