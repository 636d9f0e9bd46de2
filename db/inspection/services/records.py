"""Which scoring of an encounter is of record once the first one is void or will not come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.inspection.states import AssignmentState, InspectionState
from core.scoring import parse_answers, score
from db.checklists.models import ChecklistVersion
from db.checklists.parsed_versions import checklist_of
from db.inspection.derived_figures import enter
from db.inspection.models import Assignment, Inspection
from db.store import audit


def pass_record_on(session: Session, interaction_id: int, now: datetime) -> bool:
    """Let a second scoring take the place: the first one submitted, else one that is open.

    Call it once no other is of record. A submitted one enters every figure. Whether there was one.
    """
    session.flush()
    submitted = session.scalars(
        select(Inspection)
        .where(
            Inspection.interaction_id == interaction_id,
            Inspection.purpose == "second",
            Inspection.state == InspectionState.VALID,
        )
        .order_by(Inspection.submitted_at, Inspection.id)
        .limit(1)
        .with_for_update()
    ).first()
    if submitted is not None:
        _become_record(session, submitted, now)
        return True
    waiting = session.scalars(
        select(Assignment)
        .where(
            Assignment.interaction_id == interaction_id,
            Assignment.purpose == "second",
            Assignment.state == AssignmentState.OPEN,
        )
        .order_by(Assignment.id)
        .limit(1)
        .with_for_update()
    ).first()
    if waiting is not None:
        waiting.purpose = "record"
    return waiting is not None


def _become_record(session: Session, inspection: Inspection, now: datetime) -> None:
    inspection.purpose = "record"
    if inspection.assignment_id is not None:
        session.get_one(Assignment, inspection.assignment_id).purpose = "record"
    checklist = checklist_of(session, inspection.checklist_version_id)
    version = ChecklistVersion.id == inspection.checklist_version_id
    checklist_id = session.scalars(select(ChecklistVersion.checklist_id).where(version)).one()
    sheet = score(checklist, parse_answers(checklist, inspection.answers))
    session.flush()  # its pairs are looked for by what is stored
    enter(session, inspection, sheet, checklist_id)
    audit.record(session, None, "become_record", ("inspection", inspection.id), now=now)
