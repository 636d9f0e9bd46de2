"""A scored person's word that a result was seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import NotFound, Withheld
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
    if inspection is None:
        raise NotFound("This result is not yours.")
    if who.staff_id is None or inspection.staff_id != who.staff_id:
        subject = ("inspection", inspection_id)
        raise Withheld("This result is not yours.", user_id=who.user_id, wanted=subject)
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
