"""The body that the pad sends, and the data that its routes answer."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from core.access import Identity
from core.checklist import Checklist
from core.errors import InvalidInput
from core.i18n import DEFAULT, LANGUAGES
from core.inspection.evidence import unproven
from core.inspection.states import AssignmentState
from core.scoring import ScoreSheet, parse_answers, score
from core.text.cache_keys import Same
from db.inspection.queries.desk import Desk
from db.inspection.services.drafts import Saved, Work
from db.inspection.services.submission import Submitted
from pages.ui.inspection.ledger import ledger_lines
from pages.ui.inspection.pad import display
from pages.ui.inspection.pad.items import checklist_data
from pages.ui.kit.messages import use_language
from pages.web import cookies
from pages.web.api import Data


class Entered(BaseModel):
    """What the pad sends: the version it stands on and everything entered."""

    model_config = ConfigDict(strict=True, extra="forbid")

    version: Annotated[int, Field(ge=0, lt=2**31)]
    answers: dict[str, Any]
    evidence: list[Any]
    note: Annotated[str, Field(max_length=10_000)]
    active_seconds: Annotated[float, Field(ge=0, lt=10_000_000, allow_inf_nan=False)]

    @property
    def work(self) -> Work:
        return Work(self.answers, self.evidence, self.note, self.active_seconds)


def speak(who: Identity, request: Request) -> None:
    """Answer in the language of the page that asks."""
    page_language = request.query_params.get("lang", "")
    use_language(page_language if page_language in LANGUAGES else who.language or DEFAULT)


def entered_in(body: Data) -> Entered:
    try:
        entered = Entered.model_validate(body)
    except ValidationError:
        raise InvalidInput("The request is not readable.") from None
    storable(json.dumps(body, ensure_ascii=False))
    return entered


def storable(text: object) -> str:
    """A text that both databases can hold: no lone surrogates, no NUL."""
    if not isinstance(text, str) or "\x00" in text or "\\u0000" in text:
        raise InvalidInput("The request is not readable.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidInput("The request is not readable.") from None
    return text


def saved_data(saved: Saved) -> Data:
    return {
        "version": saved.version,
        "saved_at": saved.saved_at.isoformat(),
        "sheet": display.sheet_data(saved.sheet, saved.unproven),
    }


def receipt(submitted: Submitted) -> Data:
    """The number of what was made, and its score as it is shown; nothing where none was made."""
    if submitted.inspection_id is None:
        return {}
    return {"inspection": submitted.inspection_id, "score": display.score_text(submitted.score)}


def ledger_data(desk: Desk) -> Data:
    """How the score of what is stored comes about, step by step."""
    answers = parse_answers(desk.checklist, desk.draft.answers or {})
    lines = ledger_lines(desk.checklist, score(desk.checklist, answers))
    return {"lines": [line._asdict() for line in lines]}


def desk_data(who: Identity, request: Request, desk: Desk, following: int | None) -> Data:
    """What the pad needs to show one desk, and where to go from it."""
    common = {
        "assignment": desk.task_id,
        "state": desk.state,
        "user": who.user_id,
        "token": cookies.api_token(cookies.session_token(request) or ""),
        "next": following,
    }
    return common | _opened(desk) if desk.state == AssignmentState.OPEN else common


def _opened(desk: Desk) -> Data:
    draft, checklist = desk.draft, desk.checklist
    answers = parse_answers(checklist, draft.answers or {})
    sheet = score(checklist, answers) if answers else _blank(Same(checklist))
    return {
        **display.heading(desk),
        "checklist": checklist_data(desk),
        "encounter": display.encounter_data(desk),
        "asks_about_n": desk.asks_about_n,
        "ruled_out": sorted(desk.ruled_out),
        "draft": display.draft_data(draft, desk.encounter.timezone),
        "sheet": display.sheet_data(sheet, unproven(checklist, sheet, answers, draft.evidence)),
    }


@lru_cache(maxsize=64)
def _blank(checklist: Same[Checklist]) -> ScoreSheet:
    return score(checklist.thing, {})
