"""Stations, staff and users as lists for pages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Role, require, visible_stations
from core.i18n import pick
from core.text.textfold import fold
from db.people.models import Staff, Station, User, UserRole
from db.people.staff_fields import StaffRow, staff_row


@dataclass(frozen=True)
class StationRow:
    """A station with its place in the tree; `depth` is 0 at the top."""

    id: int
    code: str
    names: dict[str, str]
    kind: str
    region: str
    parent_id: int | None
    timezone: str
    active: bool
    depth: int

    def name(self, language: str) -> str:
        return pick(self.names, language)


class FoundPerson(NamedTuple):
    """A scored person whose name the reader may know; `station` is a code."""

    staff_id: int
    staff_no: str
    name: str
    station: str


@dataclass(frozen=True)
class UserRow:
    id: int
    username: str
    name: str
    roles: frozenset[Role]
    station_id: int | None
    staff_id: int | None
    region: str
    language: str | None
    active: bool


def stations(session: Session) -> list[StationRow]:
    """Every station, each below its parent, siblings by code."""
    rows = session.scalars(select(Station).order_by(Station.code)).all()
    children: dict[int | None, list[Station]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    ordered: list[StationRow] = []
    waiting = [(row, 0) for row in reversed(children.get(None, []))]
    while waiting:
        row, depth = waiting.pop()
        ordered.append(_station(row, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(row.id, []))]
    return ordered


def staff(
    session: Session,
    who: Identity,
    *,
    search: str = "",
    station_id: int | None = None,
    limit: int = 200,
) -> list[StaffRow]:
    """Staff by number, narrowed by a part of number or name and by station."""
    require(who, Action.ADMINISTER_PEOPLE)
    query = select(Staff, Station.code).join(Station, Staff.station_id == Station.id)
    if search.strip():
        pattern = f"%{_literal(search.strip())}%"
        query = query.where(
            or_(Staff.staff_no.ilike(pattern, escape="\\"), Staff.name.ilike(pattern, escape="\\"))
        )
    if station_id is not None:
        query = query.where(Staff.station_id == station_id)
    return [
        staff_row(row, code)
        for row, code in session.execute(query.order_by(Staff.staff_no).limit(limit))
    ]


def people_by_words(
    session: Session, who: Identity, typed: str, *, limit: int
) -> list[FoundPerson]:
    """Scored people whose number or name holds what was typed, in either script, by number.

    Only those whose names the person may know.

    Raises:
        NotAllowed: the person may know nobody's name.
    """
    known = visible_stations(who, Action.SEE_STAFF_NAMES)
    wanted = fold(typed).strip()
    if not wanted:
        return []
    query = select(Staff.id, Staff.staff_no, Staff.name, Station.code).join(
        Station, Staff.station_id == Station.id
    )
    if known is not None:
        query = query.where(Staff.station_id.in_(known))
    people = session.execute(query.order_by(Staff.staff_no))
    matching = (
        FoundPerson(staff_id=key, staff_no=number, name=name, station=station)
        for key, number, name, station in people
        if wanted in fold(f"{number}\n{name}")
    )
    return [*islice(matching, limit)]


def users(session: Session, who: Identity) -> list[UserRow]:
    """Every person who signs in, by user name."""
    require(who, Action.ADMINISTER_PEOPLE)
    return [
        UserRow(
            id=row.id,
            username=row.username,
            name=row.name,
            roles=frozenset(Role(role.role) for role in row.roles),
            station_id=next(
                (role.station_id for role in row.roles if role.station_id is not None), None
            ),
            staff_id=row.staff_id,
            region=row.region,
            language=row.language,
            active=row.active,
        )
        for row in session.scalars(
            select(User)
            .where(~User.roles.any(UserRole.role == Role.SERVICE))
            .order_by(User.username)
        )
    ]


def _station(row: Station, depth: int) -> StationRow:
    return StationRow(
        id=row.id,
        code=row.code,
        names=row.names,
        kind=row.kind,
        region=row.region,
        parent_id=row.parent_id,
        timezone=row.timezone,
        active=row.active,
        depth=depth,
    )


def _literal(text: str) -> str:
    """A search word whose wildcard signs stand for themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
