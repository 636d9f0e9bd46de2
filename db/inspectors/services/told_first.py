"""What stood out of an inspector's work is shown to the inspector before anybody else reads it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.periods import Period
from db.inspectors.models import AnswerPattern, InspectorLean
from db.store import audit


def note_pattern_shown(session: Session, *, who: Identity, period: Period, now: datetime) -> None:
    """The person is shown what stood out of their own answers; the first time counts.

    Args:
        period: of what is shown. What stood out of other months stays untold.

    Raises:
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    _note(session, AnswerPattern, who=who, period=period, now=now)


def note_leans_shown(session: Session, *, who: Identity, period: Period, now: datetime) -> None:
    """The same of the groups that the person is harder or easier on.

    Raises:
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    _note(session, InspectorLean, who=who, period=period, now=now)


def _note(
    session: Session,
    table: type[AnswerPattern | InspectorLean],
    *,
    who: Identity,
    period: Period,
    now: datetime,
) -> None:
    unseen = update(table).where(
        table.user_id == who.user_id, table.month == period.last, table.shown_at.is_(None)
    )
    for row_id in session.scalars(unseen.values(shown_at=now).returning(table.id)):
        audit.record(session, who, "acknowledge", (table.__tablename__, row_id), now=now)
