"""Who may own an action: people at work whose role carries actions out."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.access import PERMISSIONS, Action, Identity, Role, require
from core.errors import InvalidInput
from db.people.models import User, UserRole
from db.people.queries.shown_texts import known_by_name
from db.people.services.identities import stations_above

_OWNING = [role.value for role in Role if Action.OWN_ACTIONS in PERMISSIONS[role]]


class Owner(NamedTuple):
    user_id: int
    name: str


def possible_owners(session: Session, who: Identity, station_id: int) -> list[Owner]:
    """Whom an action of a station can be given to, by name: those of the station, and of all.

    Raises:
        NotAllowed: the role plans no actions.
    """
    require(who, Action.PLAN_ACTIONS)
    return _owners(session, station_id, known_by_name(who))


def check_owner(session: Session, owner_id: int, station_id: int) -> None:
    """Refuse an account that cannot own an action of a station.

    Raises:
        InvalidInput: it is not active, or its role carries no actions out there.
    """
    if not _owners(session, station_id, User.id == owner_id):
        raise InvalidInput("This account cannot own the action: choose somebody else.")


def _owners(session: Session, station_id: int, which: ColumnElement[bool]) -> list[Owner]:
    top = UserRole.station_id
    reaching = or_(top.is_(None), top.in_(stations_above(session, station_id)))
    query = (
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, UserRole.role.in_(_OWNING), reaching, which)
        .distinct()
        .order_by(User.name, User.id)
    )
    return [Owner(user_id=user_id, name=name) for user_id, name in session.execute(query)]
