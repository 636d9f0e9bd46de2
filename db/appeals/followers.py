"""Closing the appeals against inspections that no longer count."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.appeals.states import APPEAL, AppealState
from db.appeals.models import Appeal
from db.store.events import Published, follows
from db.store.moving import Records, move_all


@follows("inspection", "amend", "void", "recall", "reimport")
def close_open(session: Session, event: Published) -> None:
    """End the open appeals against inspections that no longer count; the amendment says why."""
    open_appeals = select(Appeal.id).where(
        Appeal.inspection_id.in_(event.ids),
        Appeal.state == AppealState.OPEN,
        Appeal.decided_by.is_(None),  # else this is the amendment that a decision makes
    )
    if ids := session.scalars(open_appeals.order_by(Appeal.id)).all():
        move_all(
            session, Records(Appeal, ids), APPEAL.by("close_appeal"), who=event.who, now=event.now
        )
