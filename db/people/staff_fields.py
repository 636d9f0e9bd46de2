"""The fields of a member of staff: as an administrator enters them, and as they are read back."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from db.people.models import Staff


@dataclass(frozen=True)
class StaffData:
    """What an administrator enters for a member of staff; each field is a column of `Staff`."""

    staff_no: str
    name: str
    station_id: int | None
    post: str = "agent"
    uniform_variant: str = ""
    employed_from: date | None = None
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class StaffRow(StaffData):
    """A line of the list of staff."""

    id: int
    station_code: str


def staff_row(staff: Staff, station_code: str) -> StaffRow:
    entered = {field.name: getattr(staff, field.name) for field in fields(StaffData)}
    return StaffRow(id=staff.id, station_code=station_code, **entered)
