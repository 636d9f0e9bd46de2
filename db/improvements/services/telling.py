"""Telling people that an action is due soon, late, or can be judged; late ones step up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.access import Role
from core.clock.days import day_of
from core.improvements.stages import Stage, stage_of
from core.improvements.states import IMPROVEMENT, TO_DO, ImprovementState
from db.improvements.models import Improvement
from db.people.models import Station, User
from db.people.services.identities import role_holders
from db.store import notices

_WATCHED = sorted({*TO_DO, ImprovementState.CARRIED_OUT})


def tell_of_improvements(session: Session, *, now: datetime) -> int:
    """Write the notices that are due, of each stage once; how many there were."""
    query = (
        select(Improvement, Station.timezone)
        .join(Station, Station.id == Improvement.station_id)
        .where(Improvement.state.in_(_WATCHED))
        .order_by(Improvement.id)
    )
    count = 0
    for row, zone in session.execute(query).all():
        today = day_of(now, zone)
        stage = stage_of(row.state, due_on=row.due_on, look_on=row.look_on, today=today)
        if stage is not None and _is_first(session, row, stage):
            subject = (IMPROVEMENT.kind, row.id)
            count += notices.tell(session, subject, stage, _readers(session, row, stage), now=now)
    return count


def _is_first(session: Session, row: Improvement, stage: Stage) -> bool:
    """Whether nobody was told of this stage yet; from now on somebody was."""
    claim = update(Improvement).where(Improvement.id == row.id, Improvement.told != stage)
    return session.scalar(claim.values(told=stage.value).returning(Improvement.id)) is not None


def _readers(session: Session, row: Improvement, stage: Stage) -> Collection[int]:
    """The owner; a week on the station's managers too; at last those of quality.

    An owner who has left is replaced by the station's managers at once.
    """
    quality = role_holders(session, Role.QUALITY_MANAGER, None)
    if stage is Stage.ESCALATED:
        return quality
    managers = role_holders(session, Role.STATION_MANAGER, row.station_id)
    if stage is Stage.TO_JUDGE:
        return _active(session, row.agreed_by) or managers or quality
    owner = _active(session, row.owner_id)
    if stage is Stage.LATE_AT_STATION:
        return owner | (managers or quality)
    return owner or managers or quality


def _active(session: Session, user_id: int | None) -> set[int]:
    return set(session.scalars(select(User.id).where(User.id == user_id, User.active)))
