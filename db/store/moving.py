"""Moving a record from one state to the next: the right, the table of states, the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from core.access import Identity, require
from core.errors import InvalidInput
from core.states import Move
from db.store import audit


class Stateful(Protocol):
    """A row that has states; `ended_at`, where the table has it, is set by the last one."""

    id: Any
    state: Any


def move(
    session: Session,
    record: Stateful,
    by: Move,
    *,
    who: Identity | None,
    now: datetime,
    reason: str = "",
    **details: Any,  # noqa: ANN401  any JSON value
) -> None:
    """Move a record by a deed of its table of states, and log it.

    The state is read again under a lock, so that of two deeds at the same moment the second meets
    what the first has left. What else must stand still meanwhile is locked before.

    Args:
        who: the person; None where the portal does it.
        reason: masked in the log, like all reasons.

    Raises:
        NotAllowed: the person lacks the right that the deed asks for.
        InvalidInput: the deed asks for a reason, and there is none.
        StaleEdit: the record is in a state that the deed does not lead from.
    """
    if by.deed.action is not None and who is not None:
        require(who, by.deed.action)
    if by.deed.needs_reason and not reason.strip():
        raise InvalidInput("Give a reason.")
    session.flush()  # reading the state again must not lose what is changed besides
    session.refresh(record, ["state"], with_for_update=True)
    by.check(record.state)
    record.state = by.target.value
    if by.target in by.states.ends and hasattr(record, "ended_at"):
        record.ended_at = now
    session.flush()
    if len(by.deed.targets) > 1:
        details |= {"outcome": record.state}
    subject = (by.states.kind, record.id)
    audit.record(session, who, by.deed.name, subject, now=now, reason=reason, **details)
