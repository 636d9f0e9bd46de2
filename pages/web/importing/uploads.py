"""Receiving files to import, streamed to disk, and giving back the rows that were refused."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace

from anyio import CancelScope, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound, PortalError
from db.importing import uploaded_files
from db.importing.import_job import refused_file
from db.importing.uploaded_files import SLOTS, Upload
from db.store import audit
from db.store.files import FileKey
from pages.ui.kit import wiring
from pages.web import cookies
from pages.web.api import Data, api, identity_for, refusal

_NAME = 200
_SIGN_SECONDS = 5.0
_PIECE = 256 * 1024


class TooLarge(InvalidInput):
    """More than the portal takes at once."""


async def receive(request: Request, upload: Upload) -> Upload:
    """Write the body to the file of an upload, as it comes in; the upload with its size.

    Raises:
        TooLarge: it is announced to be too large, or becomes it; the rest is not read.
        InvalidInput: there is nothing in it.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > _limit():
        raise _too_large()
    size, told_at = 0, time.monotonic()
    with ExitStack() as stack:
        writing = wiring.files().writing(upload.key)
        file = await to_thread.run_sync(stack.enter_context, writing)
        async for chunk in request.stream():
            size += len(chunk)
            if size > _limit():
                raise _too_large()
            await to_thread.run_sync(file.write, chunk)
            if time.monotonic() - told_at > _SIGN_SECONDS:
                await to_thread.run_sync(_hear, upload)
                told_at = time.monotonic()
    if not size:
        raise InvalidInput("The file is empty.")
    return replace(upload, size=size)


def make_room() -> None:
    """Remove what lay about for a day."""
    uploaded_files.drop_old(wiring.engine(), wiring.files(), now=wiring.now())


@asynccontextmanager
async def given_up_on_failure(upload: Upload) -> AsyncIterator[None]:
    """Remove what came in of an upload that is not taken, also when the server ends."""
    try:
        yield
    except BaseException:
        with CancelScope(shield=True):
            await to_thread.run_sync(_give_up, upload)
        raise


def _give_up(upload: Upload) -> None:
    with wiring.transaction() as session:
        former = uploaded_files.give_up(session, upload)
    wiring.files().remove(former)


def refused_rows_answer(batch_id: int) -> Response:
    """The refused rows of an import as CSV.

    Raises:
        NotFound: there are none.
    """
    key = refused_file(batch_id)
    stored = wiring.files().about(key)
    if stored is None:
        raise NotFound("There is no such file.")
    headers = {
        "Content-Length": str(stored.size),
        "Content-Disposition": f'attachment; filename="{key.name}"',
    }
    return StreamingResponse(_pieces(key), media_type="text/csv", headers=headers)


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
        return refused_rows_answer(request.path_params["batch"])
    except PortalError as error:
        return refusal(error, who, request)


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
    expected = await to_thread.run_sync(_expect, who, slot)
    async with given_up_on_failure(expected):
        received = await receive(request, expected)
        named = replace(received, name=request.query_params.get("name", "")[:_NAME])
        await to_thread.run_sync(_keep, who, named)
    return named


def _expect(who: Identity, slot: str) -> Upload:
    make_room()
    with wiring.transaction() as session:
        return uploaded_files.begin_upload(session, who, slot, now=wiring.now())


def _keep(who: Identity, upload: Upload) -> None:
    with wiring.transaction() as session:
        former = uploaded_files.keep(session, who, upload, now=wiring.now())
    wiring.files().remove(former)


def _hear(upload: Upload) -> None:
    with wiring.transaction() as session:
        uploaded_files.hear(session, upload, now=wiring.now())


def _pieces(key: FileKey) -> Iterator[bytes]:
    with wiring.files().open(key) as file:
        while piece := file.read(_PIECE):
            yield piece


def _too_large() -> PortalError:
    limit = wiring.settings().max_import_mb
    return TooLarge("The file is larger than {limit} MB.", limit=limit)
