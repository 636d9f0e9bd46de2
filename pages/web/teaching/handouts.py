"""Case sets on paper and on the wall."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.access import Identity
from db.store.days import portal_zone
from db.teaching.services.handouts import open_handout
from pages.ui.kit import wiring
from pages.ui.kit.messages import moment
from pages.ui.teaching.case_sets.handouts import handout_page
from pages.web.printed_pages import Paper, paper

_PRESENTING = (Path(__file__).parent / "present.js").read_text(encoding="utf-8")


def handout(request: Request) -> Response:
    """For the class, or with `?answers=1` for the trainer; `?download=1` as a file.

    `?items=` names the items whose losses are told, with commas; without it all are.
    """
    version_id = request.path_params["version_id"]
    answers = request.query_params.get("answers") == "1"
    as_file = request.query_params.get("download") == "1"

    def written(who: Identity) -> Paper:
        now = wiring.now()
        with wiring.transaction() as session:
            class_handout = open_handout(
                session, who=who, version_id=version_id, how="print", now=now
            )
            zone = portal_zone(session)
        name = (
            f"case-set-{class_handout.view.set_id}-{class_handout.view.number}.html"
            if as_file
            else None
        )
        return Paper(
            "teaching/handout.html",
            handout_page(
                who, class_handout, moment(now, zone), answers=answers, items=_items(request)
            ),
            download=name,
        )

    return paper(request, written)


def present(request: Request) -> Response:
    """One case after another for a projector; the answers are there, behind a key."""
    version_id = request.path_params["version_id"]

    def written(who: Identity) -> Paper:
        now = wiring.now()
        with wiring.transaction() as session:
            class_handout = open_handout(
                session, who=who, version_id=version_id, how="present", now=now
            )
            zone = portal_zone(session)
        return Paper(
            "teaching/present.html",
            handout_page(
                who, class_handout, moment(now, zone), answers=True, items=_items(request)
            ),
            script=_PRESENTING,
        )

    return paper(request, written)


def _items(request: Request) -> frozenset[str]:
    """The keys of the items that are taught, none where all are."""
    return frozenset(filter(None, request.query_params.get("items", "").split(",")))


routes = [
    Route("/case-set/{version_id:int}/handout", handout),
    Route("/case-set/{version_id:int}/present", present),
]
