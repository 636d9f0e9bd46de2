"""What a member of staff is called, and a reason for the log without any of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.safekeeping.scrubbing import scrubbed
from db.people.models import Staff, User


def names_of(session: Session, staff_id: int | None) -> set[str]:
    """What a member of staff is called, in the list of staff and as somebody who signs in."""
    staff = session.get(Staff, staff_id) if staff_id else None
    if staff is None:
        return set()
    names = {name for user in accounts_of(session, staff.id) for name in (user.username, user.name)}
    return {staff.name, staff.staff_no, *names}


def log_reason(session: Session, staff_id: int | None, reason: str) -> str:
    """A reason as the log may keep it: who was judged is not named, since the log stays."""
    return scrubbed(reason, names_of(session, staff_id))


def accounts_of(session: Session, staff_id: int) -> list[User]:
    return list(session.scalars(select(User).where(User.staff_id == staff_id)))
