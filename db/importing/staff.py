"""Importing the people whose service is scored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.i18n import N_
from core.text.identifiers import caseless
from db.importing.kinds import ImportPlan, ReadableRow, count_filled
from db.importing.lookups import UNKNOWN_STATION
from db.importing.personal_data import PERSON, refuse_erased
from db.people.former_names import keep_names
from db.people.identifiers import ByIdentifier, staff_ids, station_ids
from db.people.models import Staff
from db.store.keys import Keys
from db.store.session import write_each
from db.tabular import values
from db.tabular.columns import FileColumn, carried_by, parse_row
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Row, Unfit

_FIELDS = {
    "name": "name",
    "station_code": "station_id",
    "post": "post",
    "uniform_variant": "uniform_variant",
    "employed_from": "employed_from",
}
"""Where each column is stored."""


def columns(choices: FileChoices) -> tuple[FileColumn, ...]:
    literal = choices.literal
    return (
        FileColumn(
            "staff_no",
            values.code(64, literal="staff_no" in literal),
            N_("Number of the person, the same for ever"),
            required=True,
        ),
        FileColumn("name", values.line(200), N_("Full name"), required_if_new=True),
        FileColumn(
            "station_code",
            values.code(64, literal="station_code" in literal),
            N_("Code of an imported station"),
            required_if_new=True,
        ),
        FileColumn(
            "post", values.line(64), N_("Post, such as agent or supervisor"), default="agent"
        ),
        FileColumn("uniform_variant", values.line(64), N_("Which uniform rules apply"), default=""),
        FileColumn("employed_from", values.day(choices), N_("First day, such as 2024-03-01")),
    )


class StaffMembers:
    at_once = 1000
    together = False

    def __init__(self, keys: Keys, choices: FileChoices) -> None:
        self.columns = columns(choices)
        self._keys = keys

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        number = fields["staff_no"]
        other_keys = (number, str(row.cells["staff_no"]).strip())
        return ReadableRow(
            line=row.line,
            key=caseless(number),
            values=fields,
            size=row.size,
            carried=carried_by(row),
            other_keys=other_keys,
        )

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        stations = station_ids(session)
        numbers = staff_ids(session, [item.values["staff_no"] for item in items])
        plan = ImportPlan()
        ids: dict[int, ReadableRow] = {}
        for item in refuse_erased(session, self._keys, PERSON, items, plan):
            try:
                row_id = self._with_ids(item, numbers, stations)
            except Unfit as error:
                plan.refuse(item, error)
                continue
            if row_id is None:
                plan.add(item, self.columns)
            else:
                ids[row_id] = item
        rows = session.scalars(select(Staff).where(Staff.id.in_(ids)))
        for row in sorted(rows, key=lambda row: ids[row.id].line):
            self._compare(plan, row, ids[row.id], stations)
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        if plan.added:
            rows = [_new(item) | {"active": True} for item in plan.added]
            session.execute(insert(Staff), rows)
        changes = {row_id: _carried(item) for row_id, item in plan.updated}
        keep_names(session, changes)
        write_each(session, Staff, list(changes.items()))

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        fields = {name: getattr(Staff, _FIELDS[name]) for name in columns if name in _FIELDS}
        return count_filled(session, fields)

    def _with_ids(
        self, item: ReadableRow, numbers: ByIdentifier, stations: ByIdentifier
    ) -> int | None:
        """The id of the stored person, None for a new one; the station's goes into the values."""
        code = item.values["station_code"]
        item.values["station_id"] = stations.get(code, "station_code")
        if code is not None and item.values["station_id"] is None:
            raise UNKNOWN_STATION
        return numbers.get(item.values["staff_no"], "staff_no")

    def _compare(
        self, plan: ImportPlan, row: Staff, item: ReadableRow, stations: ByIdentifier
    ) -> None:
        before = {column: getattr(row, name) for column, name in _FIELDS.items()}
        after = {
            column: item.values[_FIELDS[column]] for column in _FIELDS if column in item.carried
        }
        for values_by_column in (before, after):
            if "station_code" in values_by_column:
                values_by_column["station_code"] = stations.code_of(
                    values_by_column["station_code"]
                )
        plan.update(row.id, item, before, after)


def _new(item: ReadableRow) -> dict[str, Any]:
    return {name: item.values[name] for name in ("staff_no", *_FIELDS.values())}


def _carried(item: ReadableRow) -> dict[str, Any]:
    """The columns that the row carries about a stored person, by field."""
    return {name: item.values[name] for column, name in _FIELDS.items() if column in item.carried}
