"""Cases that must not be taught from any more: marks, and leaving every set and practice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput
from core.safekeeping.masking import masked
from core.teaching.states import PRACTICE_TASK
from db.cases.queries.case import case
from db.inspection.models import Draft, Inspection
from db.people.staff_list import log_reason
from db.store import audit
from db.store.moving import move
from db.teaching.models import CaseSetMember, PracticeTask, TrainingMark

RETENTION, NEVER, ERASED, VOIDED = "retention", "never", "erased", "voided"
CONTENT = ("inspection_id", "interaction_id", "note", "question", "answer", "marked")


def leave_sets(
    session: Session, interaction_ids: Collection[int], *, reason: str, now: datetime
) -> int:
    """Take encounters out of every set and practice, and what was written about them.

    Whoever deletes encounters or their turns calls this first. The places they had remain, with
    `reason` (RETENTION, NEVER, ERASED). Returns how many places became empty.
    """
    return _leave(session, CaseSetMember.interaction_id.in_(interaction_ids), reason, now)


def leave_as_voided(session: Session, inspection_ids: Collection[int], *, now: datetime) -> None:
    """Take inspections that no longer count out of every set and practice, as `leave_sets` does."""
    _leave(session, CaseSetMember.inspection_id.in_(inspection_ids), VOIDED, now)


def _leave(session: Session, which: ColumnElement[bool], reason: str, now: datetime) -> int:
    members = list(session.scalars(select(CaseSetMember.id).where(which)))
    if not members:
        return 0
    session.execute(
        update(CaseSetMember)
        .where(CaseSetMember.id.in_(members))
        .values(
            inspection_id=None,
            interaction_id=None,
            note="",
            question="",
            answer="",
            marked=[],
            left_at=now,
            left_reason=reason,
        )
    )
    leave = PRACTICE_TASK.by("leave_set")
    practised = select(PracticeTask).where(
        PracticeTask.member_id.in_(members), PracticeTask.state.in_(leave.deed.sources)
    )
    for task in session.scalars(practised):
        session.execute(delete(Draft).where(Draft.of(PRACTICE_TASK, task.id)))
        task.answers, task.evidence, task.note = {}, [], ""
        move(session, task, leave, who=None, now=now)
    return len(members)


def mark(
    session: Session,
    *,
    who: Identity,
    inspection_id: int,
    kind: str | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Mark the encounter of a case as one to use in training, never to use, or neither (None).

    One that must never be used leaves every set it is in.

    Raises:
        InvalidInput: never, without a reason.
        NotAllowed, NotFound.
    """
    require(who, Action.TEACH)
    if kind == NEVER and not reason.strip():
        raise InvalidInput("Give a reason.")
    case(session, who, inspection_id)
    inspection = session.get_one(Inspection, inspection_id)
    interaction_id = inspection.interaction_id
    training_mark = session.get(TrainingMark, interaction_id)
    if kind is None:
        if training_mark is not None:
            session.delete(training_mark)
    else:
        training_mark = training_mark or TrainingMark(interaction_id=interaction_id)
        training_mark.kind, training_mark.reason = kind, masked(reason.strip())
        training_mark.user_id, training_mark.at = who.user_id, now
        session.add(training_mark)
    if kind == NEVER:
        leave_sets(session, [interaction_id], reason=NEVER, now=now)
    logged_reason = log_reason(session, inspection.staff_id, reason)
    audit.record(
        session,
        who,
        "mark",
        ("inspection", inspection_id),
        now=now,
        reason=logged_reason,
        kind=kind,
    )
