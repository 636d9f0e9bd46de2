"""The newest words of every checklist that has been in force."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.checklist import Checklist
from db.checklists import checklist_of
from db.models import ChecklistVersion


def newest_checklists(session: Session) -> dict[int, Checklist]:
    """The newest version that is no draft, by checklist id."""
    newest = (
        select(ChecklistVersion.checklist_id, func.max(ChecklistVersion.number).label("number"))
        .where(ChecklistVersion.state != "draft")
        .group_by(ChecklistVersion.checklist_id)
        .subquery()
    )
    rows = session.execute(
        select(ChecklistVersion.checklist_id, ChecklistVersion.id)
        .join(
            newest,
            (newest.c.checklist_id == ChecklistVersion.checklist_id)
            & (newest.c.number == ChecklistVersion.number),
        )
        .order_by(ChecklistVersion.checklist_id)
    )
    return {checklist_id: checklist_of(session, version_id) for checklist_id, version_id in rows}
