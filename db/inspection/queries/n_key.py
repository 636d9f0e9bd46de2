"""Who may still press n and mean N/A, as it did before it came to mean No."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from db.inspection.models import Inspection
from db.store.models import Meta

SINCE = "n_is_no_since"
FORMS = 10
"""So many forms of an inspector are asked about."""
_SUBMITTED = (
    select(Inspection.id)
    .where(
        Inspection.inspector_id == bindparam("user_id"),
        Inspection.submitted_at >= bindparam("since"),
        Inspection.assignment_id.is_not(None),
        Inspection.replaces_id.is_(None),
    )
    .limit(FORMS)
)


def asks_about_n(session: Session, user_id: int) -> bool:
    """Whether the person has submitted fewer than ten forms since n means No.

    A form counts once, however often it is amended; imported history does not.
    """
    since = session.scalar(select(Meta.value).where(Meta.key == SINCE))
    if since is None:
        return False
    mine = {"user_id": user_id, "since": datetime.fromisoformat(since)}
    return len(session.scalars(_SUBMITTED, mine).all()) < FORMS
