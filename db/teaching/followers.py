"""Case sets follow their inspections: one that is void leaves, one that is replaced goes on."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.inspection.models import Inspection
from db.store.events import Published, follows
from db.teaching.models import CaseSetMember
from db.teaching.services.withdrawal import leave_as_voided


@follows("inspection", "void", "recall")
def leave(session: Session, event: Published) -> None:
    """Nobody is taught from, or asked about, what counts nowhere."""
    leave_as_voided(session, event.ids, now=event.now)


@follows("inspection", "replace", "import")
def go_on(session: Session, event: Published) -> None:
    """A case is taught from, and practice compared with, what holds now."""
    replaced = (Inspection.id.in_(event.ids), Inspection.replaces_id.is_not(None))
    for new, old in session.execute(select(Inspection.id, Inspection.replaces_id).where(*replaced)):
        of_old = update(CaseSetMember).where(CaseSetMember.inspection_id == old)
        session.execute(of_old.values(inspection_id=new))
