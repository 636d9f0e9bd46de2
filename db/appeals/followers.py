"""Closing the appeals against inspections that no longer count."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.appeals.states import APPEAL, AppealState
from db.appeals.models import Appeal
from db.inspection.services.follower_registry import follows_inspections
from db.store.moving import move


@follows_inspections
def close_open(
    session: Session, who: Identity | None, inspection_ids: Collection[int], now: datetime
) -> None:
    """End the open appeals against inspections that no longer count; the amendment says why."""
    open_appeals = select(Appeal).where(
        Appeal.inspection_id.in_(inspection_ids),
        Appeal.state == AppealState.OPEN,
        Appeal.decided_by.is_(None),  # else this is the amendment that a decision makes
    )
    for appeal in session.scalars(open_appeals):
        move(session, appeal, APPEAL.by("close_appeal"), who=who, now=now)
