"""Importing events of stored files, in any order: they are judged by their times."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from db.files.derived_columns import derive
from db.files.models import FileStep
from db.importing.kinds import ImportPlan, ReadableRow, count_filled
from db.importing.lookups import SEPARATOR, interaction_key
from db.importing.service_files.columns import check_level, event_columns
from db.importing.service_files.told_events import (
    EventData,
    StoredFile,
    check_alike,
    fault,
    insert_events,
    settled_moment,
    stored_files,
)
from db.tabular.columns import carried_by, parse_row
from db.tabular.file_choices import FileChoices
from db.tabular.tables import Row, Unfit, repeated

_UNKNOWN = Unfit("There is no file with this number; import files first.", column="external_id")


class FileEvents:
    """The events of one import are judged together with the stored ones."""

    at_once = 20_000
    together = True

    def __init__(self, now: datetime, choices: FileChoices) -> None:
        self.columns = event_columns(now, choices)
        self._now, self._choices = now, choices

    def parse(self, row: Row) -> ReadableRow:
        fields = parse_row(self.columns, row)
        check_level(fields)
        names = (fields["source"], fields["external_id"], fields["step"], fields["at"].isoformat())
        return ReadableRow(row.line, SEPARATOR.join(names), fields, row.size, carried_by(row))

    def plan(self, session: Session, items: Sequence[ReadableRow]) -> ImportPlan:
        plan = ImportPlan()
        by_file: dict[str, list[ReadableRow]] = {}
        for item in items:
            by_file.setdefault(_file_key(item), []).append(item)
        stored = stored_files(session, by_file)
        for key, rows in by_file.items():
            if file := stored.get(key):
                self._plan_file(file, rows, plan)
            else:
                for item in rows:
                    plan.refuse(item, _UNKNOWN)
        return plan

    def apply(self, session: Session, plan: ImportPlan) -> None:
        events = [(item.values["file_id"], _told(item)) for item in plan.added]
        insert_events(session, events, {}, self._now)
        derive(session, {file_id for file_id, _event in events})

    def filled(self, session: Session, columns: Collection[str]) -> dict[str, int]:
        stored_as = {"event_source": "source", "severity": "level"}
        fields = {name: getattr(FileStep, stored_as.get(name, name)) for name in columns}
        return count_filled(session, fields)

    def _plan_file(self, file: StoredFile, rows: list[ReadableRow], plan: ImportPlan) -> None:
        """All new events of a file if they fit together; else what fits, the earliest first."""
        new = self._new(file, rows, plan)
        ordered = sorted(new, key=lambda item: (item.values["at"], item.line))
        if fault(file.facts, (item.values for item in ordered), now=self._now) is None:
            plan.added += ordered
            return
        accepted: list[ReadableRow] = []
        for item in ordered:
            told = [other.values for other in (*accepted, item)]
            wrong = fault(file.facts, told, now=self._now)
            if wrong is None:
                accepted.append(item)
            else:
                plan.refuse(item, wrong, "at")
        plan.added += accepted

    def _new(
        self, file: StoredFile, rows: list[ReadableRow], plan: ImportPlan
    ) -> Collection[ReadableRow]:
        """The events that are not stored; of a step and time the first one."""
        new: dict[tuple[str, datetime], ReadableRow] = {}
        for item in rows:
            try:
                item.values["at"] = settled_moment(
                    item.values["at"], file.zone, "at", now=self._now, choices=self._choices
                )
                moment = (item.values["step"], item.values["at"])
                if moment in new:
                    raise repeated(new[moment].line)
                if step := file.told.get(moment):
                    check_alike(step, _told(item))
                    plan.unchanged += 1
                    continue
            except Unfit as error:
                plan.refuse(item, error)
                continue
            item.values["file_id"] = file.row.id
            new[moment] = item
        return new.values()


def _told(item: ReadableRow) -> EventData:
    """An event of the file as those in rows of files are told; nobody is named."""
    return item.values | {"source": item.values["event_source"], "by": ""}


def _file_key(item: ReadableRow) -> str:
    return interaction_key(item.values["source"], item.values["external_id"])
