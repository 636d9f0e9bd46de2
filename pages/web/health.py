"""For operators: is the process alive, is the database there and up to date."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from db import migrate
from pages.ui import wiring


async def healthz(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


def readyz(_request: Request) -> PlainTextResponse:
    problem = migrate.problem(wiring.engine())
    return PlainTextResponse(problem or "ok", status_code=503 if problem else 200)
