"""What may be sent to Streamlit's own upload address, which looks at neither type nor person.

Its widgets' `type` and `max_upload_size` are checked in the browser and when a page reads the
file; until then the server would keep whatever anyone signed in sends.
"""

from __future__ import annotations

import re
from collections import deque
from datetime import timedelta

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive

from pages.ui.kit import wiring
from pages.web.allowance import Allowance

ADDRESS = "/_stcore/upload_file/"
TYPES = frozenset({"csv", "json", "xlsx", "yaml", "yml", "jpg", "jpeg", "png", "webp"})
LARGEST = 11_000_000  # 10 MB and what the form adds
MOST_IN_AN_HOUR = 10 * LARGEST
_NAME = re.compile(rb'filename="([^"\r\n]*)"')
_HEAD = 4_096
_BEGINNINGS = {
    "xlsx": b"PK\x03\x04",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
    "webp": b"RIFF",
}
"""How files begin that are no text, whatever they are called."""


_allowance = Allowance(MOST_IN_AN_HOUR, timedelta(hours=1))


def refusal(connection: HTTPConnection, user_id: int) -> Response | None:
    """The answer to an upload that is too large, or too much for one person in an hour."""
    announced = connection.headers.get("content-length", "")
    if not announced.isdecimal():
        return PlainTextResponse("Say how large the file is.", status_code=411)
    if int(announced) > LARGEST:
        return PlainTextResponse("The file is too large.", status_code=413)
    if not _allowance.takes(user_id, int(announced), wiring.now()):
        return PlainTextResponse("Too much within one hour.", status_code=429)
    return None


async def first_part(receive: Receive) -> list[Message]:
    """The messages up to where the file's name and first bytes stand."""
    messages: list[Message] = []
    size = 0
    while size < _HEAD:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
    return messages


def is_welcome(messages: list[Message]) -> bool:
    """Whether name and first bytes are those of a file that some page of the portal reads."""
    head = b"".join(message.get("body", b"") for message in messages)
    name = _NAME.search(head)
    suffix = name[1].rpartition(b".")[2].decode("ascii", "replace").lower() if name else ""
    content = head.partition(b"\r\n\r\n")[2]
    beginning = _BEGINNINGS.get(suffix)
    looks_right = content.startswith(beginning) if beginning else b"\x00" not in content
    return suffix in TYPES and looks_right


def again(messages: list[Message], receive: Receive) -> Receive:
    """What was read so far, then the rest."""
    waiting = deque(messages)

    async def replayed() -> Message:
        return waiting.popleft() if waiting else await receive()

    return replayed
