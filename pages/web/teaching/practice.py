"""The pad's routes for practice: as for inspections, but what is scored stays practice."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from core.access import Identity
from db.teaching.queries.practice import next_task
from db.teaching.queries.practice_desk import practice_desk
from db.teaching.services import practice_work
from pages.ui.kit import wiring
from pages.web.api import Data, api
from pages.web.inspection.pad_work import desk_data, entered_in, ledger_data, saved_data, speak


def state(who: Identity, request: Request, _body: Data) -> Data:
    """Everything needed to score a case, or how it ended and what comes next."""
    speak(who, request)
    return _state(who, request, _task(request))


def save(who: Identity, request: Request, body: Data) -> Data:
    speak(who, request)
    entered = entered_in(body)
    with wiring.transaction() as session:
        saved = practice_work.save_task(
            session,
            who=who,
            task_id=_task(request),
            version=entered.version,
            work=entered.work,
            now=wiring.now(),
        )
    return saved_data(saved)


def submit(who: Identity, request: Request, body: Data) -> Data:
    """Submit what the pad holds, exactly once, and give the next case ready to score."""
    speak(who, request)
    entered, task_id = entered_in(body), _task(request)
    with wiring.transaction() as session:
        practice_work.submit_task(
            session,
            who=who,
            task_id=task_id,
            version=entered.version,
            work=entered.work,
            now=wiring.now(),
        )
        round_id = practice_work.own_task(session, who, task_id).round_id
        following = next_task(session, who, round_id)
    return {"next": None if following is None else _state(who, request, following)}


def ledger(who: Identity, request: Request, _body: Data) -> Data:
    speak(who, request)
    with wiring.reading() as session:
        desk = practice_desk(session, who, _task(request))
    return ledger_data(desk)


routes: list[Route] = [
    Route("/api/practice/{task:int}/state", api(state), methods=["GET"]),
    Route("/api/practice/{task:int}/ledger", api(ledger), methods=["GET"]),
    Route("/api/practice/{task:int}/save", api(save), methods=["POST"]),
    Route("/api/practice/{task:int}/submit", api(submit), methods=["POST"]),
]


def _task(request: Request) -> int:
    return int(request.path_params["task"])


def _state(who: Identity, request: Request, task_id: int) -> Data:
    with wiring.transaction() as session:
        practice_work.open_task(session, who=who, task_id=task_id, now=wiring.now())
        desk = practice_desk(session, who, task_id)
        round_id = practice_work.own_task(session, who, task_id).round_id
        following = next_task(session, who, round_id)
    return desk_data(who, request, desk, following)
