"""Taking a person's values out of everything that is stored about an encounter."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from core.appeals.states import APPEAL, AppealState
from core.inspection.states import CORRECTION, CorrectionState
from core.safekeeping.masking import PLACEHOLDER
from core.safekeeping.scrubbing import _SHORTEST, _pattern, scrubbed, scrubbed_data
from core.text.textfold import fold
from db.appeals.models import Appeal, AppealPoint
from db.encounters.models import ClearSpan, Interaction, Turn
from db.inspection.models import Acknowledgement, CorrectionRequest
from db.inspectors.models import AnswerPattern, InspectorLean
from db.people.models import User
from db.safekeeping import personal_texts
from db.sign_in.models import (
    Authenticator,
    ExternalAccount,
    LoginFailure,
    LoginSession,
    OneTimeToken,
    RecoveryCode,
)
from db.store.models import Notice, OpenForm, StoredForm
from db.store.moving import move
from db.teaching.models import SavedFilter


def scrub_encounter(
    session: Session, row: Interaction, values: Collection[str], *, entirely: bool
) -> None:
    """Hide values in the transcript; what people wrote about it `scrub_at_large` reaches.

    Args:
        entirely: hide the transcript altogether, with the record's own fields.
    """
    for turn in session.scalars(select(Turn).where(Turn.interaction_id == row.id)):
        hidden = PLACEHOLDER * len(turn.text)
        turn.text = hidden if entirely else scrubbed(turn.text, values)
    if entirely:
        row.attributes = {}
        session.execute(delete(ClearSpan).where(ClearSpan.interaction_id == row.id))
    else:
        row.attributes = scrubbed_data(row.attributes, values)


def scrub_at_large(session: Session, values: Collection[str]) -> None:
    """Take values out of whatever people wrote anywhere; a filter that looks for one goes whole."""
    for saved_filter in session.scalars(select(SavedFilter)).all():
        texts = [saved_filter.name, *saved_filter.address.values()]
        if scrubbed_data(texts, values) != texts:
            session.delete(saved_filter)
    names = naming(values)

    def hide(text: str) -> str:
        return scrubbed(text, values) if names(text) else text

    for model in personal_texts.personal_models():
        last = personal_texts.rewrite(session, model, hide, sought=names).last
        while last is not None:
            last = personal_texts.rewrite(session, model, hide, last, sought=names).last


def naming(values: Collection[str]) -> Callable[[str], bool]:
    """Whether a text holds one of the values, in whatever letters: what `scrubbed` would hide."""
    sought = [value for value in values if len(value) >= _SHORTEST]
    plain = [fold(value) for value in sought]  # looked for first, as that is much faster
    pattern = re.compile("|".join(map(_pattern, sought)) or r"(?!)")

    def names(text: str) -> bool:
        folded = fold(text)
        if not any(value in folded for value in plain):
            return False
        return any(value in text for value in sought) or bool(pattern.search(folded))

    return names


def empty_account(session: Session, user: User, *, now: datetime) -> None:
    """Close an account for good: no name, no way in, no trace of where it was used from."""
    session.execute(delete(LoginFailure).where(LoginFailure.username == user.username))
    for table in (
        LoginSession,
        ExternalAccount,
        Authenticator,
        RecoveryCode,
        OneTimeToken,
        StoredForm,
        OpenForm,
        Notice,
        AnswerPattern,
        InspectorLean,
    ):
        session.execute(delete(table).where(table.user_id == user.id))
    for row in session.scalars(select(Acknowledgement).where(Acknowledgement.user_id == user.id)):
        row.comment = ""
    own = (SavedFilter.user_id == user.id, SavedFilter.shared.is_(False))
    session.execute(delete(SavedFilter).where(*own))
    _empty_appeals(session, user, now)
    _empty_corrections(session, user, now)
    user.username, user.name, user.password_hash = f"erased-{user.id}", "", ""
    user.active, user.region, user.language = False, "", None
    user.roles = []


def _empty_appeals(session: Session, user: User, now: datetime) -> None:
    """What the person wrote goes, and with it whatever was still to be decided."""
    for appeal in session.scalars(select(Appeal).where(Appeal.user_id == user.id)):
        if appeal.state == AppealState.OPEN:
            move(session, appeal, APPEAL.by("withdraw_appeal"), who=None, now=now)
        for point in _points(session, Appeal.id == appeal.id):
            point.reason = ""


def _empty_corrections(session: Session, user: User, now: datetime) -> None:
    """The same of what the person asked to have corrected; answers to it are others' words."""
    asked = select(CorrectionRequest).where(CorrectionRequest.user_id == user.id)
    for request in session.scalars(asked):
        if request.state == CorrectionState.OPEN:
            by = CORRECTION.by("withdraw_correction")
            move(session, request, by, who=None, now=now)
        request.words = ""


def _points(session: Session, where: ColumnElement[bool]) -> Iterator[AppealPoint]:
    query = select(AppealPoint).join(Appeal, Appeal.id == AppealPoint.appeal_id)
    yield from session.scalars(query.where(where))
