"""Claims on what happens once: a record for each opened form, a task done by one process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.access import Identity
from db.store.base import table_of
from db.store.models import Lease, StoredForm
from db.store.session import dialect_of, insert_into

KEPT = timedelta(days=30)
WORKER = "worker"
"""The lease that one of the portals holds as long as it lives."""
_BEING_MADE = 0


def once(
    session: Session, make: Callable[[], int], *, who: Identity, token: str, now: datetime
) -> int:
    """The id of what `make` makes; for a token that was used before, of what it made then.

    Two requests with one token at the same moment make one record: the second waits until the
    first has committed, or makes it where the first was rolled back. Tokens are forgotten after
    KEPT.

    Args:
        session: of the caller; `make` uses the same one.
        make: makes the record, and checks whether the person may.
        who: who opened the form; a token opens nothing of somebody else's.
        token: random, made as the form is opened.
        now: of storing.
    """
    session.execute(
        delete(StoredForm).where(
            StoredForm.user_id == who.user_id, StoredForm.stored_at < now - KEPT
        )
    )
    values = {"user_id": who.user_id, "token": token, "record_id": _BEING_MADE, "stored_at": now}
    claim = insert_into(StoredForm, dialect_of(session)).values(values).on_conflict_do_nothing()
    is_first = session.scalar(claim.returning(table_of(StoredForm).c.user_id)) is not None
    row = session.get_one(StoredForm, (who.user_id, token))
    if is_first:
        row.record_id = make()
    return row.record_id


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


def is_leased(session: Session, name: str, *, now: datetime) -> bool:
    """Whether somebody holds a task now."""
    lease = select(Lease).where(Lease.name == name, Lease.expires_at > now)
    return session.scalar(select(lease.exists())) or False


def return_lease(session: Session, name: str, *, holder: str) -> None:
    session.execute(delete(Lease).where(Lease.name == name, Lease.holder == holder))
