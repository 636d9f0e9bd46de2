"""The newest words of every checklist that has been in force."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.checklist import Checklist
from db.checklists import checklists_of
from db.models import ChecklistVersion


def newest_checklists(session: Session) -> dict[int, Checklist]:
    """The newest version that is no draft, by checklist id."""
    by_age = session.execute(
        select(ChecklistVersion.checklist_id, ChecklistVersion.id)
        .where(ChecklistVersion.state != "draft")
        .order_by(ChecklistVersion.checklist_id, ChecklistVersion.number)
    )
    newest: dict[int, int] = dict(by_age.all())
    found = checklists_of(session, newest.values())
    return {checklist_id: found[version_id] for checklist_id, version_id in newest.items()}
