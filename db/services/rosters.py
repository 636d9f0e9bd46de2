"""Opening the list of a run: who reads names of staff is in the audit log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Identity
from db import audit
from db.queries.training import Participant, roster


def open_roster(
    session: Session, *, who: Identity, run_id: int, now: datetime
) -> tuple[Participant, ...]:
    """The people of a run, and the note that this person saw them.

    Raises:
        NotFound: there is no such run.
    """
    found = roster(session, who, run_id)
    audit.record(session, who, "view", ("training_run", run_id), now=now, people=len(found))
    return found
