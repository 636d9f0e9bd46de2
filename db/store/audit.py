"""Writing to the audit log; every service that changes or shows personal data calls this."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import Refused
from core.safekeeping.masking import masked
from db.store.base import table_of
from db.store.events import Published, publish
from db.store.models import AuditEvent
from db.store.session import transaction

_NO_CHANGE = frozenset(
    {
        *("view", "preview", "listen", "print", "present", "export", "unmask"),
        *("sign_in", "sign_in_refused", "new_browser", "use_key", "refuse_key"),
    }
)
"""Deeds that are logged only: nothing is another afterwards."""


def record(
    session: Session,
    who: Identity | None,
    action: str,
    subject: tuple[str, object],
    *,
    now: datetime,
    reason: str = "",
    **details: Any,  # noqa: ANN401  any JSON value
) -> None:
    """As `record_all`, of one record; `subject` is (kind, id)."""
    kind, record_id = subject
    record_all(session, who, action, (kind, [record_id]), now=now, reason=reason, **details)


def record_all(
    session: Session,
    who: Identity | None,
    action: str,
    subjects: tuple[str, Sequence[object]],
    *,
    now: datetime,
    reason: str = "",
    **details: Any,  # noqa: ANN401  any JSON value
) -> None:
    """Append an entry for each record of a kind, and publish what was done as one event.

    Details hold field names, never clear values. What people write as a reason is masked like a
    transcript.

    Args:
        subjects: the kind of the records and their ids.
    """
    kind, ids = subjects
    facts = {
        "at": now,
        "user_id": who.user_id if who else None,
        "action": action,
        "reason": masked(reason),
        "details": details,
    }
    _append(session, [(kind, record_id) for record_id in ids], **facts)
    if action not in _NO_CHANGE:
        event = Published(kind=kind, deed=action, ids=tuple(ids), who=who, now=now)
        publish(session, event, **details)


@contextmanager
def refusals_noted(engine: Engine, clock: Callable[[], datetime]) -> Iterator[None]:
    """Note whoever is kept out by the block; once, however deep such blocks lie."""
    try:
        yield
    except Refused as error:
        if not error.noted:
            error.noted = True
            facts = {"at": clock(), "user_id": error.user_id, "action": "refuse"}
            with transaction(engine) as session:
                _append(session, [error.subject], **facts, reason="", details={})
        raise


def _append(session: Session, subjects: Sequence[tuple[str, object]], **facts: object) -> None:
    rows = [
        {"object_type": kind, "object_id": str(record_id), **facts} for kind, record_id in subjects
    ]
    session.execute(insert(table_of(AuditEvent)), rows)
