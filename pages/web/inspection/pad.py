"""The scoring pad's routes: open, save, submit, put aside; each answers without a rerun."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from core.access import Identity
from core.errors import NotFound
from core.inspection.states import AssignmentState
from db.inspection.queries import desk as desks
from db.inspection.queries.queue import next_assignment
from db.inspection.services import assignments, drafts, submission
from db.inspection.services.photos import photo_file
from pages.ui.kit import wiring
from pages.web.api import Data, api
from pages.web.inspection.pad_work import (
    desk_data,
    entered_in,
    ledger_data,
    saved_data,
    speak,
    storable,
)


def state(who: Identity, request: Request, _body: Data) -> Data:
    """Everything needed to score an assignment, or how it ended and what comes next."""
    speak(who, request)
    return _state(who, request, _assignment(request))


def save(who: Identity, request: Request, body: Data) -> Data:
    speak(who, request)
    entered = entered_in(body)
    with wiring.transaction() as session:
        saved = drafts.save_draft(
            session,
            who=who,
            assignment_id=_assignment(request),
            version=entered.version,
            work=entered.work,
            now=wiring.now(),
        )
    return saved_data(saved)


def submit(who: Identity, request: Request, body: Data) -> Data:
    """Submit what the pad holds, exactly once, and give the next assignment ready to score."""
    speak(who, request)
    entered = entered_in(body)
    with wiring.transaction() as session:
        submitted = submission.submit(
            session,
            who=who,
            assignment_id=_assignment(request),
            version=entered.version,
            work=entered.work,
            now=wiring.now(),
        )
    return {"inspection": submitted.inspection_id, "next": _next(who, request)}


def skip(who: Identity, request: Request, body: Data) -> Data:
    speak(who, request)
    reason = storable(body.get("reason"))
    with wiring.transaction() as session:
        assignment = drafts.own_assignment(session, who, _assignment(request))
        dropped = assignments.skip(
            session, who=who, assignment=assignment, reason=reason, now=wiring.now()
        )
    wiring.files().remove(map(photo_file, dropped))
    return {"next": _next(who, request)}


def ledger(who: Identity, request: Request, _body: Data) -> Data:
    speak(who, request)
    with wiring.reading() as session:
        desk = desks.desk(session, who, _assignment(request))
    return ledger_data(desk)


routes: list[Route] = [
    Route("/api/pad/{assignment:int}/state", api(state), methods=["GET"]),
    Route("/api/pad/{assignment:int}/ledger", api(ledger), methods=["GET"]),
    Route("/api/pad/{assignment:int}/save", api(save), methods=["POST"]),
    Route("/api/pad/{assignment:int}/submit", api(submit), methods=["POST"]),
    Route("/api/pad/{assignment:int}/skip", api(skip), methods=["POST"]),
]


def _assignment(request: Request) -> int:
    return int(request.path_params["assignment"])


def _next(who: Identity, request: Request) -> Data | None:
    with wiring.reading() as session:
        following = next_assignment(session, who, after=_assignment(request))
        try:
            desk = None if following is None else desks.desk(session, who, following)
        except NotFound:  # handed to somebody else between the two looks
            return None
    return None if desk is None else desk_data(who, request, desk, None)


def _state(who: Identity, request: Request, assignment_id: int) -> Data:
    with wiring.reading() as session:
        desk = desks.desk(session, who, assignment_id)
        ended = desk.state != AssignmentState.OPEN
        following = next_assignment(session, who, after=assignment_id) if ended else None
    return desk_data(who, request, desk, following)
