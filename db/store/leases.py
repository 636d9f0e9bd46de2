"""Tasks that one process at a time may do."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.store.models import Lease


def take_lease(
    session: Session, name: str, *, holder: str, now: datetime, lasting: timedelta
) -> bool:
    """Take a task or keep it; False while somebody else holds it."""
    lease = session.scalars(select(Lease).where(Lease.name == name).with_for_update()).one_or_none()
    if lease is None:
        session.add(Lease(name=name, holder=holder, expires_at=now + lasting))
        return True
    if lease.holder != holder and lease.expires_at > now:
        return False
    lease.holder, lease.expires_at = holder, now + lasting
    return True


def return_lease(session: Session, name: str, *, holder: str) -> None:
    session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
