"""Opening a case: every reading of an encounter is in the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from core.access import Identity
from db import audit
from db.queries.case import CaseView, case


def open_case(
    session: Session,
    *,
    who: Identity,
    inspection_id: int,
    now: datetime,
    how: Literal["view", "preview", "print"] = "view",
) -> CaseView:
    """A case, and the note that this person saw it.

    Raises:
        NotFound: it does not exist, or lies outside what the person may see.
    """
    found = case(session, who, inspection_id)
    audit.record(session, who, how, ("inspection", inspection_id), now=now)
    return found
