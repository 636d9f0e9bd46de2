"""The active accounts with a role, everywhere or for one station."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Role
from db.people.models import Station, User, UserRole


def role_holders(session: Session, role: Role, station_id: int | None) -> set[int]:
    """The ids of active accounts with a role; of a station, those whose tree it is in."""
    query = (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, UserRole.role == role.value)
    )
    if station_id is not None:
        query = query.where(UserRole.station_id.in_(stations_above(session, station_id)))
    return set(session.scalars(query))


def stations_above(session: Session, station_id: int) -> frozenset[int]:
    """The ids of a station and of all it lies below: the tops of the trees that it is in."""
    above = select(Station.id, Station.parent_id).where(Station.id == station_id)
    tree = above.cte("above", recursive=True)
    tree = tree.union(select(Station.id, Station.parent_id).where(Station.id == tree.c.parent_id))
    return frozenset(session.scalars(select(tree.c.id)))
