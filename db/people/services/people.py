"""Stations, staff and the portal's users: made and changed by an administrator."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.clock.days import zone_names
from core.errors import InvalidInput, NotFound
from core.text.identifiers import normal_identifier
from db.people.former_names import keep_names
from db.people.identifiers import is_called
from db.people.models import Staff, Station
from db.people.services.identities import subtree
from db.people.staff_fields import StaffData
from db.store.form_rows import check_filled, check_free, existing, store

STATION_KINDS = ("airport", "city_office", "phone_desk", "chat_desk", "shop", "head_office")


@dataclass(frozen=True)
class StationData:
    """What an administrator enters for a station."""

    code: str
    name_zh_tw: str
    name_zh_cn: str
    name_en: str
    kind: str
    region: str
    parent_id: int | None
    timezone: str
    active: bool = True


def save_station(
    session: Session, *, who: Identity, station_id: int | None, data: StationData, now: datetime
) -> int:
    """Make a station (`station_id` None) or change one; returns its id.

    Raises:
        InvalidInput: a field is empty or unknown, the code is taken, or the tree would loop.
    """
    require(who, Action.ADMINISTER_PEOPLE)
    data = replace(data, code=normal_identifier(data.code))
    _check_station(session, station_id, data)
    station = existing(session, Station, station_id) or Station()
    if station.code != data.code:
        check_free(session, Station.id, is_called(Station.code, data.code), station_id, data.code)
    return store(session, who, station, asdict(data), "station", now)


def save_staff(
    session: Session, *, who: Identity, staff_id: int | None, data: StaffData, now: datetime
) -> int:
    """Make a member of staff (`staff_id` None) or change one; returns the id."""
    require(who, Action.ADMINISTER_PEOPLE)
    data = replace(data, staff_no=normal_identifier(data.staff_no))
    check_filled(data.staff_no, data.name)
    if data.station_id is None:
        raise InvalidInput("Choose the station first.")
    if session.get(Station, data.station_id) is None:
        raise NotFound("This station does not exist.")
    staff = existing(session, Staff, staff_id) or Staff()
    if staff_id is not None:
        keep_names(session, {staff_id: asdict(data)})
    if staff.staff_no != data.staff_no:  # twins that are stored already can be changed
        taken = is_called(Staff.staff_no, data.staff_no)
        check_free(session, Staff.id, taken, staff_id, data.staff_no)
    return store(session, who, staff, asdict(data), "staff", now)


def _check_station(session: Session, station_id: int | None, data: StationData) -> None:
    check_filled(data.code, data.name_zh_tw, data.name_zh_cn, data.name_en)
    if data.kind not in STATION_KINDS:
        raise InvalidInput("Unknown kind of station: {kind}.", kind=data.kind)
    if data.timezone not in zone_names():
        raise InvalidInput("Unknown time zone: {zone}.", zone=data.timezone)
    if data.parent_id is None:
        return
    if session.get(Station, data.parent_id) is None:
        raise NotFound("This station does not exist.")
    if station_id is not None and data.parent_id in subtree(session, [station_id]):
        raise InvalidInput("A station cannot stand below itself.")
