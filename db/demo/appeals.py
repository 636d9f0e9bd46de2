"""The demo's appeals: one that waits, one that is late, and some that were decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.inspection.states import InspectionState
from db.appeals.services.decisions import decide_appeal
from db.appeals.services.raising import note_as_read, raise_appeal
from db.inspection.models import Finding, Inspection
from db.people.models import User
from db.people.services.identities import identity_of

_SCORED, _DECIDER = "staff", "quality"
_LOST = ({"value": "no"}, {"value": "no_with_loss"})
_MET = {"value": "yes"}
_SOON, _LATE = timedelta(days=2), timedelta(days=12)
_TO_DECIDE = timedelta(days=5)
_REASON = "這一項我有做到，請再看一次對話開頭的幾句。"
_KEPT = "重新看過全程，對話中沒有這一步，維持原評分。"
_CHANGED = "重新看過全程，這一步在較後面的對話裡，原評分漏看，予以更正。"
_DECIDED = (True, False, False, True, False, True)
"""Whether each of the decided ones changed the score, the newest first."""


def load_appeals(session: Session, *, now: datetime) -> None:
    """Appeal and decide through the services; the newest result is left to be appealed.

    Of the decided ones the newest is left to be read.
    """
    who, decider = (
        identity_of(session, session.scalars(select(User).filter_by(username=name)).one())
        for name in (_SCORED, _DECIDER)
    )
    rows = islice(_contestable(session, who), 1, None)
    for late, (inspection, key) in zip((True, False), rows, strict=False):
        raised_at = inspection.submitted_at + (_LATE if late else _SOON)
        _raise(session, who, inspection.id, key, min(raised_at, now))
    for number, (changed, (inspection, key)) in enumerate(zip(_DECIDED, rows, strict=False)):
        raised_at = min(inspection.submitted_at + _SOON, now)
        appeal_id = _raise(session, who, inspection.id, key, raised_at)
        decide_appeal(
            session,
            who=decider,
            appeal_id=appeal_id,
            answers=inspection.answers | ({key: _MET} if changed else {}),
            decisions={key: _CHANGED if changed else _KEPT},
            now=min(raised_at + _TO_DECIDE, now),
        )
        if number:
            note_as_read(session, who=who, appeal_id=appeal_id, now=now)


def _contestable(session: Session, who: Identity) -> Iterator[tuple[Inspection, str]]:
    """The person's results, newest first, each with the item that lost most by a plain no."""
    results = session.scalars(
        select(Inspection)
        .where(
            Inspection.staff_id == who.staff_id,
            Inspection.purpose == "record",
            Inspection.state == InspectionState.VALID,
        )
        .order_by(Inspection.submitted_at.desc())
    ).all()
    for row in results:
        lost = select(Finding.item_key).where(Finding.inspection_id == row.id)
        for key in session.scalars(lost.order_by(Finding.points_lost.desc(), Finding.item_key)):
            if row.answers.get(key) in _LOST:
                yield row, key
                break


def _raise(
    session: Session, who: Identity, inspection_id: int, key: str, raised_at: datetime
) -> int:
    return raise_appeal(
        session, who=who, inspection_id=inspection_id, reasons={key: _REASON}, now=raised_at
    )
