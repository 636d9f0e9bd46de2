"""A member of staff reads back as entered, whatever fields there are."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date

from db.people.models import Staff
from db.people.queries.people import staff
from db.people.services.people import save_staff
from db.people.staff_fields import StaffData
from db.store.base import table_of
from tests.support.clock import NOW


def test_staff_read_back_as_they_were_entered(seeded):
    data = StaffData(
        staff_no="S-9",
        name="Nine",
        station_id=seeded.station_id,
        post="supervisor",
        uniform_variant="scarf",
        employed_from=date(2024, 3, 1),
        active=False,
    )
    with seeded.transaction() as session:
        admin = seeded.administrator
        staff_id = save_staff(session, who=admin, staff_id=None, data=data, now=NOW)
        [row] = staff(session, admin, search="S-9")
    assert row.id == staff_id
    assert asdict(row) == {**asdict(data), "id": staff_id, "station_code": row.station_code}


def test_every_column_of_staff_is_entered():
    columns = {column.name for column in table_of(Staff).columns}
    assert columns - {"id"} == {field.name for field in fields(StaffData)}
