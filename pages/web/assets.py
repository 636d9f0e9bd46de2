"""The portal's own scripts: its policy lets the browser run none that stands in a page.

Every address carries a digest of the contents, so what comes from it may be kept.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.i18n import LANGUAGES
from pages.ui.kit import builtin_texts, modules

_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


def module(request: Request) -> Response:
    """Of these modules only: a page of another version of the portal must not mix the two."""
    content = modules.modules().get(request.path_params["name"])
    if content is None or request.path_params["digest"] != modules.digest():
        raise HTTPException(404)
    return Response(content, media_type="text/javascript", headers=_KEPT)


def texts(request: Request) -> Response:
    language = request.path_params["language"]
    if language not in LANGUAGES:
        raise HTTPException(404)
    written = builtin_texts.dictionary(language)
    return Response(written, media_type="application/json", headers=_KEPT)


routes: list[Route] = [
    Route("/assets/modules/{digest}/{name:path}", module),
    Route("/assets/texts/{language}.json", texts),
]
