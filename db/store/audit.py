"""Writing to the audit log; every service that changes or shows personal data calls this."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from core.access import Identity
from core.errors import Refused
from core.safekeeping.masking import masked
from db.store.base import table_of
from db.store.models import AuditEvent
from db.store.session import transaction


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
    """Append one event. `subject` is (kind, id); details hold field names, never clear values.

    What people write as a reason is masked like a transcript.
    """
    _append(
        session,
        subject,
        at=now,
        user_id=who.user_id if who else None,
        action=action,
        reason=masked(reason),
        details=details,
    )


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
                _append(session, error.subject, **facts, reason="", details={})
        raise


def _append(session: Session, subject: tuple[str, object], **facts: object) -> None:
    object_type, object_id = subject
    session.execute(
        insert(table_of(AuditEvent)).values(
            object_type=object_type, object_id=str(object_id), **facts
        )
    )
