"""Importing the people whose service is scored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core.i18n import N_
from db.importing import values
from db.importing.columns import Column, parse_row
from db.importing.kinds import Item, Plan
from db.importing.lookups import UNKNOWN_STATION, station_ids
from db.importing.personal import PERSON, refuse_erased
from db.importing.tables import Row
from db.keys import Keys
from db.models import Staff

_FIELDS = ("name", "station_id", "post", "uniform_variant", "employed_from")


def columns() -> tuple[Column, ...]:
    return (
        Column(
            "staff_no",
            values.line(64),
            N_("Number of the person, the same for ever"),
            required=True,
        ),
        Column("name", values.line(200), N_("Full name"), required=True),
        Column("station_code", values.line(64), N_("Code of an imported station"), required=True),
        Column("post", values.line(64), N_("Post, such as agent or supervisor"), default="agent"),
        Column("uniform_variant", values.line(64), N_("Which uniform rules apply"), default=""),
        Column("employed_from", values.day, N_("First day, such as 2024-03-01")),
    )


class StaffMembers:
    columns = columns()
    at_once = 1000

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def parse(self, row: Row) -> Item:
        found = parse_row(self.columns, row)
        return Item(row.line, found["staff_no"], found, row.size)

    def plan(self, session: Session, items: Sequence[Item]) -> Plan:
        stations = station_ids(session)
        numbers = [item.key for item in items]
        stored = {
            row.staff_no: row
            for row in session.scalars(select(Staff).where(Staff.staff_no.in_(numbers)))
        }
        plan = Plan()
        for item in refuse_erased(session, self._keys, PERSON, items, plan):
            station_id = stations.get(item.values["station_code"])
            row = stored.get(item.key)
            if station_id is None:
                plan.refuse(item, UNKNOWN_STATION)
                continue
            item.values["station_id"] = station_id
            if row is None:
                plan.added.append(item)
            elif {name: getattr(row, name) for name in _FIELDS} != _wanted(item):
                plan.updated.append((row.id, item))
            else:
                plan.unchanged += 1
        return plan

    def apply(self, session: Session, plan: Plan) -> None:
        if plan.added:
            rows = [_wanted(item) | {"staff_no": item.key, "active": True} for item in plan.added]
            session.execute(insert(Staff), rows)
        if plan.updated:
            session.execute(
                update(Staff), [_wanted(item) | {"id": row_id} for row_id, item in plan.updated]
            )


def _wanted(item: Item) -> dict[str, Any]:
    return {name: item.values[name] for name in _FIELDS}
