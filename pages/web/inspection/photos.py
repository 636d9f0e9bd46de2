"""Photos as evidence: taken up while scoring, shown to who may see the case."""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound, PortalError
from core.inspection.picture import MOST_BYTES, read_picture
from db.inspection.queries.who_may_see import is_own_photo
from db.inspection.services import photos
from db.store import audit
from pages.ui.kit import wiring
from pages.web.api import identity_for, private_picture, refusal

_readers = CapacityLimiter(2)  # a picture may take a few hundred megabytes while it is read


async def add(request: Request) -> Response:
    """POST the bytes of a photo for an assignment."""
    who: Identity | None = None
    try:
        who = await to_thread.run_sync(_scorer, request)
        data = await _received(request)
        added = await to_thread.run_sync(_keep, who, request, data, limiter=_readers)
    except PortalError as error:
        return refusal(error, who, request)
    except ClientDisconnect:
        return Response(status_code=400)
    return JSONResponse({"photo": added.name, "width": added.width, "height": added.height})


async def show(request: Request) -> Response:
    who: Identity | None = None
    try:
        who = await to_thread.run_sync(identity_for, request)
        data = await to_thread.run_sync(_opened, who, request.path_params["name"])
    except PortalError as error:
        return refusal(error, who, request)
    return private_picture(data)


routes: list[Route] = [
    Route("/api/pad/{task:int}/photo", add, methods=["POST"]),
    Route("/api/photo/{name:str}", show, methods=["GET"]),
]


def _scorer(request: Request) -> Identity:
    who = identity_for(request)
    require(who, Action.SCORE)
    return who


async def _received(request: Request) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MOST_BYTES:
        raise _too_large()
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > MOST_BYTES:
            raise _too_large()
    return bytes(data)


def _keep(who: Identity, request: Request, data: bytes) -> photos.Added:
    """The file first: a row never names a photo that is not there."""
    picture, name = read_picture(data), photos.new_name()
    wiring.files().write(photos.photo_file(name), picture.data)
    try:
        with wiring.transaction() as session:
            return photos.add_photo(
                session,
                who=who,
                assignment_id=int(request.path_params["task"]),
                name=name,
                picture=picture,
                now=wiring.now(),
            )
    except PortalError:
        wiring.files().remove([photos.photo_file(name)])
        raise


def _opened(who: Identity, name: str) -> bytes:
    with wiring.reading() as session:
        own = is_own_photo(session, who, name)
    if not own:
        with wiring.transaction() as session:
            audit.record(session, who, "view", ("photo", name), now=wiring.now())
    data = wiring.files().read(photos.photo_file(name))
    if data is None:
        raise NotFound("The file of this photo is missing.")
    return data


def _too_large() -> InvalidInput:
    return InvalidInput("The photo is larger than {limit} MB.", limit=MOST_BYTES // 1_000_000)
