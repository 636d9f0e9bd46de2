"""Where other systems hand in files to import, with a key instead of a person's session."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import datetime
from functools import wraps
from pathlib import Path

from anyio import to_thread
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.access import Identity
from core.errors import InvalidInput, NotFound, OutOfTurn, PortalError
from core.i18n import DEFAULT, translations
from core.jobs.states import JobState
from db.importing import import_job, machine_files
from db.importing.import_job import ImportState, ImportTask, import_state
from db.importing.kind_registry import KINDS, columns_of
from db.importing.machine_files import StillRunning
from db.importing.preview import preview
from db.importing.recordings.recordings_import import RECORDINGS
from db.importing.recordings.sound_files import delivery
from db.importing.uploaded_files import Upload
from db.machines import services
from db.machines.services import Caller, KeyRefused
from db.sign_in.services.failed_sign_ins import SignInRefused
from db.store import audit
from db.tabular.columns import check_mapping
from db.tabular.file_choices import FileChoices
from db.tabular.tables import WrongType
from pages.ui.kit import wiring
from pages.web.api import Data, refusal
from pages.web.forms import visit
from pages.web.importing.uploads import (
    TooLarge,
    given_up_on_failure,
    make_room,
    receive,
    refused_rows_answer,
)
from pages.web.machines.outlook import filled, outcome_data, preview_data

_ADDRESS = re.compile(r"/api/import/\w+(/refused\.csv|/confirm)?", re.ASCII)
_NAME = 200
_KEY_WANTED = 'Bearer realm="import"'
_STATUS: dict[type[PortalError], int] = {
    KeyRefused: 401,
    TooLarge: 413,
    OutOfTurn: 409,
    WrongType: 415,
    StillRunning: 429,
    SignInRefused: 429,
}
_AGAIN = {StillRunning: "5", SignInRefused: "900"}  # seconds
Answer = Callable[[Caller, Request], Awaitable[Response]]


def is_machine_address(path: str) -> bool:
    """Whether a path is answered here, by key only; a session gives no access."""
    return _ADDRESS.fullmatch(path) is not None


def with_key(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    """A route for whoever sends a key in force; errors are one sentence as JSON."""

    @wraps(answer)
    async def route(request: Request) -> Response:
        who: Identity | None = None
        try:
            caller = await to_thread.run_sync(_caller, request)
            who = caller.who
            return await answer(caller, request)
        except PortalError as error:
            return _refused(error, who)
        except ClientDisconnect:
            return Response(status_code=400)

    return route


@with_key
async def hand_in(caller: Caller, request: Request) -> Response:
    """POST the bytes of a file; answers with the job that imports it."""
    kind = request.path_params["kind"]
    if kind not in (*KINDS, RECORDINGS):
        raise NotFound("There is no import of this kind.")
    await to_thread.run_sync(_check_kind, caller.who, kind)
    if request.headers.get("content-type", "").startswith("multipart/"):
        raise WrongType("Send the bytes of the file as they are, not as a form.")
    expected = await to_thread.run_sync(_expect, caller.who)
    async with given_up_on_failure(expected):
        received = await receive(request, expected)
        rows = replace(received, name=_name(request))
        token = await to_thread.run_sync(_begin, caller, request, rows)
    return _accepted(token)


@with_key
async def ask(caller: Caller, request: Request) -> Response:
    """GET how a job of one's own goes, and what came of it."""
    job_data = await to_thread.run_sync(_job_data, caller.who, request.path_params["job"])
    return JSONResponse(job_data, headers={"Cache-Control": "no-store"})


@with_key
async def refused_rows(caller: Caller, request: Request) -> Response:
    """GET every refused row of a job of one's own as CSV."""
    state = await to_thread.run_sync(_state, caller.who, request.path_params["job"])
    batch = state.outcome.batch_id if state.outcome else 0
    return refused_rows_answer(batch)


@with_key
async def confirm(caller: Caller, request: Request) -> Response:
    """POST that a job of one's own, which waits for that, may go on."""
    token = request.path_params["job"]
    await to_thread.run_sync(_confirm, caller, token)
    return _accepted(token)


routes: list[Route] = [
    Route("/api/import/{kind}", hand_in, methods=["POST"]),
    Route("/api/import/{job}/confirm", confirm, methods=["POST"]),
    Route("/api/import/{job}", ask, methods=["GET"]),
    Route("/api/import/{job}/refused.csv", refused_rows, methods=["GET"]),
]


def _accepted(token: str) -> Response:
    address = f"/api/import/{token}"
    job_data = {"job": token, "state": JobState.RUNNING, "address": address}
    return JSONResponse(job_data, 202, headers={"Location": address, "Cache-Control": "no-store"})


