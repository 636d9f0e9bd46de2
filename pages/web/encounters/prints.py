"""The result of one inspection on paper."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.access import Identity
from db.cases.services import open_case
from pages.ui.cases.printing import result_page
from pages.ui.kit import wiring
from pages.web.printed_pages import Paper, paper


def inspection(request: Request) -> Response:
    """What it shows is checked as for the case page."""

    def written(who: Identity) -> Paper:
        now, inspection_id = wiring.now(), request.path_params["inspection_id"]
        with wiring.transaction() as session:
            view = open_case(session, who=who, inspection_id=inspection_id, now=now, how="print")
        return Paper("encounters/print.html", result_page(who, view, now), pictures=True)

    return paper(request, written)


routes = [Route("/print/inspection/{inspection_id:int}", inspection)]
