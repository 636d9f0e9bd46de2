"""Of which actions a person has an unread notice."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Identity
from core.improvements.states import IMPROVEMENT
from db.improvements.models import Improvement
from db.improvements.sight import seen
from db.people.queries.shown_texts import HiddenNames
from db.store.models import Notice


class ToldAction(NamedTuple):
    """An action and the last stage or deed that the person was told of."""

    improvement_id: int
    doing: str
    what: str


def unread_actions(session: Session, who: Identity, *, limit: int = 20) -> list[ToldAction]:
    """The actions of which the person was told and has not opened since, newest first.

    Raises:
        NotAllowed: the role has no part in actions.
    """
    own = (Notice.user_id == who.user_id, Notice.kind == IMPROVEMENT.kind)
    newest = select(func.max(Notice.id)).where(*own, Notice.seen_at.is_(None))
    query = (
        select(Improvement.id, Improvement.doing, Notice.deed)
        .join(Notice, Notice.record_id == Improvement.id)
        .where(Notice.id.in_(newest.group_by(Notice.record_id)), seen(who))
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    hide = HiddenNames(session, who).anywhere.hide
    return [
        ToldAction(improvement_id=key, doing=hide(doing), what=what)
        for key, doing, what in session.execute(query)
    ]
