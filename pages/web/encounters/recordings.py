"""Recordings of encounters: checked for access, sent in pieces, never loaded whole."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from core.access import Identity
from core.errors import NotFound, PortalError
from db.inspection.queries.desk import heard_since, recording
from db.store import audit
from db.store.files import FileKey, FileKind, StoredFile
from pages.ui.kit import wiring
from pages.web.api import identity_for, refusal

_PIECE = 256 * 1024
_MOST_AT_ONCE = 8 * _PIECE  # the browser asks again for what follows
_SITTING = timedelta(hours=1)
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Piece:
    """Bytes from `start` up to `stop`, the latter not included."""

    start: int
    stop: int


async def play(request: Request) -> Response:
    """A recording or the piece of it that the Range header asks for."""
    who: Identity | None = None
    try:
        who = await to_thread.run_sync(identity_for, request)
        recording = await to_thread.run_sync(
            _recording, who, int(request.path_params["interaction"])
        )
        piece = wanted_piece(request.headers.get("range"), recording.size)
        if piece is not None:
            interaction = int(request.path_params["interaction"])
            await to_thread.run_sync(_note_listening, who, interaction, piece)
    except PortalError as error:
        return refusal(error, who, request)
    if piece is None:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{recording.size}"})
    return _answer(recording, piece, partial="range" in request.headers)


def wanted_piece(header: str | None, size: int) -> Piece | None:
    """The piece that a Range header asks for; None when it lies outside of the file.

    Whatever is not one plain range of bytes asks for the whole file.
    """
    match = _RANGE.fullmatch(header or "")
    if match is None or match.groups() == ("", ""):
        return Piece(0, size)
    first, last = match.groups()
    if not first:
        return Piece(max(0, size - int(last)), size) if int(last) else None
    start = int(first)
    stop = min(int(last) + 1 if last else size, size, start + _MOST_AT_ONCE)
    return Piece(start, stop) if start < stop else None


routes: list[Route] = [Route("/api/recording/{interaction:int}", play, methods=["GET"])]


def _recording(who: Identity, interaction_id: int) -> StoredFile:
    with wiring.reading() as session:
        name = recording(session, who, interaction_id)
    if not name:
        raise NotFound("There is no recording of this encounter.")
    key = FileKey.of(FileKind.RECORDINGS, name)
    if key is None:
        raise NotFound(
            "The recording {name} is kept elsewhere and cannot be played here.", name=name
        )
    stored = wiring.files().about(key)
    if stored is None:
        raise NotFound("The file of the recording is missing: {name}.", name=name)
    return stored


def _note_listening(who: Identity, interaction_id: int, piece: Piece) -> None:
    """Log a play from the beginning; for an hour, later pieces belong to that play."""
    now = wiring.now()
    if piece.start:
        with wiring.reading() as session:
            if heard_since(session, who, interaction_id, now - _SITTING):
                return
    with wiring.transaction() as session:
        audit.record(session, who, "listen", ("interaction", interaction_id), now=now)


def _answer(recording: StoredFile, piece: Piece, *, partial: bool) -> Response:
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(piece.stop - piece.start),
        "Cache-Control": "private, no-store",
    }
    if partial:
        headers["Content-Range"] = f"bytes {piece.start}-{piece.stop - 1}/{recording.size}"
    kind = mimetypes.guess_type(recording.key.name)[0] or ""
    return StreamingResponse(
        _bytes(recording, piece),
        status_code=206 if partial else 200,
        headers=headers,
        media_type=kind if kind.startswith(("audio/", "video/")) else "application/octet-stream",
    )


def _bytes(recording: StoredFile, piece: Piece) -> Iterator[bytes]:
    with wiring.files().open(recording.key) as file:
        file.seek(piece.start)
        left = piece.stop - piece.start
        while left and (data := file.read(min(_PIECE, left))):
            left -= len(data)
            yield data
