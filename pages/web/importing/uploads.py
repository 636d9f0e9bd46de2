"""Receiving files to import, streamed to disk, and giving back the rows that were refused."""

from __future__ import annotations

import time
from pathlib import Path

import anyio
from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound, PortalError
from db.importing.import_job import refused_file
from db.importing.uploaded_files import SLOTS, Spool, Upload, drop_old
from db.store import audit
from pages.ui.kit import wiring
from pages.web import cookies
from pages.web.api import Data, api, identity_for, refusal

_NAME = 200


class TooLarge(InvalidInput):
    """More than the portal takes at once."""


async def receive(request: Request, path: Path) -> None:
    """Write the body to a file, as it comes in.

    Raises:
        TooLarge: it is announced to be too large, or becomes it; the rest is not read.
        InvalidInput: there is nothing in it.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > _limit():
        raise _too_large()
    size = 0
    async with await anyio.open_file(path, "wb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > _limit():
                raise _too_large()
            await file.write(chunk)
    if not size:
        raise InvalidInput("The file is empty.")


def spool_of(who: Identity) -> Spool:
    """Where the person's uploads wait; what lay there for a day goes."""
    var_dir = wiring.settings().var_dir
    drop_old(var_dir, time.time())
    return Spool.of(var_dir, who.user_id)


async def upload(request: Request) -> Response:
    """POST the bytes of a file; `slot` and `name` stand in the query."""
    who: Identity | None = None
    try:
        who = await to_thread.run_sync(_importer, request)
        received = await _receive(request, who)
    except PortalError as error:
        return refusal(error, who, request)
    except ClientDisconnect:
        return Response(status_code=400)
    return JSONResponse({"token": received.token, "name": received.name, "size": received.size})


def door(who: Identity, request: Request, _body: Data) -> Data:
    """What the upload component must know before it sends anything."""
    require(who, Action.IMPORT)
    token = cookies.api_token(cookies.session_token(request) or "")
    return {"token": token, "limit": _limit()}


async def refused(request: Request) -> Response:
    """The refused rows of an import as CSV; GET only, so it needs no page token."""
    who: Identity | None = None
    try:
        who = await to_thread.run_sync(_importer, request)
        path = refused_file(wiring.settings().var_dir, request.path_params["batch"])
        if not path.exists():
            raise NotFound("There is no such file.")
    except PortalError as error:
        return refusal(error, who, request)
    return FileResponse(path, media_type="text/csv", filename=path.name)


routes: list[Route] = [
    Route("/api/imports/door", api(door), methods=["GET"]),
    Route("/api/imports/upload", upload, methods=["POST"]),
    Route("/api/imports/{batch:int}/refused.csv", refused, methods=["GET"]),
]


def _importer(request: Request) -> Identity:
    who = identity_for(request)
    with audit.refusals_noted(wiring.engine(), wiring.now):
        require(who, Action.IMPORT)
    return who


def _limit() -> int:
    return wiring.settings().max_import_mb * 1_000_000


async def _receive(request: Request, who: Identity) -> Upload:
    slot = request.query_params.get("slot", "")
    if slot not in SLOTS:
        raise InvalidInput("The request is not readable.")
    spool = await to_thread.run_sync(spool_of, who)
    path = spool.new_part()
    try:
        await receive(request, path)
        name = request.query_params.get("name", "")[:_NAME]
        return await to_thread.run_sync(spool.keep, slot, path, name)
    finally:
        path.unlink(missing_ok=True)


def _too_large() -> PortalError:
    limit = wiring.settings().max_import_mb
    return TooLarge("The file is larger than {limit} MB.", limit=limit)
