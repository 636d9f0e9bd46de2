"""Writing to the audit log; every service that changes or shows personal data calls this."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.access import Identity
from db.models import AuditEvent, table_of


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
    """Append one event. `subject` is (kind, id); details hold field names, never clear values."""
    object_type, object_id = subject
    session.execute(
        insert(table_of(AuditEvent)).values(
            at=now,
            user_id=who.user_id if who else None,
            action=action,
            object_type=object_type,
            object_id=str(object_id),
            reason=reason,
            details=details,
        )
    )
