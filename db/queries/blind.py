"""Results that an inspector who also browses cases must not see yet: who scores does so blind."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, can
from db.models import Assignment, Inspection


def yet_to_score(session: Session, reader: Identity, inspection_ids: Collection[int]) -> set[int]:
    """Those of encounters that wait in the reader's own queue."""
    if not can(reader, Action.SCORE):
        return set()
    return set(
        session.scalars(
            select(Inspection.id)
            .join(Assignment, Assignment.interaction_id == Inspection.interaction_id)
            .where(
                Inspection.id.in_(inspection_ids),
                Assignment.inspector_id == reader.user_id,
                Assignment.state == "open",
            )
        )
    )
