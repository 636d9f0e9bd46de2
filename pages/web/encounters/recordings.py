"""Recordings of encounters: checked for access, sent in pieces, never loaded whole.

Those that are named by an address come from its host through here, so that the same holds for them.
"""

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
from core.encounters.sound_addresses import is_address
from core.errors import NotFound, PortalError
from db.inspection.queries.desk import heard_since, recording
from db.store import audit
from db.store.files import FileKey, FileKind, StoredFile
from pages.ui.kit import wiring
from pages.web.api import identity_for, refusal
from pages.web.encounters.distant_sound import DistantSound, fetched

_PIECE = 256 * 1024
_MOST_AT_ONCE = 8 * _PIECE  # the browser asks again for what follows
_SITTING = timedelta(hours=1)
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


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
        return await to_thread.run_sync(_played, request, who)
    except PortalError as error:
        return refusal(error, who, request)


def wanted_piece(header: str | None, size: int) -> Piece | None:
    """The piece that a Range header asks for; None when it lies outside of the file.

    Whatever is not one plain range of bytes asks for the whole file.
    """
    start, stop = _asked(header)
    if start < 0:
        return Piece(max(0, size + start), size)
    piece = Piece(start, size if stop is None else min(stop, size))
    return piece if piece.start < piece.stop else None


routes: list[Route] = [Route("/api/recording/{interaction:int}", play, methods=["GET"])]


def _asked(header: str | None) -> tuple[int, int | None]:
    """The first byte, negative counted from the end, and the one behind the last, if any."""
    match = _RANGE.fullmatch(header or "")
    if match is None or match.groups() == ("", ""):
        return 0, None
    first, last = match.groups()
    if not first:
        return (-int(last), None) if int(last) else (0, 0)
    start = int(first)
    most = start + _MOST_AT_ONCE
    return start, min(int(last) + 1, most) if last else most


def _played(request: Request, who: Identity) -> Response:
    interaction, asked_for = int(request.path_params["interaction"]), request.headers.get("range")
    with wiring.reading() as session:
        name = recording(session, who, interaction)
    if name and is_address(name):
        return _of_host(who, interaction, name, asked_for)
    file = _stored(name)
    piece = wanted_piece(asked_for, file.size)
    if piece is None:
        return _outside(file.size)
    _note_listening(who, interaction, piece.start)
    kind = mimetypes.guess_type(file.key.name)[0] or ""
    return _answer(_bytes(file, piece), piece, file.size, kind, partial=asked_for is not None)


def _of_host(who: Identity, interaction: int, address: str, asked_for: str | None) -> Response:
    start, stop = _asked(asked_for)
    if stop is not None and stop <= start:
        return _outside(0)
    sound: DistantSound = fetched(wiring.settings().sound_hosts, address, (start, stop))
    extent = sound.extent
    if extent is not None and extent.start >= extent.stop:
        sound.close()
        return _outside(extent.size)
    _note_listening(who, interaction, extent.start if extent else 0)
    if extent is None:
        return _answer(sound.pieces(), None, 0, sound.kind, partial=False)
    piece = Piece(extent.start, extent.stop)
    return _answer(sound.pieces(), piece, extent.size, sound.kind, partial=asked_for is not None)


def _stored(name: str | None) -> StoredFile:
    if not name:
        raise NotFound("There is no recording of this encounter.")
    key = FileKey.of(FileKind.RECORDINGS, name)
    file = wiring.files().about(key) if key else None
    if file is None:
        raise NotFound("The file of the recording is missing: {name}.", name=name)
    return file


def _note_listening(who: Identity, interaction_id: int, start: int) -> None:
    """Log a play from the beginning; for an hour, later pieces belong to that play."""
    now = wiring.now()
    if start:
        with wiring.reading() as session:
            if heard_since(session, who, interaction_id, now - _SITTING):
                return
    with wiring.transaction() as session:
        audit.record(session, who, "listen", ("interaction", interaction_id), now=now)


def _outside(size: int) -> Response:
    return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})


def _answer(
    content: Iterator[bytes], piece: Piece | None, size: int, kind: str, *, partial: bool
) -> Response:
    """`piece` is None where nobody knows how much comes."""
    headers = {"Cache-Control": "private, no-store"}
    if piece is not None:
        headers |= {"Accept-Ranges": "bytes", "Content-Length": str(piece.stop - piece.start)}
        if partial:
            headers["Content-Range"] = f"bytes {piece.start}-{piece.stop - 1}/{size}"
    return StreamingResponse(
        content,
        status_code=206 if partial and piece is not None else 200,
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
