"""Moving records from one state to the next: the right, the table of states, the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from core.access import Identity
from core.states import Move, Trace
from db.store import audit, notices
from db.store.base import Model, table_of


class Records(NamedTuple):
    """Rows of one kind; `about`, (kind, ids), is what the log names instead: what came of them."""

    model: type[Model]
    ids: Sequence[int]
    about: tuple[str, Sequence[object]] | None = None


def move(
    session: Session,
    record: Model,
    by: Move,
    *,
    who: Identity | None,
    now: datetime,
    reason: str = "",
    **details: Any,  # noqa: ANN401  any JSON value
) -> None:
    """As `move_all`, of one record."""
    one = Records(type(record), identity_key(instance=record)[1])
    move_all(session, one, by, who=who, now=now, reason=reason, **details)


def move_all(
    session: Session,
    records: Records,
    by: Move,
    *,
    who: Identity | None,
    now: datetime,
    reason: str = "",
    **details: Any,  # noqa: ANN401  any JSON value
) -> None:
    """Move records of a kind by a deed of its table of states; all of them or none.

    In the same transaction the log gets a line for each, whoever reads of events one event, and the
    owners a notice where the deed says so; a deed that leaves nothing stands in its record alone.

    A record moves only while it is in a state that the deed leads from, so that of two deeds at
    the same moment the second meets what the first has left. What else must stand still meanwhile
    is locked before. `ended_at`, where the table has it, is set by a deed that leads to an end.

    Args:
        who: the person; None where the portal does it.
        reason: masked in the log, like all reasons.

    Raises:
        NotAllowed: the person lacks the right that the deed asks for.
        InvalidInput: the deed asks for a reason, and there is none.
        OutOfTurn: a record is in a state that the deed does not lead from.
    """
    by.permit(who, reason)
    _set_state(session, records, by, now)
    if by.deed.leaves is Trace.NOTHING:
        return
    if len(by.deed.targets) > 1:
        details |= {"outcome": by.target}
    subjects = records.about or (by.states.kind, records.ids)
    audit.record_all(session, who, by.deed.name, subjects, now=now, reason=reason, **details)
    if by.deed.leaves is Trace.NOTICE:
        notices.write(session, records.model, records.ids, by, who=who, now=now)


def _set_state(session: Session, records: Records, by: Move, now: datetime) -> None:
    table, ids = table_of(records.model), sorted(records.ids)
    these = table.c.id.in_(bindparam("ids", ids, expanding=True))
    if len(ids) > 1:  # in one order, so that two who move several do not wait for each other
        session.execute(select(table.c.id).where(these).order_by(table.c.id).with_for_update())
    changed: dict[str, Any] = {"state": by.target}
    if by.target in by.states.ends and "ended_at" in table.c:
        changed["ended_at"] = now
    moving = update(table).where(these, table.c.state.in_(sorted(by.deed.sources)))
    moved = set(session.scalars(moving.values(changed).returning(table.c.id)))
    if late := sorted(set(ids) - moved):
        state = select(table.c.state).where(table.c.id == late[0])
        raise by.refused(session.scalars(state).one())
    for record_id in ids:
        record = session.identity_map.get(identity_key(records.model, record_id))
        for name, value in changed.items() if record is not None else ():
            set_committed_value(record, name, value)
