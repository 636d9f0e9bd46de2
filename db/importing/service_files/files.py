"""Importing files: problems, complaints, work orders and the like, with their events.

A file is known by its source and number, an event by its file, step and time. What is stored is
never taken away: a row adds events and changes the columns that it carries.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.clock import Level
from core.errors import InvalidInput
from core.files.course import FileFacts, FileState, Mark
from core.files.kinds import Kind
from core.files.steps import Step
from core.safekeeping.masking import masked
from db.files.clock_settings import StoredSettings
from db.files.derived_columns import derive, derived
from db.files.models import File
from db.importing.kinds import ImportPlan, ReadableRow, count_filled
from db.importing.lookups import UNKNOWN_STATION, interaction_key, station_zones
from db.importing.personal_data import FILE, Protector, refuse_erased
from db.importing.service_files.columns import file_columns
from db.importing.service_files.told_events import (
    EventData,
    StoredFile,
    check_alike,
    event_from,
    fault,
    insert_events,
    settled_moment,
    stored_files,
)
from db.people.identifiers import ByIdentifier, station_ids
from db.people.models import User
from db.store.base import table_of
from db.store.keys import Keys
from db.store.session import write_each
from db.tabular.columns import carried_by, parse_row
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Row, Unfit

_PLAIN = {
    "kind": "first_kind",
    "channel": "channel",
    "business_line": "business_line",
    "class": "topic",
    "sub_topic": "sub_topic",
    "severity": "severity",
    "marks": "marks",
    "content": "content",
    "demand": "demand",
}
"""Where each column is stored; station, customer and events are stored otherwise."""
_SAID = ("source", "by", "note", "severity")
_TWICE = "{step} stands there twice at the same time and says two things."
_STORED = _PLAIN | {
    "station_code": "station_id",
    "customer_ref": "customer_ref",
    "received_at": "received_at",
}


class Files:
    at_once = 1000
    together = False

    def __init__(self, keys: Keys, now: datetime, choices: FileChoices) -> None:
        self.columns = file_columns(now, choices)
        self._keys, self._now, self._choices = keys, now, choices
        self._protector = Protector(keys)
        self._stations: ByIdentifier | None = None
        self._zones: dict[int, str] = {}
        self._settings: StoredSettings | None = None

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        key = interaction_key(fields["source"], fields["external_id"])
        raw = interaction_key(*(str(row.cells[n]).strip() for n in ("source", "external_id")))
        return ReadableRow(row.line, key, fields, row.size, carried_by(row), other_keys=(raw,))

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        if self._stations is None:
            self._stations, self._zones = station_ids(session), station_zones(session)
        self._settings = StoredSettings(session)
        plan = ImportPlan()
        items = refuse_erased(session, self._keys, FILE, items, plan)
        stored = stored_files(session, (item.key for item in items))
        for item in items:
            try:
                self._plan_one(item, stored.get(item.key), plan)
            except InvalidInput as error:
                plan.refuse(item, error, getattr(error, "column", "") or "events")
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        accounts = _accounts(session, [*plan.added, *(item for _id, item in plan.updated)])
        if plan.added:
            session.execute(insert(table_of(File)), [item.values["row"] for item in plan.added])
            stored = stored_files(session, (item.key for item in plan.added))
            added = [(stored[item.key].row.id, item) for item in plan.added]
            insert_events(session, _events(added), accounts, self._now)
            closed = [i for i, item in added if item.values["row"]["state"] == FileState.CLOSED]
            derive(session, closed)
        if plan.updated:
            write_each(session, File, [(i, item.values["changed"]) for i, item in plan.updated])
            insert_events(session, _events(plan.updated), accounts, self._now)
            derive(session, [file_id for file_id, _item in plan.updated])
        changed = (i for _, i in plan.updated if "customer_ref" in i.values["changed"])
        self._protector.store_customers(session, [*plan.added, *changed])

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        fields = {name: getattr(File, _STORED.get(name, "received_at")) for name in columns}
        return count_filled(session, fields)

    def _plan_one(self, item: ReadableRow, stored: StoredFile | None, plan: ImportPlan) -> None:
        """Take in a row, or refuse it by raising InvalidInput."""
        assert self._stations is not None
        code = item.values["station_code"]
        station_id = self._stations.get(code, "station_code")
        if code is not None and station_id is None:
            raise UNKNOWN_STATION
        if stored is None and (lacking := item.lacks(self.columns)):
            raise Unfit("This is required.", column=lacking)
        zone = self._zones[station_id] if station_id else stored.zone if stored else ""
        events = self._told(item, zone)
        if stored is None:
            self._plan_new(item, station_id, zone, events)
            plan.added.append(item)
            return
        before, after = self._compared(item, stored, station_id)
        new = []
        for event in events:
            if step := stored.told.get((event["step"], event["at"])):
                check_alike(step, event, column="events")
            else:
                new.append(event)
        facts = _facts(after["row"], stored.facts)
        if error := fault(facts, new, now=self._now):
            raise error
        count = len(stored.told)
        if new:
            before["columns"]["events"], after["columns"]["events"] = count, count + len(new)
        item.values["new"] = new
        item.values["changed"] = {
            name: value for name, value in after["row"].items() if value != before["row"][name]
        }
        plan.update(stored.row.id, item, before["columns"], after["columns"])

    def _told(self, item: ReadableRow, zone: str) -> list[EventData]:
        """The events that a row tells, receiving among them, each once."""
        events: dict[tuple[str, datetime], EventData] = {}
        received = item.values["received_at"]
        told = list(item.values["events"])
        if received is not None:
            event = {"step": Step.RECEIVED.value, "at": received, "source": None}
            told.append(event | {"by": "", "note": "", "severity": None})
        for number, event in enumerate(told, 1):
            column = f"events[{number}].at"
            if number > len(item.values["events"]):
                column = "received_at"
            at = settled_moment(event["at"], zone, column, now=self._now, choices=self._choices)
            first = events.setdefault((event["step"], at), event | {"at": at})
            if any(event[name] not in (None, "", first[name]) for name in _SAID):
                raise Unfit(_TWICE, step=event["step"], column=f"events[{number}]")
        return list(events.values())

    def _plan_new(
        self, item: ReadableRow, station_id: int | None, zone: str, events: list[EventData]
    ) -> None:
        row = {attribute: item.values[column] for column, attribute in _PLAIN.items()} | {
            "source": item.values["source"],
            "external_id": item.values["external_id"],
            "station_id": station_id,
            "customer_ref": self._protector.pseudonym(item),
        }
        facts = _facts(row, None)
        if error := fault(facts, events, now=self._now):
            raise error
        whole = _facts(row, FileFacts(facts.kind, tuple(map(event_from, events))))
        assert self._settings is not None
        assert station_id is not None
        item.values["row"] = row | derived(whole, self._settings, (station_id, zone))
        item.values["new"] = events

    def _compared(
        self, item: ReadableRow, stored: StoredFile, station_id: int | None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the carried columns are and become: as columns, and as attributes of the row."""
        new: dict[str, Any] = {column: item.values[column] for column in _PLAIN}
        new |= {column: masked(new[column]) for column in ("content", "demand")}
        new |= {"station_code": station_id, "customer_ref": self._protector.pseudonym(item)}
        columns = [column for column in new if column in item.carried]
        attributes = [_STORED[column] for column in columns]
        kept = set(_STORED.values()) - set(attributes) - {"received_at"}
        before = {name: getattr(stored.row, name) for name in (*attributes, *kept)}
        after = before | {_STORED[column]: new[column] for column in columns}
        shown = ({c: self._shown(row[_STORED[c]]) for c in columns} for row in (before, after))
        return (
            {"row": before, "columns": next(shown)},
            {"row": after, "columns": next(shown)},
        )

    def _shown(self, value: object) -> object:
        """A stored value as a reader would see it; a customer is a pseudonym."""
        assert self._stations is not None
        return self._stations.code_of(value) if isinstance(value, int) else value


def _facts(row: dict[str, Any], stored: FileFacts | None) -> FileFacts:
    return FileFacts(
        kind=Kind(row["first_kind"]),
        events=stored.events if stored else (),
        level=Level(row["severity"]) if row["severity"] else None,
        channel=row["channel"],
        marks=frozenset(map(Mark, row["marks"])),
    )


def _events(items: Sequence[tuple[int, ReadableRow]]) -> list[tuple[int, EventData]]:
    return [(file_id, event) for file_id, item in items for event in item.values["new"]]


def _accounts(session: Session, items: Sequence[ReadableRow]) -> dict[str, int]:
    """The accounts that events name by their user names."""
    names = {event["by"] for item in items for event in item.values["new"]} - {""}
    return dict(
        session.execute(select(User.username, User.id).where(User.username.in_(names))).all()
    )
