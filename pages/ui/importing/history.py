"""Earlier imports: who started each, its counts and refused rows, and what these are called."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from db.importing.import_job import refused_file
from db.importing.queries import ImportRow, recent_imports
from db.importing.recordings.recordings_import import RECORDINGS
from pages.ui.kit import wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, moment
from pages.ui.kit.tables import show_table


def kind_names() -> dict[str, str]:
    """The kinds of import in the order in which a new portal needs them."""
    return {
        "stations": _("Stations"),
        "staff": _("Staff"),
        "interactions": _("Encounters"),
        "inspections": _("Inspections"),
        "event_names": _("Names of events"),
        "files": _("Service files"),
        "file-events": _("Events of service files"),
        "clocks": _("Limits of service files"),
        "calendars": _("Opening hours of stations"),
        "measures": _("Measures from outside"),
        RECORDINGS: _("Recordings"),
    }


def count_names(kind: str = "") -> dict[str, str]:
    return {
        "read": _("Files looked at") if kind == RECORDINGS else _("Rows read"),
        "added": _("Added"),
        "updated": _("Updated"),
        "unchanged": _("Unchanged"),
        "refused": _("Refused"),
    }


def history(who: Identity) -> None:
    with wiring.reading() as session:
        rows = recent_imports(session, who)
    st.subheader(_("Imports so far"))
    if not rows:
        st.caption(_("Nothing was imported yet. Begin with the stations."))
        return
    link = st.column_config.LinkColumn(display_text=_("Download"))
    show_table(
        [_cells(row) for row in rows],
        placeholder="",
        column_config={_("Refused rows"): link},
    )


def _cells(row: ImportRow) -> dict[str, object]:
    counts = {label: row.counts.get(name, 0) for name, label in count_names().items()}
    return {
        _("Time"): moment(row.started_at, reader_zone()),
        _("Kind"): kind_names().get(row.kind, row.kind),
        _("File"): row.file_name,
        **counts,
        _("Refused rows"): _link(row),
        _("State"): _("Finished") if row.finished_at else _("Not finished"),
        _("By"): row.user_name or _("Command line"),
    }


def _link(row: ImportRow) -> str | None:
    exists = wiring.files().about(refused_file(row.id)) is not None
    return f"/api/imports/{row.id}/refused.csv" if exists else None
