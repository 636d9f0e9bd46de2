"""Who somebody is to the rest of the portal: roles, how far they reach, and who holds one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.access import Identity, Role
from db.people.models import Staff, Station, User, UserRole


def identity_of(session: Session, user: User) -> Identity:
    held = [(role.role, role.station_id) for role in user.roles]
    team = select(Staff.station_id).where(Staff.id == user.staff_id)
    return identity_from(session, user, held, team_id=session.scalar(team))


def identity_from(
    session: Session,
    person: User | Row[*tuple[Any, ...]],
    held: Sequence[tuple[str, int | None]],
    *,
    team_id: int | None,
    owes_codes: bool = False,
) -> Identity:
    """`held` are the roles, each with the station it is confined to."""
    tops = [station_id for _role, station_id in held if station_id is not None]
    return Identity(
        user_id=person.id,
        username=person.username,
        name=person.name,
        roles=frozenset(Role(role) for role, _top in held),
        language=person.language,
        staff_id=person.staff_id,
        station_ids=subtree(session, tops) if tops else None,
        team_id=team_id,
        owes_codes=owes_codes,
    )


def is_same_person(session: Session, who: Identity, user_id: int) -> bool:
    """Whether an account is the person's: this one, or another of the same member of staff."""
    if who.user_id == user_id or who.staff_id is None:
        return who.user_id == user_id
    return session.scalar(select(User.staff_id).where(User.id == user_id)) == who.staff_id


def subtree(session: Session, tops: list[int]) -> frozenset[int]:
    """The ids of some stations and everything below them."""
    tree = select(Station.id).where(Station.id.in_(tops)).cte("tree", recursive=True)
    tree = tree.union(select(Station.id).where(Station.parent_id == tree.c.id))
    return frozenset(session.scalars(select(tree.c.id)))


def stations_above(session: Session, station_id: int) -> frozenset[int]:
    """The ids of a station and of all it lies below: the tops of the trees that it is in."""
    above = select(Station.id, Station.parent_id).where(Station.id == station_id)
    tree = above.cte("above", recursive=True)
    tree = tree.union(select(Station.id, Station.parent_id).where(Station.id == tree.c.parent_id))
    return frozenset(session.scalars(select(tree.c.id)))


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
