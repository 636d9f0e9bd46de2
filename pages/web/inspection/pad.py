"""The pad's routes: open, save, submit, how a score came about; each answers without a rerun.

They are the same for every kind of task; the kind stands in the address. Putting aside is for
assignments only.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from core.access import Identity
from core.errors import NotFound
from db.inspection.queries import desk as desks
from db.inspection.services import assignments, drafts, submission
from db.inspection.services.photos import photo_file
from db.inspection.task_kinds import TaskKey, task_kinds
from db.inspection.tasks import ASSIGNED
from db.store.days import portal_day
from pages.ui.kit import wiring
from pages.web.api import Data, api
from pages.web.inspection.pad_work import (
    desk_data,
    entered_in,
    ledger_data,
    receipt,
    saved_data,
    speak,
    storable,
)


def state(who: Identity, request: Request, _body: Data) -> Data:
    """Everything needed to score a task, or how it ended and what comes next."""
    speak(who, request)
    return _state(who, request, _task(request))


def save(who: Identity, request: Request, body: Data) -> Data:
    speak(who, request)
    entered = entered_in(body)
    with wiring.transaction() as session:
        saved = drafts.save_draft(
            session,
            who=who,
            task=_task(request),
            version=entered.version,
            work=entered.work,
            now=wiring.now(),
        )
    return saved_data(saved)


def submit(who: Identity, request: Request, body: Data) -> Data:
    """Submit what the pad holds, exactly once, and give the next task ready to score."""
    speak(who, request)
    entered = entered_in(body)
    with wiring.transaction() as session:
        submitted = submission.submit(
            session,
            who=who,
            task=_task(request),
            version=entered.version,
            work=entered.work,
            now=wiring.now(),
        )
    return receipt(submitted) | {"next": _next(who, request)}


def skip(who: Identity, request: Request, body: Data) -> Data:
    speak(who, request)
    reason = storable(body.get("reason"))
    with wiring.transaction() as session:
        assignment = assignments.own_assignment(session, who, _task(request).task_id)
        dropped = assignments.skip(
            session, who=who, assignment=assignment, reason=reason, now=wiring.now()
        )
    wiring.files().remove(map(photo_file, dropped))
    return {"next": _next(who, request)}


def ledger(who: Identity, request: Request, _body: Data) -> Data:
    speak(who, request)
    with wiring.reading() as session:
        desk = desks.desk(session, who, _task(request))
    return ledger_data(desk)


def routes_of(address: str) -> list[Route]:
    """The routes of one kind of task."""
    deeds = ((state, "GET"), (ledger, "GET"), (save, "POST"), (submit, "POST"))
    return [
        Route(f"/api/{address}/{{task:int}}/{deed.__name__}", api(deed), methods=[method])
        for deed, method in deeds
    ]


routes: list[Route] = [
    *(route for address in task_kinds() for route in routes_of(address)),
    Route(f"/api/{ASSIGNED.address}/{{task:int}}/skip", api(skip), methods=["POST"]),
]


def _task(request: Request) -> TaskKey:
    """The task of an address, which begins /api/KIND/ID."""
    address = request.url.path.split("/")[2]
    return task_kinds()[address].task(int(request.path_params["task"]))


def _next(who: Identity, request: Request) -> Data | None:
    kind, task_id = _task(request)
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
        following = kind.following(session, who, task_id, today=today, narrowed=_narrowed(request))
    try:
        return None if following is None else _state(who, request, kind.task(following))
    except NotFound:  # handed to somebody else between the two looks
        return None


def _narrowed(request: Request) -> dict[str, str]:
    """What the pad's page has in its address beside the task."""
    return dict(request.query_params)


def _state(who: Identity, request: Request, task: TaskKey) -> Data:
    kind, task_id = task
    with wiring.reading() as session:
        desk = desks.desk(session, who, task)
        ended = desk.state not in kind.submit.deed.sources
        today = portal_day(session, wiring.now()) if ended else None
        following = (
            kind.following(session, who, task_id, today=today, narrowed=_narrowed(request))
            if today
            else None
        )
    if desk.is_unseen:
        with wiring.transaction() as session:
            kind.note_opened(session, who, task_id, wiring.now())
    return desk_data(who, request, desk, following)
