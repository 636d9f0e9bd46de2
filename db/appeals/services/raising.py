"""Appealing against a score of one's own, withdrawing the appeal, reading how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.appeals.deadlines import MOST_POINTS, WHOLE, Step
from core.appeals.states import APPEAL, AppealState
from core.clock.days import days_left, last_day
from core.errors import InvalidInput, not_found
from core.inspection.states import InspectionState
from core.safekeeping.masking import masked
from db.appeals.models import Appeal, AppealPoint
from db.appeals.queries.appeals import counted_from, terms
from db.appeals.rules import check_texts, locked, points_of, sheet_of
from db.inspection.models import Inspection
from db.people.models import Station
from db.store import audit, notices
from db.store.moving import move


def raise_appeal(
    session: Session,
    *,
    who: Identity,
    inspection_id: int,
    reasons: Mapping[str, str],
    now: datetime,
) -> int:
    """Contest an inspection of one's own work, once, within the days that are set.

    Args:
        reasons: why, by item key; WHOLE for the inspection as a whole.

    Returns:
        The id of the appeal; sent twice it is the first one's.

    Raises:
        InvalidInput: no reason, an item that was not asked, too late, or appealed before.
        NotFound: it is not a result of this person.
    """
    require(who, Action.APPEAL)
    inspection = _own(session, who, inspection_id)
    masked_reasons = _reasons(reasons)
    if (same := _earlier(session, inspection_id, masked_reasons)) is not None:
        return same
    _check_points(session, inspection, masked_reasons)
    zone = session.scalars(
        select(Station.timezone).where(Station.id == inspection.station_id)
    ).one()
    days = terms(session)
    last = last_day(counted_from(session, inspection), zone, days[Step.RAISE])
    if days_left(last, now, zone) < 0:
        raise InvalidInput("The days to appeal against this result are over.")
    due_on = last_day(now, zone, days[Step.DECIDE])
    appeal = Appeal(inspection_id=inspection_id, user_id=who.user_id, raised_at=now, due_on=due_on)
    session.add(appeal)
    session.flush()  # the points need its id
    session.add_all(
        AppealPoint(appeal_id=appeal.id, item_key=key, reason=why)
        for key, why in masked_reasons.items()
    )
    details: dict[str, Any] = {"inspection": inspection_id, "items": sorted(masked_reasons)}
    audit.record(session, who, "appeal", ("appeal", appeal.id), now=now, **details)
    return appeal.id


def withdraw_appeal(session: Session, *, who: Identity, appeal_id: int, now: datetime) -> None:
    """Take back one's own open appeal; the score stands. Repeating it changes nothing.

    Raises:
        OutOfTurn: it is no longer open.
        NotFound: it is not an appeal of this person.
    """
    require(who, Action.APPEAL)
    appeal, _inspection = locked(session, appeal_id)
    _check_own(who, appeal_id, appeal)
    if appeal.state != AppealState.WITHDRAWN:
        move(session, appeal, APPEAL.by("withdraw_appeal"), who=who, now=now)


def note_as_read(session: Session, *, who: Identity, appeal_id: int, now: datetime) -> None:
    """The person has read how their appeal ended; the first time counts.

    Raises:
        NotFound: it is not an appeal of this person.
    """
    require(who, Action.APPEAL)
    appeal = session.get(Appeal, appeal_id)
    _check_own(who, appeal_id, appeal)
    if notices.mark_read(session, APPEAL.kind, appeal_id, who=who, now=now):
        audit.record(session, who, "acknowledge", ("appeal", appeal_id), now=now)


def _check_own(who: Identity, appeal_id: int, appeal: Appeal | None) -> None:
    if appeal is None or appeal.user_id != who.user_id:
        raise not_found(
            "This appeal does not exist.",
            user_id=who.user_id,
            subject=("appeal", appeal_id),
            exists=appeal is not None,
        )


def _own(session: Session, who: Identity, inspection_id: int) -> Inspection:
    row = session.scalar(select(Inspection).where(Inspection.id == inspection_id).with_for_update())
    is_own = row and who.staff_id is not None and row.staff_id == who.staff_id
    if row is None or not is_own or row.purpose != "record":
        raise not_found(
            "This result is not yours.",
            user_id=who.user_id,
            subject=("inspection", inspection_id),
            exists=row is not None,
        )
    return row


def _reasons(reasons: Mapping[str, str]) -> dict[str, str]:
    masked_reasons = {key: masked(reason.strip()) for key, reason in reasons.items()}
    if not masked_reasons:
        raise InvalidInput("Name at least one item, or the whole result.")
    if len(masked_reasons) > MOST_POINTS:
        raise InvalidInput("Name at most {most} items, or the whole result.", most=MOST_POINTS)
    check_texts(masked_reasons.values(), "Give a reason for each point of the appeal.")
    return masked_reasons


def _earlier(session: Session, inspection_id: int, reasons: Mapping[str, str]) -> int | None:
    """The id of the same appeal when it was sent before; None where there is none yet."""
    about = or_(Appeal.inspection_id == inspection_id, Appeal.new_inspection_id == inspection_id)
    appeal = session.scalars(select(Appeal).where(about)).first()
    if appeal is None:
        return None
    points = points_of(session, appeal.id)
    same = {key: point.reason for key, point in points.items()} == reasons
    if same and appeal.state == AppealState.OPEN:
        return appeal.id
    raise InvalidInput("A result can be appealed once, and this one was.")


def _check_points(session: Session, inspection: Inspection, reasons: Mapping[str, str]) -> None:
    if inspection.state != InspectionState.VALID:
        raise InvalidInput("This result was amended or voided and no longer counts.")
    item_keys = {
        item.key for item in sheet_of(session, inspection).items if item.status != "hidden"
    }
    if unknown := set(reasons) - item_keys - {WHOLE}:
        raise InvalidInput("Not part of this result: {items}.", items=", ".join(sorted(unknown)))
