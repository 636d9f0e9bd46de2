"""Importing the station tree. A file is planned at once: a row may name a parent further down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import N_
from core.text.identifiers import caseless
from db.importing.kinds import REQUIRED, ImportPlan, ReadableRow, count_filled
from db.people.identifiers import ByIdentifier
from db.people.models import Station
from db.people.services.people import STATION_KINDS
from db.tabular import values
from db.tabular.columns import FileColumn, carried_by, parse_row
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Row, Unfit

_NAMES = {name: name.lower() for name in ("name_zh_TW", "name_zh_CN", "name_en")}
_PLAIN = _NAMES | {name: name for name in ("kind", "region", "timezone")}
"""Where each column is stored; the parent is stored by id."""
_UNKNOWN_PARENT = Unfit("There is no station with the code of the parent.", column="parent_code")
_NO_NAME = Unfit("A name in at least one language is required.")
_CIRCLE = Unfit("The station would stand below itself.", column="parent_code")


def columns(choices: FileChoices) -> tuple[FileColumn, ...]:
    name = values.line(200)
    code, parent = (
        values.code(64, literal=column in choices.literal) for column in ("code", "parent_code")
    )
    return (
        FileColumn("code", code, N_("Short code, the same for ever"), required=True),
        FileColumn("name_zh_TW", name, N_("Name in Traditional Chinese"), default=""),
        FileColumn("name_zh_CN", name, N_("Name in Simplified Chinese"), default=""),
        FileColumn("name_en", name, N_("Name in English"), default=""),
        FileColumn(
            "kind", values.choice(STATION_KINDS), ", ".join(STATION_KINDS), required_if_new=True
        ),
        FileColumn("region", values.line(200), N_("Region, free text"), default=""),
        FileColumn("parent_code", parent, N_("Code of the station above it")),
        FileColumn(
            "timezone", values.zone, N_("Time zone such as Asia/Taipei"), required_if_new=True
        ),
    )


class Stations:
    at_once = 100_000
    together = True

    def __init__(self, choices: FileChoices) -> None:
        self.columns = columns(choices)

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        return ReadableRow(row.line, caseless(fields["code"]), fields, row.size, carried_by(row))

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        stations = {station.code: station for station in session.scalars(select(Station))}
        codes = {station.id: station.code for station in stations.values()}
        plan = ImportPlan()
        items = _as_stored(plan, items, stations)
        parents = {code: codes.get(row.parent_id or 0) for code, row in stations.items()}
        named = _complete(plan, items, stations, self.columns)
        for item in _with_parents(plan, named, parents):
            row = stations.get(item.values["code"])
            if row is None:
                plan.added.append(item)
            else:
                before = {column: getattr(row, name) for column, name in _PLAIN.items()}
                before["parent_code"] = codes.get(row.parent_id or 0)
                after = {column: item.values[column] for column in before if column in item.carried}
                plan.update(row.id, item, before, after)
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        for item in plan.added:
            new = {name: item.values[column] for column, name in _PLAIN.items()}
            session.add(Station(code=item.values["code"], **new))
        for station_id, item in plan.updated:
            station = session.get_one(Station, station_id)
            for name, value in _carried(item).items():
                setattr(station, name, value)
        session.flush()  # parents are named by id, which new stations have from here on
        ids = dict(session.execute(select(Station.code, Station.id)).all())
        for item in (*plan.added, *(item for _, item in plan.updated)):
            if "parent_code" in item.carried:
                station = session.get_one(Station, ids[item.values["code"]])
                parent = item.values["parent_code"]
                station.parent_id = ids[parent] if parent else None

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        fields = {name: getattr(Station, _PLAIN.get(name, "parent_id")) for name in columns}
        return count_filled(session, fields)


def _as_stored(
    plan: ImportPlan, items: Sequence[ReadableRow], stations: Mapping[str, Station]
) -> list[ReadableRow]:
    """The items with their codes, and their parents', as they are stored or first in the file."""
    stored = {caseless(code) for code in stations}
    new = {item.key: item.values["code"] for item in items if item.key not in stored}
    known = ByIdentifier(
        {code: row.id for code, row in stations.items()} | dict.fromkeys(new.values(), 0)
    )
    accepted = []
    for item in items:
        try:
            for column in ("code", "parent_code"):
                if code := item.values[column]:
                    item.values[column] = known.stored_as(code, column) or code
        except Unfit as error:
            plan.refuse(item, error)
        else:
            accepted.append(item)
    return accepted


def _complete(
    plan: ImportPlan,
    items: Sequence[ReadableRow],
    stations: Mapping[str, Station],
    columns: Sequence[FileColumn],
) -> list[ReadableRow]:
    """The items whose stations have all they need: new ones each required column, all a name."""
    complete = []
    for item in items:
        row = stations.get(item.values["code"])
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
            if "parent_code" in item.carried or item.values["code"] not in parent_by_code
        ]
        parents = {
            **parent_by_code,
            **{item.values["code"]: item.values["parent_code"] for item in moved},
        }
        unfit = [
            (item, problem)
            for item in moved
            if (problem := _misplaced(item.values["code"], parents))
        ]
        if not unfit:
            return accepted
        for item, problem in unfit:
            plan.refuse(item, problem)
        refused = {item.values["code"] for item, _ in unfit}
        accepted = [item for item in accepted if item.values["code"] not in refused]


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
