"""How strong a password is, said while it is typed: the form asks its own address."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import timedelta

from starlette.responses import JSONResponse, Response

from core.sign_in.passwords import strength
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, sentence
from pages.web.allowance import Allowance
from pages.web.forms import Fields

_allowance = Allowance(100, timedelta(minutes=10))


def is_question(fields: Fields) -> bool:
    """Whether the form only asks how strong its password is, without submitting it."""
    return "judge" in fields


def verdict(asker: Hashable, fields: Fields, about: Iterable[str]) -> Response:
    """The level, 1 to 4, and one sentence; nothing is kept or logged of the password.

    Each asker gets so many answers in a while; a browser without one shows no meter.
    """
    headers = {"Cache-Control": "no-store"}
    if not _allowance.takes(asker, 1, wiring.now()):
        return Response(status_code=429, headers=headers)
    estimate = strength(fields.get("password", ""), about)
    words = {3: _("Hard to guess."), 4: _("Very hard to guess.")}
    text = sentence(estimate.problem) if estimate.problem else words[estimate.level]
    return JSONResponse({"level": estimate.level, "text": text}, headers=headers)
