"""Importing the station tree. A file is planned at once: a row may name a parent further down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import N_
from db.importing.kinds import REQUIRED, ImportPlan, ReadableRow
from db.people.models import Station
from db.people.services.people import STATION_KINDS
from db.tabular import values
from db.tabular.columns import FileColumn, carried_by, parse_row
from db.tabular.tables import Row, Unfit

_NAMES = {name: name.lower() for name in ("name_zh_TW", "name_zh_CN", "name_en")}
_PLAIN = _NAMES | {name: name for name in ("kind", "region", "timezone")}
"""Where each column is stored; the parent is stored by id."""
_UNKNOWN_PARENT = Unfit("There is no station with the code of the parent.", column="parent_code")
_NO_NAME = Unfit("A name in at least one language is required.")
_CIRCLE = Unfit("The station would stand below itself.", column="parent_code")


def columns() -> tuple[FileColumn, ...]:
    name = values.line(200)
    return (
        FileColumn("code", values.line(64), N_("Short code, the same for ever"), required=True),
        FileColumn("name_zh_TW", name, N_("Name in Traditional Chinese"), default=""),
        FileColumn("name_zh_CN", name, N_("Name in Simplified Chinese"), default=""),
        FileColumn("name_en", name, N_("Name in English"), default=""),
        FileColumn(
            "kind", values.choice(STATION_KINDS), ", ".join(STATION_KINDS), required_if_new=True
        ),
        FileColumn("region", values.line(200), N_("Region, free text"), default=""),
        FileColumn("parent_code", values.line(64), N_("Code of the station above it")),
        FileColumn(
            "timezone", values.zone, N_("Time zone such as Asia/Taipei"), required_if_new=True
        ),
    )


class Stations:
    columns = columns()
    at_once = 100_000

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        return ReadableRow(row.line, fields["code"], fields, row.size, carried_by(row))

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        stations = {station.code: station for station in session.scalars(select(Station))}
        codes = {station.id: station.code for station in stations.values()}
        plan = ImportPlan()
        parents = {code: codes.get(row.parent_id or 0) for code, row in stations.items()}
        named = _complete(plan, items, stations, self.columns)
        for item in _with_parents(plan, named, parents):
            row = stations.get(item.key)
            if row is None:
                plan.added.append(item)
            elif _differs(row, codes, item):
                plan.updated.append((row.id, item))
            else:
                plan.unchanged += 1
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        for item in plan.added:
            new = {name: item.values[column] for column, name in _PLAIN.items()}
            session.add(Station(code=item.key, **new))
        for station_id, item in plan.updated:
            station = session.get_one(Station, station_id)
            for name, value in _carried(item).items():
                setattr(station, name, value)
        session.flush()  # parents are named by id, which new stations have from here on
        ids = dict(session.execute(select(Station.code, Station.id)).all())
        for item in (*plan.added, *(item for _, item in plan.updated)):
            if "parent_code" in item.carried:
                station = session.get_one(Station, ids[item.key])
                parent = item.values["parent_code"]
                station.parent_id = ids[parent] if parent else None


def _complete(
    plan: ImportPlan,
    items: Sequence[ReadableRow],
    stations: Mapping[str, Station],
    columns: Sequence[FileColumn],
) -> list[ReadableRow]:
    """The items whose stations have all they need: new ones each required column, all a name."""
    complete = []
    for item in items:
        row = stations.get(item.key)
        if row is None and (lacking := item.lacks(columns)):
            plan.refuse(item, REQUIRED, lacking)
        elif column := _unnamed(row, item):
            plan.refuse(item, _NO_NAME, column)
        else:
            complete.append(item)
    return complete


def _unnamed(row: Station | None, item: ReadableRow) -> str:
    """The column at fault where a row leaves its station without any name, else nothing."""
    if any(item.values[name] for name in _NAMES):
        return ""
    emptied = [name for name in _NAMES if name in item.carried]
    if row is None:
        return next(iter(_NAMES))
    has_name = any(getattr(row, field) for name, field in _NAMES.items() if name not in emptied)
    return emptied[0] if emptied and not has_name else ""


def _with_parents(
    plan: ImportPlan, items: Sequence[ReadableRow], parent_by_code: Mapping[str, str | None]
) -> list[ReadableRow]:
    """The items whose parents exist, in the file or in the database, and lead to a top."""
    accepted = list(items)
    while True:
        moved = [
            item
            for item in accepted
            if "parent_code" in item.carried or item.key not in parent_by_code
        ]
        parents = {**parent_by_code, **{item.key: item.values["parent_code"] for item in moved}}
        unfit = [(item, problem) for item in moved if (problem := _misplaced(item.key, parents))]
        if not unfit:
            return accepted
        for item, problem in unfit:
            plan.refuse(item, problem)
        refused = {item.key for item, _ in unfit}
        accepted = [item for item in accepted if item.key not in refused]


def _misplaced(code: str, parents: Mapping[str, str | None]) -> Unfit | None:
    above, seen = parents[code], {code}
    while above:
        if above not in parents:
            return _UNKNOWN_PARENT
        if above in seen:
            return _CIRCLE if above == code else None
        seen.add(above)
        above = parents[above]
    return None


def _carried(item: ReadableRow) -> dict[str, str]:
    """The columns but the parent that the row carries about a stored station, by field."""
    return {name: item.values[column] for column, name in _PLAIN.items() if column in item.carried}


def _differs(row: Station, codes: Mapping[int, str], item: ReadableRow) -> bool:
    if (
        "parent_code" in item.carried
        and codes.get(row.parent_id or 0) != item.values["parent_code"]
    ):
        return True
    return any(getattr(row, name) != value for name, value in _carried(item).items())
