"""The kinds of import by name."""

from __future__ import annotations

from datetime import datetime

from db.importing import event_names, inspections, interactions, staff, stations
from db.importing.interaction_columns import columns as interaction_columns
from db.importing.kinds import ImportKind
from db.importing.service_files import file_events, files
from db.importing.service_files.columns import event_columns, file_columns
from db.importing.turns import TurnFile
from db.store.keys import Keys
from db.tabular.columns import FileColumn
from db.tabular.file_choices import AS_IT_IS, FileChoices
from db.tabular.tables import Unreadable

KINDS = (
    *("stations", "staff", "interactions", "inspections", "event_names"),
    *("files", "file-events"),
)


def columns_of(kind: str, now: datetime, choices: FileChoices = AS_IT_IS) -> tuple[FileColumn, ...]:
    """The columns of a kind, in the order of its template."""
    if kind == "stations":
        return stations.columns(choices)
    if kind == "staff":
        return staff.columns(choices)
    if kind == "interactions":
        return interaction_columns(now, choices)
    if kind == "inspections":
        return inspections.columns(now, choices)
    if kind == "event_names":
        return event_names.columns()
    if kind == "files":
        return file_columns(now, choices)
    if kind == "file-events":
        return event_columns(now, choices)
    raise Unreadable("There is no import of this kind.")


def make_kind(
    kind: str,
    keys: Keys,
    now: datetime,
    turn_file: TurnFile | None,
    choices: FileChoices,
    *,
    strict: bool = False,
) -> ImportKind:
    if kind == "stations":
        return stations.Stations(choices)
    if kind == "staff":
        return staff.StaffMembers(keys, choices)
    if kind == "interactions":
        return interactions.Interactions(keys, now, turn_file, choices, strict=strict)
    if kind == "event_names":
        return event_names.EventNames(now)
    if kind == "files":
        return files.Files(keys, now, choices)
    if kind == "file-events":
        return file_events.FileEvents(now, choices)
    return inspections.Inspections(now, choices)
