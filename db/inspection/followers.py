"""Requests for a correction follow their inspection: what was corrected needs no answer."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.inspection.states import CORRECTION, CorrectionState
from db.inspection.models import CorrectionRequest
from db.store.events import Published, follows
from db.store.moving import Records, move_all


@follows("inspection", "amend", "void", "reimport")
def end_as_made(session: Session, event: Published) -> None:
    """Whatever was changed, for this request or without knowing of it, is to be read anew."""
    _end(session, event, "make_correction")


@follows("inspection", "recall")
def end_as_withdrawn(session: Session, event: Published) -> None:
    """Who takes an inspection back corrects it without others."""
    _end(session, event, "withdraw_correction")


def _end(session: Session, event: Published, deed: str) -> None:
    open_requests = select(CorrectionRequest.id).where(
        CorrectionRequest.inspection_id.in_(event.ids),
        CorrectionRequest.state == CorrectionState.OPEN,
    )
    if ids := session.scalars(open_requests.order_by(CorrectionRequest.id)).all():
        requests = Records(CorrectionRequest, ids)
        move_all(session, requests, CORRECTION.by(deed), who=event.who, now=event.now)
