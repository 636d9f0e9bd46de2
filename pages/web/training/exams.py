"""What exams show beside the pages: pictures of questions, and certificates on paper."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.access import Identity
from core.errors import NotFound, PortalError
from db.store import audit
from db.store.days import portal_zone
from db.training.queries.certificates import certificate
from db.training.queries.own_questions import seen_picture
from db.training.services.exam_questions import picture_file
from pages.ui.kit import wiring
from pages.ui.kit.messages import moment
from pages.ui.training.certificates import certificate_page
from pages.web.api import identity_for, private_picture, refusal
from pages.web.printed_pages import Paper, paper


def picture(request: Request) -> Response:
    """For who plans training, and for who was asked the question."""
    who: Identity | None = None
    try:
        who = identity_for(request)
        data = _opened(who, request.path_params["name"])
    except PortalError as error:
        return refusal(error, who, request)
    return private_picture(data)


def printed_certificate(request: Request) -> Response:
    """For the person, and for those who train and may know the name."""

    def written(who: Identity) -> Paper:
        now, certificate_id = wiring.now(), request.path_params["certificate"]
        with wiring.transaction() as session:
            view = certificate(session, who, certificate_id)
            subject = ("training_certificate", certificate_id)
            audit.record(session, who, "print", subject, now=now)
            zone = portal_zone(session)
        return Paper("training/certificate.html", certificate_page(view, moment(now, zone)))

    return paper(request, written)


routes: list[Route] = [
    Route("/api/exam-picture/{name:str}", picture, methods=["GET"]),
    Route("/training/certificate/{certificate:int}", printed_certificate),
]


def _opened(who: Identity, name: str) -> bytes:
    with wiring.reading() as session:
        seen_picture(session, who, name)
    data = wiring.files().read(picture_file(name))
    if data is None:
        raise NotFound("The file of this picture is missing.")
    return data
