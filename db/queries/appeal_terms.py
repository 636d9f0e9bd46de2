"""How many days an appeal may take, and from when they are counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.appeals import DAYS, Step
from db.models import Amendment, AppealTerm, Inspection


def terms(session: Session) -> dict[Step, int]:
    """Calendar days by step: as set, else as proposed."""
    stored = {row.kind: row.days for row in session.scalars(select(AppealTerm))}
    return {step: stored.get(step, proposed) for step, proposed in DAYS.items()}


def counted_from(session: Session, inspection: Inspection) -> datetime:
    """When the result came about: its submission, or the amendment that made it."""
    if inspection.replaces_id is None:
        return inspection.submitted_at
    made = select(Amendment.at).where(Amendment.inspection_id == inspection.replaces_id)
    return session.scalar(made.order_by(Amendment.id.desc()).limit(1)) or inspection.submitted_at
