"""Importing the station tree. A file is one whole: a row may name a parent that stands below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import N_
from db.importing import values
from db.importing.columns import Column, parse_row
from db.importing.kinds import Item, Plan
from db.importing.problems import Unfit
from db.importing.tables import Row
from db.models import Station
from db.services.people import STATION_KINDS

_NAMES = ("name_zh_TW", "name_zh_CN", "name_en")
_PLAIN = ("kind", "region", "timezone")
_UNKNOWN_PARENT = Unfit("There is no station with the code of the parent.", column="parent_code")
_CIRCLE = Unfit("The station would stand below itself.", column="parent_code")


def columns() -> tuple[Column, ...]:
    name = values.line(200)
    return (
        Column("code", values.line(64), N_("Short code, the same for ever"), required=True),
        Column("name_zh_TW", name, N_("Name in Traditional Chinese"), default=""),
        Column("name_zh_CN", name, N_("Name in Simplified Chinese"), default=""),
        Column("name_en", name, N_("Name in English"), default=""),
        Column("kind", values.choice(STATION_KINDS), ", ".join(STATION_KINDS), required=True),
        Column("region", values.line(200), N_("Region, free text"), default=""),
        Column("parent_code", values.line(64), N_("Code of the station above it")),
        Column("timezone", values.zone, N_("Time zone such as Asia/Taipei"), required=True),
    )


class Stations:
    columns = columns()
    at_once = 100_000

    def parse(self, row: Row) -> Item:
        found = parse_row(self.columns, row)
        if not any(found[name] for name in _NAMES):
            raise Unfit("A name in at least one language is required.", column=_NAMES[0])
        return Item(row.line, found["code"], found, row.size)

    def plan(self, session: Session, items: Sequence[Item]) -> Plan:
        stored = {station.code: station for station in session.scalars(select(Station))}
        codes = {station.id: station.code for station in stored.values()}
        plan = Plan()
        parents = {code: codes.get(row.parent_id or 0) for code, row in stored.items()}
        for item in _with_parents(plan, items, parents):
            row = stored.get(item.key)
            if row is None:
                plan.added.append(item)
            elif _content(row, codes) != _wanted(item):
                plan.updated.append((row.id, item))
            else:
                plan.unchanged += 1
        return plan

    def apply(self, session: Session, plan: Plan) -> None:
        for item in plan.added:
            session.add(Station(code=item.key, **_plain_values(item)))
        for station_id, item in plan.updated:
            station = session.get_one(Station, station_id)
            for name, value in _plain_values(item).items():
                setattr(station, name, value)
        session.flush()  # parents are named by id, which new stations have from here on
        ids = dict(session.execute(select(Station.code, Station.id)).all())
        for item in (*plan.added, *(item for _, item in plan.updated)):
            station = session.get_one(Station, ids[item.key])
            parent = item.values["parent_code"]
            station.parent_id = ids[parent] if parent else None


def _with_parents(
    plan: Plan, items: Sequence[Item], stored: Mapping[str, str | None]
) -> list[Item]:
    """The items whose parents exist, in the file or in the database, and lead to a top."""
    kept = list(items)
    while True:
        parents = {**stored, **{item.key: item.values["parent_code"] for item in kept}}
        unfit = [(item, problem) for item in kept if (problem := _misplaced(item.key, parents))]
        if not unfit:
            return kept
        for item, problem in unfit:
            plan.refuse(item, problem)
        refused = {item.key for item, _ in unfit}
        kept = [item for item in kept if item.key not in refused]


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


def _plain_values(item: Item) -> dict[str, str]:
    names = {name.lower(): item.values[name] for name in _NAMES}
    return names | {name: item.values[name] for name in _PLAIN}


def _wanted(item: Item) -> dict[str, str | None]:
    return {**_plain_values(item), "parent_code": item.values["parent_code"]}


def _content(row: Station, codes: Mapping[int, str]) -> dict[str, str | None]:
    stored = {name: getattr(row, name) for name in (*map(str.lower, _NAMES), *_PLAIN)}
    return {**stored, "parent_code": codes.get(row.parent_id or 0)}
