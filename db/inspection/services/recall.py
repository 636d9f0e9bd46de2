"""Taking back what one has only just submitted, while nobody else has looked at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import InvalidInput, not_found
from core.inspection.states import ASSIGNMENT, INSPECTION
from db.inspection.derived_figures import EVIDENCE_FIELDS, leave
from db.inspection.models import RECALLED, Amendment, Assignment, Draft, Evidence, Inspection
from db.inspection.queries.scored import touched
from db.store.moving import move

_WHY = "Taken back by its inspector."


def recall(
    session: Session, *, who: Identity, inspection_id: int, within: timedelta, now: datetime
) -> int:
    """Open one's own submission again, with all that was entered.

    The row stays, void, as with an amendment; what is submitted next names it as replaced.

    Args:
        within: how long after submitting this may be done.

    Returns:
        The id of the assignment, which is open again.

    Raises:
        InvalidInput: it is too late, somebody has opened it, or it was amended meanwhile.
        NotAllowed: the role does not score.
        NotFound: it is somebody else's, or was not scored at the pad.
    """
    by = INSPECTION.by("recall")
    by.permit(who, "")
    row = session.scalar(select(Inspection).where(Inspection.id == inspection_id).with_for_update())
    if row is None or row.inspector_id != who.user_id or row.assignment_id is None:
        raise not_found(
            "This inspection is none of yours.",
            user_id=who.user_id,
            subject=("inspection", inspection_id),
            exists=row is not None,
        )
    by.check(row.state)
    if now - row.submitted_at > within:
        raise InvalidInput("It is too late to take this back.")
    if touched(session, who, [row.id]):
        raise InvalidInput("Somebody has opened this inspection already.")
    assignment = session.get_one(Assignment, row.assignment_id, with_for_update=True)
    leave(session, row)
    move(session, row, by, who=who, now=now, reason=_WHY)
    move(session, assignment, ASSIGNMENT.by("recall"), who=who, now=now)
    assignment.submission_key = str(uuid4())
    session.add(_draft(session, row, now))
    session.add(
        Amendment(inspection_id=row.id, kind=RECALLED, reason=_WHY, user_id=who.user_id, at=now)
    )
    session.flush()
    return assignment.id


def _draft(session: Session, row: Inspection, now: datetime) -> Draft:
    """What was submitted, as it stood at the pad."""
    columns = (getattr(Evidence, name) for name in EVIDENCE_FIELDS)
    pins = session.execute(
        select(*columns).where(Evidence.inspection_id == row.id).order_by(Evidence.id)
    ).mappings()
    return Draft(
        kind=ASSIGNMENT.kind,
        task_id=row.assignment_id,
        version=1,
        answers=row.answers,
        evidence=[
            {**pin, "moment": pin["moment"].isoformat() if pin["moment"] else None} for pin in pins
        ],
        note=row.note,
        started_at=now,
        saved_at=now,
        active_seconds=row.active_seconds or 0.0,
    )
