"""The inspectors who can be given work, and how much waits for each."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import Role
from core.plan import Inspector
from db.models import Assignment, Staff, User, UserRole


def active_inspectors(session: Session) -> list[Inspector]:
    waiting = (
        select(Assignment.inspector_id, func.count().label("n"))
        .where(Assignment.state == "open")
        .group_by(Assignment.inspector_id)
        .subquery()
    )
    rows = session.execute(
        select(User.id, User.region, func.coalesce(waiting.c.n, 0), Staff.station_id)
        .join(UserRole, UserRole.user_id == User.id)
        .outerjoin(waiting, waiting.c.inspector_id == User.id)
        .outerjoin(Staff, User.staff_id == Staff.id)
        .where(UserRole.role == Role.INSPECTOR, User.active)
        .order_by(User.id)
    )
    return [Inspector(*row) for row in rows]