def _caller(request: Request) -> Caller:
    scheme, _space, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise KeyRefused("Send a key in the header Authorization, after the word Bearer.")
    here = visit(request)
    try:
        with wiring.reading() as session:
            return services.identify(session, key=key, visit=here)
    except KeyRefused as error:
        with wiring.transaction() as session:
            services.note_refusal(session, error, here)
        raise


def _check_kind(who: Identity, kind: str) -> None:
    with audit.refusals_noted(wiring.engine(), wiring.now):
        services.require_kind(who=who, kind=kind)


def _expect(who: Identity) -> Upload:
    make_room()
    with wiring.transaction() as session:
        return machine_files.expect_file(session, who, now=wiring.now())


def _name(request: Request) -> str:
    return request.query_params.get("name", "")[:_NAME] or request.path_params["kind"]


def _begin(caller: Caller, request: Request, rows: Upload) -> str:
    """Look at the file and make it a job; what the job is called to its account."""
    who, kind, now = caller.who, request.path_params["kind"], wiring.now()
    strict = request.query_params.get("strict") == "1"
    with wiring.files().local(rows.key) as path:
        if kind == RECORDINGS:
            choices = _recordings_looked_at(path, rows.name, strict=strict)
        else:
            choices = _looked_at(path, kind, now, _choices(request.query_params))
    task = ImportTask(
        kind,
        places=None,
        strict=strict,
        language=_language(who),
        choices=choices,
        look=request.query_params.get("dry-run") == "1",
    )
    with wiring.transaction() as session:
        services.note_import(session, who=who, key_id=caller.key_id, kind=kind, now=now)
        job = machine_files.begin(session, who=who, task=task, rows=rows, now=now)
    import_job.start(job.id)
    return job.token


def _looked_at(path: Path, kind: str, now: datetime, choices: FileChoices) -> Data:
    """The choices as a job keeps them, once the headings of the table were looked at."""
    file_preview = preview(path, kind, now, choices)
    if file_preview.mapping is not None:
        check_mapping(file_preview.headings, file_preview.mapping, columns_of(kind, now))
    return choices.written(file_preview.facts.sheets)


def _recordings_looked_at(path: Path, name: str, *, strict: bool) -> Data:
    """There are no choices of how they are read."""
    if strict:
        raise InvalidInput("Recordings go in file by file; strict is for tables.")
    with delivery(path, name=name):
        return {}


def _choices(query: QueryParams) -> FileChoices:
    """The choices of the command line, under the same words."""
    written: Data = {name.replace("-", "_"): value for name, value in query.items()}
    written.pop("sheet_place", None)
    return FileChoices.of(written | {"literal": query.getlist("literal")})


def _confirm(caller: Caller, token: str) -> None:
    now = wiring.now()
    with wiring.transaction() as session:
        kind = machine_files.job_of(session, caller.who, token, now=now).task["kind"]
        services.note_import(session, who=caller.who, key_id=caller.key_id, kind=kind, now=now)
        job_id = machine_files.confirm(session, caller.who, token, now=now)
    import_job.start(job_id)


def _state(who: Identity, token: str) -> ImportState:
    with wiring.reading() as session:
        job = machine_files.job_of(session, who, token, now=wiring.now())
    return import_state(job, wiring.files())


def _job_data(who: Identity, token: str) -> Data:
    state = _state(who, token)
    translate = translations(_language(who)).gettext
    job_data: Data = {
        "job": token,
        "kind": state.kind,
        "file": state.file_name,
        "state": _state_name(state),
        "share": state.share,
        "counts": asdict(state.counts),
    }
    if state.error:
        job_data["error"] = filled(translate(state.error.sentence), state.error.values)
    if state.outcome:
        job_data |= outcome_data(state.outcome, translate)
        if state.held:
            job_data["preview"] = preview_data(state.outcome.forecast)
            job_data["confirm"] = f"/api/import/{token}/confirm"
        elif state.outcome.counts.refused:
            job_data["all_refused"] = f"/api/import/{token}/refused.csv"
    return job_data


def _state_name(state: ImportState) -> str:
    if state.runs:
        return "running"
    if state.stopped:
        return "stopped"
    if state.held:
        return "waiting"
    return "failed" if state.error else "finished"


def _language(who: Identity) -> str:
    return who.language or DEFAULT


def _refused(error: PortalError, who: Identity | None) -> JSONResponse:
    answer = refusal(error, who)
    answer.status_code = _STATUS.get(type(error), answer.status_code)
    answer.headers["Cache-Control"] = "no-store"
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = _KEY_WANTED
    if again := _AGAIN.get(type(error)):
        answer.headers["Retry-After"] = again
    return answer
