"""The kinds of import by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from db.importing import event_names, inspections, interactions, staff, stations
from db.importing.interaction_columns import columns as interaction_columns
from db.importing.kinds import ImportKind, RowRules
from db.importing.measures import Measures, measure_columns
from db.importing.service_files import calendars, clocks, file_events, files
from db.importing.service_files.calendars import calendar_columns
from db.importing.service_files.clocks import clock_columns
from db.importing.service_files.columns import event_columns, file_columns
from db.importing.turns import TurnFile
from db.store.keys import Keys
from db.tabular.columns import FileColumn
from db.tabular.file_choices import AS_IT_IS, FileChoices
from db.tabular.tables import Unreadable

KINDS = (
    *("stations", "staff", "interactions", "inspections", "event_names"),
    *("files", "file-events", "clocks", "calendars", "measures"),
)


def columns_of(kind: str, now: datetime, choices: FileChoices = AS_IT_IS) -> tuple[FileColumn, ...]:
    """The columns of a kind, in the order of its template."""
    of_kinds: dict[str, Callable[[], tuple[FileColumn, ...]]] = {
        "stations": lambda: stations.columns(choices),
        "staff": lambda: staff.columns(choices),
        "interactions": lambda: interaction_columns(now, choices),
        "inspections": lambda: inspections.columns(now, choices),
        "event_names": event_names.columns,
        "files": lambda: file_columns(now, choices),
        "file-events": lambda: event_columns(now, choices),
        "clocks": lambda: clock_columns(choices),
        "calendars": lambda: calendar_columns(choices),
        "measures": lambda: measure_columns(choices),
    }
    if kind not in of_kinds:
        raise Unreadable("There is no import of this kind.")
    return of_kinds[kind]()


def make_kind(
    kind: str, keys: Keys, now: datetime, turn_file: TurnFile | None, rules: RowRules
) -> ImportKind:
    choices = rules.choices
    makers: dict[str, Callable[[], ImportKind]] = {
        "stations": lambda: stations.Stations(choices),
        "staff": lambda: staff.StaffMembers(keys, choices),
        "interactions": lambda: interactions.Interactions(keys, now, turn_file, rules),
        "inspections": lambda: inspections.Inspections(now, choices),
        "event_names": lambda: event_names.EventNames(now),
        "files": lambda: files.Files(keys, now, choices),
        "file-events": lambda: file_events.FileEvents(now, choices),
        "clocks": lambda: clocks.FileClocks(now, choices),
        "calendars": lambda: calendars.Calendars(now, choices),
        "measures": lambda: Measures(now, choices),
    }
    return makers[kind]()
