"""Importing the people whose service is scored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.i18n import N_
from db.importing.kinds import ImportPlan, ReadableRow
from db.importing.lookups import UNKNOWN_STATION, station_ids
from db.importing.personal_data import PERSON, refuse_erased
from db.people.models import Staff
from db.store.keys import Keys
from db.store.session import write_each
from db.tabular import values
from db.tabular.columns import FileColumn, carried_by, parse_row
from db.tabular.tables import Row

_FIELDS = {
    "name": "name",
    "station_code": "station_id",
    "post": "post",
    "uniform_variant": "uniform_variant",
    "employed_from": "employed_from",
}
"""Where each column is stored."""


def columns() -> tuple[FileColumn, ...]:
    return (
        FileColumn(
            "staff_no",
            values.line(64),
            N_("Number of the person, the same for ever"),
            required=True,
        ),
        FileColumn("name", values.line(200), N_("Full name"), required_if_new=True),
        FileColumn(
            "station_code",
            values.line(64),
            N_("Code of an imported station"),
            required_if_new=True,
        ),
        FileColumn(
            "post", values.line(64), N_("Post, such as agent or supervisor"), default="agent"
        ),
        FileColumn("uniform_variant", values.line(64), N_("Which uniform rules apply"), default=""),
        FileColumn("employed_from", values.day, N_("First day, such as 2024-03-01")),
    )


class StaffMembers:
    columns = columns()
    at_once = 1000

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        return ReadableRow(row.line, fields["staff_no"], fields, row.size, carried_by(row))

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        stations = station_ids(session)
        numbers = [item.key for item in items]
        staff_by_number = {
            row.staff_no: row
            for row in session.scalars(select(Staff).where(Staff.staff_no.in_(numbers)))
        }
        plan = ImportPlan()
        for item in refuse_erased(session, self._keys, PERSON, items, plan):
            code, row = item.values["station_code"], staff_by_number.get(item.key)
            if code is not None and code not in stations:
                plan.refuse(item, UNKNOWN_STATION)
                continue
            item.values["station_id"] = stations.get(code)
            if row is None:
                plan.add(item, self.columns)
            elif any(getattr(row, name) != value for name, value in _carried(item).items()):
                plan.updated.append((row.id, item))
            else:
                plan.unchanged += 1
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        if plan.added:
            rows = [_new(item) | {"staff_no": item.key, "active": True} for item in plan.added]
            session.execute(insert(Staff), rows)
        write_each(session, Staff, [(row_id, _carried(item)) for row_id, item in plan.updated])


def _new(item: ReadableRow) -> dict[str, Any]:
    return {name: item.values[name] for name in _FIELDS.values()}


def _carried(item: ReadableRow) -> dict[str, Any]:
    """The columns that the row carries about a stored person, by field."""
    return {name: item.values[name] for column, name in _FIELDS.items() if column in item.carried}
