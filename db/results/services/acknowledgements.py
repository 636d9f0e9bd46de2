"""A scored person's word that a result was seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import not_found
from core.safekeeping.masking import masked
from db.inspection.models import Acknowledgement, Inspection
from db.store import audit


def acknowledge(
    session: Session, *, who: Identity, inspection_id: int, comment: str, now: datetime
) -> None:
    """The scored person confirms having seen the result; repeating it keeps the first.

    Raises:
        NotFound: it is not a result of this person.
    """
    require(who, Action.SEE_OWN_RESULTS)
    inspection = session.get(Inspection, inspection_id)
    is_own = inspection and who.staff_id is not None and inspection.staff_id == who.staff_id
    if inspection is None or not is_own:
        raise not_found(
            "This result is not yours.",
            user_id=who.user_id,
            subject=("inspection", inspection_id),
            exists=inspection is not None,
        )
    if session.get(Acknowledgement, inspection_id) is None:
        session.add(
            Acknowledgement(
                inspection_id=inspection_id,
                user_id=who.user_id,
                at=now,
                comment=masked(comment.strip()),
            )
        )
        audit.record(session, who, "acknowledge", ("inspection", inspection_id), now=now)
