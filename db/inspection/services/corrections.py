"""Asking for the correction of an inspection of one's own, when it cannot be taken back any more.

Whoever changes a request locks the inspection's row first, as amending does, so that a request
and an amendment come one after the other.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require, visible_stations
from core.clock.days import last_day
from core.errors import InvalidInput, NotFound, not_found
from core.inspection.states import CORRECTION, INSPECTION, CorrectionState
from core.safekeeping.masking import masked
from db.inspection.models import CorrectionRequest, Inspection
from db.inspection.queries.own_work import refuse_own
from db.inspection.queries.scored import touched
from db.people.models import Station
from db.people.staff_list import log_reason
from db.store import audit, notices
from db.store.moving import move

LONGEST_WORDS = 1000
DAYS_TO_ANSWER = 7


def ask_for_correction(
    session: Session,
    *,
    who: Identity,
    inspection_id: int,
    words: str,
    within: timedelta,
    now: datetime,
) -> int:
    """Say what is wrong with an inspection of one's own.

    Args:
        within: how long after submitting it can be taken back instead.

    Returns:
        The id of the request; sent twice it is the first one's.

    Raises:
        InvalidInput: no words, too many, another request is open, or it can still be taken back.
        OutOfTurn: the inspection was amended or voided.
        NotFound: it is somebody else's.
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    inspection = _own_inspection(session, who, inspection_id)
    text = _checked(words, "Say what is wrong.")
    still_open = session.scalars(
        select(CorrectionRequest).where(
            CorrectionRequest.inspection_id == inspection_id,
            CorrectionRequest.state == CorrectionState.OPEN,
        )
    ).first()
    if still_open is not None and still_open.words == text:
        return still_open.id
    if still_open is not None:
        raise InvalidInput("A correction of this inspection is asked for already.")
    INSPECTION.by("amend").check(inspection.state)
    fresh = inspection.assignment_id is not None and now - inspection.submitted_at <= within
    if fresh and not touched(session, who, [inspection_id]):
        raise InvalidInput("You can still take this back and correct it yourself.")
    zone = session.scalars(
        select(Station.timezone).where(Station.id == inspection.station_id)
    ).one()
    request = CorrectionRequest(
        inspection_id=inspection_id,
        user_id=who.user_id,
        words=text,
        asked_at=now,
        due_on=last_day(now, zone, DAYS_TO_ANSWER),
    )
    session.add(request)
    session.flush()  # the log names its id
    subject = (CORRECTION.kind, request.id)
    audit.record(session, who, "ask_correction", subject, now=now, inspection=inspection_id)
    return request.id


def withdraw_correction(session: Session, *, who: Identity, request_id: int, now: datetime) -> None:
    """Take back one's own open request. Repeating it changes nothing.

    Raises:
        OutOfTurn: it is no longer open.
        NotFound: it is not a request of this person.
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    request, _inspection = _locked(session, who, request_id)
    _check_own(who, request)
    if request.state != CorrectionState.WITHDRAWN:
        move(session, request, CORRECTION.by("withdraw_correction"), who=who, now=now)


def decline_correction(
    session: Session, *, who: Identity, request_id: int, reason: str, now: datetime
) -> None:
    """Leave the inspection as it is, and say why. Repeating it with the same words changes nothing.

    Whoever follows a request amends or voids the inspection, which ends it.

    Raises:
        InvalidInput: no reason, or one that is too long.
        OutOfTurn: it is no longer open.
        NotAllowed: it is the person's own scoring or work, or the role may not amend.
        NotFound: there is no such request at the person's stations.
    """
    by = CORRECTION.by("decline_correction")
    by.permit(who, reason)
    answer = _checked(reason, "Give a reason.")
    request, inspection = _locked(session, who, request_id)
    stations = visible_stations(who, Action.AMEND)
    if stations is not None and inspection.station_id not in stations:
        raise _no_such(who, request_id, exists=True)
    refuse_own(session, who, inspection)
    if request.state == CorrectionState.DECLINED and request.answer == answer:
        return
    by.check(request.state)
    request.answer = answer
    logged_reason = log_reason(session, inspection.staff_id, answer)
    move(session, request, by, who=who, now=now, reason=logged_reason)


def note_correction_read(
    session: Session, *, who: Identity, request_id: int, now: datetime
) -> None:
    """The person has read what became of their request; the first time counts.

    Raises:
        NotFound: it is not a request of this person.
        NotAllowed: the role does not score.
    """
    require(who, Action.SCORE)
    request = session.get(CorrectionRequest, request_id)
    if request is None:
        raise _no_such(who, request_id, exists=False)
    _check_own(who, request)
    if notices.mark_read(session, CORRECTION.kind, request_id, who=who, now=now):
        audit.record(session, who, "acknowledge", (CORRECTION.kind, request_id), now=now)


def _checked(words: str, lacking: str) -> str:
    text = masked(words.strip())
    if not text:
        raise InvalidInput(lacking)
    if len(text) > LONGEST_WORDS:
        raise InvalidInput("A reason has at most {most} characters.", most=LONGEST_WORDS)
    return text


def _own_inspection(session: Session, who: Identity, inspection_id: int) -> Inspection:
    row = session.scalar(select(Inspection).where(Inspection.id == inspection_id).with_for_update())
    if row is None or row.inspector_id != who.user_id:
        raise not_found(
            "This inspection is none of yours.",
            user_id=who.user_id,
            subject=("inspection", inspection_id),
            exists=row is not None,
        )
    return row


def _locked(
    session: Session, who: Identity, request_id: int
) -> tuple[CorrectionRequest, Inspection]:
    """A request and its inspection, held until the transaction ends."""
    about = select(CorrectionRequest.inspection_id).where(CorrectionRequest.id == request_id)
    inspection_id = session.scalar(about)
    if inspection_id is None:
        raise _no_such(who, request_id, exists=False)
    inspection = session.scalars(
        select(Inspection).where(Inspection.id == inspection_id).with_for_update()
    ).one()
    return session.get_one(CorrectionRequest, request_id, populate_existing=True), inspection


def _check_own(who: Identity, request: CorrectionRequest) -> None:
    if request.user_id != who.user_id:
        raise _no_such(who, request.id, exists=True)


def _no_such(who: Identity, request_id: int, *, exists: bool) -> NotFound:
    return not_found(
        "This request does not exist.",
        user_id=who.user_id,
        subject=(CORRECTION.kind, request_id),
        exists=exists,
    )
