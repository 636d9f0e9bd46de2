"""For operators: is the process alive; is the database there, up to date and of the same key."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse

from core.errors import PortalError
from db.migrations import migrate
from db.safekeeping import database_key
from pages.ui.kit import wiring


async def healthz(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


def readyz(_request: Request) -> PlainTextResponse:
    problem = (
        migrate.problem(wiring.engine()) or wiring.schema_problem(wiring.engine()) or _key_problem()
    )
    return PlainTextResponse(problem or "ok", status_code=503 if problem else 200)


def _key_problem() -> str | None:
    try:
        return database_key.problem(wiring.engine(), wiring.keys())
    except PortalError as error:
        return str(error)
