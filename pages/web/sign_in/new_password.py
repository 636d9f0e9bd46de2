"""Choosing a password: its fields, and how strong it is, said while it is typed.

The form asks its own address for the strength.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import timedelta

from starlette.responses import JSONResponse, Response

from core.errors import InvalidInput
from core.sign_in.passwords import SHORTEST, strength
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, sentence
from pages.web.allowance import Allowance
from pages.web.forms import Field, Fields

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


def new_password_fields() -> list[Field]:
    hint = _("At least {count} characters; several words are easy to remember.", count=SHORTEST)
    return [
        Field(
            name="password",
            label=_("New password"),
            kind="password",
            autocomplete="new-password",
            hint=hint,
            judged=True,
        ),
        Field(
            name="again",
            label=_("New password once more"),
            kind="password",
            autocomplete="new-password",
        ),
    ]


def same_twice(fields: Fields) -> None:
    """Refuse a password that was typed in two ways."""
    if fields.get("password") != fields.get("again"):
        raise InvalidInput("The two passwords differ.")
