"""The demo's stations, staff and accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Identity, Role
from db.demo.content_reading import Content
from db.people.models import User, UserRole
from db.people.services import people
from db.people.staff_fields import StaffData

LOADER = Identity(
    user_id=0,
    username="demo",
    name="Demo",
    roles=frozenset({Role.ADMINISTRATOR, Role.QUALITY_MANAGER}),
)
_NO_PASSWORD = "!"  # noqa: S105  matches nothing; each start sets the accounts' passwords


def load_people(session: Session, content: Content, now: datetime) -> None:
    stations = _load_stations(session, content, now)
    staff = _load_staff(session, content, stations, now)
    home = homes(content)
    for account in content.users:
        user = User(
            username=account.username,
            name=account.name,
            password_hash=_NO_PASSWORD,
            language=account.language,
            staff_id=staff[account.staff_no] if account.staff_no else None,
            is_demo=True,
            created_at=now,
        )
        station_id = stations[account.station_code] if account.station_code else None
        user.roles = [UserRole(role=account.role, station_id=station_id)]
        if account.role == Role.INSPECTOR:
            user.region = home[account.username]
        session.add(user)


def homes(content: Content) -> dict[str, str]:
    """The region of each inspector, the regions taking turns."""
    regions = [row.region for row in content.stations if row.kind == "head_office" and row.region]
    names = [user.username for user in content.users if user.role == Role.INSPECTOR]
    return {name: regions[k % len(regions)] for k, name in enumerate(names)}


def _load_stations(session: Session, content: Content, now: datetime) -> dict[str, int]:
    ids: dict[str, int] = {}
    for station in content.stations:
        data = people.StationData(
            code=station.code,
            name_zh_tw=station.name_zh_tw,
            name_zh_cn=station.name_zh_cn,
            name_en=station.name_en,
            kind=station.kind,
            region=station.region,
            parent_id=ids[station.parent_code] if station.parent_code else None,
            timezone=station.timezone,
        )
        ids[station.code] = people.save_station(
            session, who=LOADER, station_id=None, data=data, now=now
        )
    return ids


def _load_staff(
    session: Session, content: Content, stations: dict[str, int], now: datetime
) -> dict[str, int]:
    tongues = {station.code: station.languages for station in content.stations}
    ids: dict[str, int] = {}
    for person in content.staff:
        names = {"zh_TW": person.name_zh_tw, "zh_CN": person.name_zh_cn, "en": person.name_en}
        data = StaffData(
            staff_no=person.staff_no,
            name=names[tongues[person.station_code][0]],
            station_id=stations[person.station_code],
            uniform_variant=person.uniform_variant,
        )
        ids[person.staff_no] = people.save_staff(
            session, who=LOADER, staff_id=None, data=data, now=now
        )
    return ids
