"""Who gets a warning at first, and who is told when nobody takes it or a delay is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from core.access import Role
from core.clock.days import day_of
from core.warning.states import WARNING, WarningState
from core.warning.terms import Reminder, take_by
from db.people.models import Station, User
from db.people.services.identities import role_holders
from db.store import notices
from db.warning.models import EarlyWarning

_WATCHED = sorted((WarningState.RAISED, WarningState.TAKEN))


def first_owner(session: Session, warning: EarlyWarning, usual: int | None) -> int | None:
    """Whose a raised warning is until somebody takes it: one person's, or nobody's.

    Of the owner it has, the rule's, and the only manager of the station the first that is at work.
    """
    for user_id in (warning.owner_id, usual):
        if _active(session, user_id):
            return user_id
    managers = role_holders(session, Role.STATION_MANAGER, warning.station_id)
    return next(iter(managers)) if len(managers) == 1 else None


def tell_of_raised(session: Session, warning: EarlyWarning, deed: str, *, now: datetime) -> None:
    """Set by when it is to be taken; where it has no owner tell all who may take it."""
    zone = session.get_one(Station, warning.station_id).timezone
    warning.due_on = take_by(day_of(now, zone))
    if warning.owner_id is None:
        managers = role_holders(session, Role.STATION_MANAGER, warning.station_id)
        readers = managers or role_holders(session, Role.QUALITY_MANAGER, None)
        notices.tell(session, (WARNING.kind, warning.id), deed, readers, now=now)


def tell_of_warnings(session: Session, *, now: datetime) -> int:
    """Tell of those that nobody took in time, and whose delay is over; once. How many notices."""
    table = EarlyWarning
    query = (
        select(table, Station.timezone)
        .join(Station, Station.id == table.station_id)
        .where(table.state.in_(_WATCHED), table.due_on.is_not(None))
        .where(or_(table.state == WarningState.RAISED, table.is_put_off))
        .order_by(table.id)
    )
    count = 0
    for row, zone in session.execute(query).all():
        today = day_of(now, zone)
        assert row.due_on is not None
        is_due = today > row.due_on if row.state == WarningState.RAISED else today >= row.due_on
        if not is_due:
            continue
        is_raised = row.state == WarningState.RAISED
        what = Reminder.NOT_TAKEN if is_raised else Reminder.PUT_OFF_OVER
        if _is_first(session, row, what):
            readers = _readers(session, row, what)
            count += notices.tell(session, (WARNING.kind, row.id), what, readers, now=now)
    return count


def _active(session: Session, user_id: int | None) -> set[int]:
    """The account, if it is there and at work."""
    return set(session.scalars(select(User.id).where(User.id == user_id, User.active)))


def _is_first(session: Session, row: EarlyWarning, what: Reminder) -> bool:
    """Whether nobody was told of this yet; from now on somebody was."""
    claim = update(EarlyWarning).where(EarlyWarning.id == row.id, EarlyWarning.told != what)
    return session.scalar(claim.values(told=what.value).returning(EarlyWarning.id)) is not None


def _readers(session: Session, row: EarlyWarning, what: Reminder) -> Collection[int]:
    """The next above of what nobody took; else the owner, and the managers for one who has left."""
    quality = role_holders(session, Role.QUALITY_MANAGER, None)
    if what is Reminder.NOT_TAKEN:
        return quality
    managers = role_holders(session, Role.STATION_MANAGER, row.station_id)
    return _active(session, row.owner_id) or managers or quality
