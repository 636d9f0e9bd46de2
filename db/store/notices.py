"""Telling the owner of a record what somebody else did to it, in the transaction of the deed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core.access import Identity
from core.states import Move
from db.store.base import Model, table_of
from db.store.models import Notice


def write(
    session: Session,
    model: type[Model],
    ids: Sequence[int],
    by: Move,
    *,
    who: Identity | None,
    now: datetime,
) -> None:
    """A notice for the owner of each record, except for what the owner did."""
    table = table_of(model)
    owner = table.c[by.states.owner]
    owned = select(table.c.id, owner).where(table.c.id.in_(ids), owner.is_not(None))
    doer = who.user_id if who else None
    common = {"kind": by.states.kind, "deed": by.deed.name, "at": now}
    rows = [
        common | {"record_id": record_id, "user_id": user_id}
        for record_id, user_id in session.execute(owned.order_by(table.c.id))
        if user_id != doer
    ]
    if rows:
        session.execute(insert(Notice), rows)


def tell(
    session: Session,
    subject: tuple[str, int],
    what: str,
    user_ids: Iterable[int],
    *,
    now: datetime,
) -> int:
    """A notice for some people of what a record has come to; how many. `subject` is (kind, id)."""
    kind, record_id = subject
    common = {"kind": kind, "record_id": record_id, "deed": what, "at": now}
    rows = [common | {"user_id": user_id} for user_id in sorted(set(user_ids))]
    if rows:
        session.execute(insert(Notice), rows)
    return len(rows)


def mark_read(session: Session, kind: str, record_id: int, *, who: Identity, now: datetime) -> bool:
    """The person has read what was done to a record; whether there was something unread."""
    here = (Notice.user_id == who.user_id, Notice.kind == kind, Notice.record_id == record_id)
    unread = update(Notice).where(*here, Notice.seen_at.is_(None)).values(seen_at=now)
    return session.scalars(unread.returning(Notice.id)).first() is not None
