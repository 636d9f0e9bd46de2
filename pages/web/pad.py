"""The scoring pad's routes: open, save, submit, put aside; each answers without a rerun."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.routing import Route

from core.access import Identity
from core.checklist import Checklist
from core.errors import InvalidInput
from core.evidence import unproven
from core.i18n import DEFAULT, LANGUAGES
from core.same import Same
from core.scoring import ScoreSheet, parse_answers, score
from db.queries import desk as desks
from db.queries.work import next_assignment
from db.services import assignments, drafts, inspections
from pages.ui import wiring
from pages.ui.ledger import ledger_lines
from pages.ui.messages import use_language
from pages.ui.pad import display
from pages.ui.pad.items import checklist_data
from pages.web import cookies
from pages.web.api import Data, api


class Entered(BaseModel):
    """What the pad sends: the version it stands on and everything entered."""

    model_config = ConfigDict(strict=True, extra="forbid")

    version: Annotated[int, Field(ge=0, lt=2**31)]
    answers: dict[str, Any]
    evidence: list[Any]
    note: Annotated[str, Field(max_length=10_000)]
    active_seconds: Annotated[float, Field(ge=0, lt=10_000_000, allow_inf_nan=False)]

    @property
    def work(self) -> drafts.Work:
        return drafts.Work(self.answers, self.evidence, self.note, self.active_seconds)


def state(who: Identity, request: Request, _body: Data) -> Data:
    """Everything needed to score an assignment, or how it ended and what comes next."""
    speak(who, request)
    return _state(who, request, _assignment(request))


def save(who: Identity, request: Request, body: Data) -> Data:
    speak(who, request)
    entered = entered_in(body)
    with wiring.transaction() as session:
        saved = drafts.save_draft(
            session,
            who=who,
            assignment_id=_assignment(request),
            version=entered.version,
            work=entered.work,
            now=wiring.now(),
        )
    return {
        "version": saved.version,
        "saved_at": saved.saved_at.isoformat(),
        "sheet": display.sheet_data(saved.sheet, saved.unproven),
    }


def submit(who: Identity, request: Request, body: Data) -> Data:
    """Submit what the pad holds, exactly once, and give the next assignment ready to score."""
    speak(who, request)
    entered = entered_in(body)
    with wiring.transaction() as session:
        submitted = inspections.submit(
            session,
            who=who,
            assignment_id=_assignment(request),
            version=entered.version,
            work=entered.work,
            now=wiring.now(),
        )
    return {"inspection": submitted.inspection_id, "next": _next(who, request)}


def skip(who: Identity, request: Request, body: Data) -> Data:
    speak(who, request)
    reason = _storable(body.get("reason"))
    with wiring.transaction() as session:
        assignment = drafts.own_assignment(session, who, _assignment(request))
        photos = assignments.skip(
            session, who=who, assignment=assignment, reason=reason, now=wiring.now()
        )
    wiring.photo_files().remove(photos)
    return {"next": _next(who, request)}


def ledger(who: Identity, request: Request, _body: Data) -> Data:
    """How the score of what is stored comes about, step by step."""
    speak(who, request)
    with wiring.reading() as session:
        found = desks.desk(session, who, _assignment(request))
    answers = parse_answers(found.checklist, found.draft.answers or {})
    lines = ledger_lines(found.checklist, score(found.checklist, answers))
    return {"lines": [line._asdict() for line in lines]}


routes: list[Route] = [
    Route("/api/pad/{assignment:int}/state", api(state), methods=["GET"]),
    Route("/api/pad/{assignment:int}/ledger", api(ledger), methods=["GET"]),
    Route("/api/pad/{assignment:int}/save", api(save), methods=["POST"]),
    Route("/api/pad/{assignment:int}/submit", api(submit), methods=["POST"]),
    Route("/api/pad/{assignment:int}/skip", api(skip), methods=["POST"]),
]


def _assignment(request: Request) -> int:
    return int(request.path_params["assignment"])


def speak(who: Identity, request: Request) -> None:
    """Answer in the language of the page that asks."""
    asked = request.query_params.get("lang", "")
    use_language(asked if asked in LANGUAGES else who.language or DEFAULT)


def entered_in(body: Data) -> Entered:
    try:
        entered = Entered.model_validate(body)
    except ValidationError:
        raise InvalidInput("The request is not readable.") from None
    _storable(json.dumps(body, ensure_ascii=False))
    return entered


def _storable(text: object) -> str:
    """A text that both databases can hold: no lone surrogates, no NUL."""
    if not isinstance(text, str) or "\x00" in text or "\\u0000" in text:
        raise InvalidInput("The request is not readable.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidInput("The request is not readable.") from None
    return text


def _next(who: Identity, request: Request) -> Data | None:
    with wiring.reading() as session:
        following = next_assignment(session, who, after=_assignment(request))
        found = None if following is None else desks.desk(session, who, following)
    return None if found is None else _shown(who, request, found, None)


def _state(who: Identity, request: Request, assignment_id: int) -> Data:
    with wiring.reading() as session:
        found = desks.desk(session, who, assignment_id)
        ended = found.state != "open"
        following = next_assignment(session, who, after=assignment_id) if ended else None
    return _shown(who, request, found, following)


def _shown(who: Identity, request: Request, found: desks.Desk, following: int | None) -> Data:
    """What the pad needs; what comes next it needs only where this one has ended."""
    shown = {
        "assignment": found.assignment_id,
        "state": found.state,
        "user": who.user_id,
        "token": cookies.api_token(cookies.session_token(request) or ""),
        "next": following,
    }
    return shown | opened(found) if found.state == "open" else shown


@lru_cache(maxsize=64)
def _blank(checklist: Same[Checklist]) -> ScoreSheet:
    return score(checklist.thing, {})


def opened(found: desks.Desk) -> Data:
    draft, checklist = found.draft, found.checklist
    answers = parse_answers(checklist, draft.answers or {})
    sheet = score(checklist, answers) if answers else _blank(Same(checklist))
    return {
        **display.heading(found),
        "checklist": checklist_data(found),
        "encounter": display.encounter_data(found.encounter),
        "draft": display.draft_data(draft, found.encounter.timezone),
        "sheet": display.sheet_data(sheet, unproven(checklist, sheet, answers, draft.evidence)),
    }
