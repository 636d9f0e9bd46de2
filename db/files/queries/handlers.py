"""Who works on the files of which stations."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.access import PERMISSIONS, Action, Identity, Role, Scope, require, visible_stations
from db.files.queries.sight import SeenStation, seen_station
from db.people.models import Station, User, UserRole
from db.people.services.identities import subtree

_EVERYWHERE = [role for role in Role if PERMISSIONS[role].get(Action.WORK_FILES) is Scope.ALL]
_AT_STATIONS = [role for role in Role if PERMISSIONS[role].get(Action.WORK_FILES) is Scope.SUBTREE]


def handlers(session: Session, who: Identity, station_ids: Iterable[int]) -> dict[int, str]:
    """The accounts to which files of all these stations may be handed, by name.

    Raises:
        NotAllowed: the role does not work on files.
    """
    require(who, Action.WORK_FILES)
    return handlers_of(session, station_ids)


def handlers_of(session: Session, station_ids: Iterable[int]) -> dict[int, str]:
    """As `handlers`, for a service that has asked."""
    rows = session.execute(
        select(User.id, User.name, UserRole.role, UserRole.station_id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            User.active,
            or_(UserRole.role.in_(_EVERYWHERE), UserRole.role.in_(_AT_STATIONS)),
        )
        .order_by(User.name, User.id)
    ).all()
    stations = frozenset(station_ids)
    trees = {
        top: subtree(session, [top])
        for top in {row.station_id for row in rows if row.role in _AT_STATIONS} - {None}
    }
    return {
        row.id: row.name
        for row in rows
        if row.role in _EVERYWHERE or stations <= trees.get(row.station_id, frozenset())
    }


def worked_stations(session: Session, who: Identity) -> list[SeenStation]:
    """The stations on whose files the person works, by code; places without customers left out.

    Raises:
        NotAllowed: the role does not work on files.
    """
    stations = visible_stations(who, Action.WORK_FILES)
    query = select(Station).where(Station.active, Station.kind != "head_office")
    if stations is not None:
        query = query.where(Station.id.in_(stations))
    rows = session.scalars(query.order_by(Station.code))
    return [seen_station(row) for row in rows]
