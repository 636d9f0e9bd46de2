"""Recordings in, and which encounters still lack theirs: a count, the first of them, all."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.importing.import_job import ImportTask
from db.importing.recordings.recordings_import import RECORDINGS
from db.importing.recordings.sound_files import EncounterKey, delivery
from db.importing.recordings.taking_in import lacking_recordings
from db.importing.uploaded_files import Upload
from pages.ui.importing.steps import begin, upload
from pages.ui.kit import wiring
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import (
    _,
    errors_shown,
    escape_markdown,
    language,
    number,
    plural,
    show_error,
)
from pages.ui.kit.tables import show_table

_SHOWN = 200
_ACCEPTED = ".zip,.wav,.mp3,.ogg,.oga,.opus,.m4a,.mp4,.webm"


def steps_in(who: Identity) -> None:
    """From choosing an archive to starting the import."""
    limit = wiring.settings().max_import_mb
    label = _("ZIP archive of recordings, or one recording, up to {limit} MB", limit=limit)
    rows = upload(who, "rows", label, _ACCEPTED)
    with st.popover(_("Whose recording a file is"), icon=":material/help:"):
        st.markdown(
            _(
                "In this order:\n"
                "- what `manifest.csv` in the archive says, with the columns file, source,"
                " external_id\n"
                "- the encounter that names the file in its column recording\n"
                "- folder and name of the file as source and external ID, such as `pbx/4711.wav`\n"
                "- the name alone, where it is the external ID of one encounter\n\n"
                "wav, mp3, ogg, m4a and webm are told by their content. The same files again"
                " change nothing."
            )
        )
    if rows is None:
        return
    problem = _problem(rows)
    if problem is not None:
        show_error(problem)
        return
    with st.container(horizontal=True):
        pressed = st.button(
            _("Import {file}", file=escape_markdown(rows.name)),
            type="primary",
            icon=":material/upload:",
            key=f"start_import_{rows.token}",
        )
        looks = st.button(
            _("Look what it would change"),
            icon=":material/preview:",
            key=f"look_at_import_{rows.token}",
        )
    if pressed or looks:
        task = ImportTask(RECORDINGS, None, strict=False, language=language(), look=looks)
        with errors_shown():
            begin(who, task, {"rows": rows})
            st.rerun()


def _problem(rows: Upload) -> PortalError | None:
    try:
        with (
            wiring.files().local(rows.key) as path,
            delivery(path, name=rows.name),
        ):
            return None
    except PortalError as error:
        return error


def lacking(who: Identity) -> None:
    """Read once it is opened, as every recording that is there is looked at."""
    title = _("Recordings that are lacking")
    with st.expander(
        title, icon=":material/graphic_eq:", key="recordings", on_change="rerun"
    ) as box:
        if not box.open:
            return
        with wiring.reading() as session:
            keys = lacking_recordings(session, wiring.files(), who=who)
        if not keys:
            st.info(
                _(
                    "None is lacking: what names a recording has it, and every call has a recording"
                    " or a transcript."
                ),
                icon=":material/task_alt:",
            )
            return
        _listed(title, keys)


def _listed(title: str, keys: list[EncounterKey]) -> None:
    st.markdown(
        "**{}**".format(
            plural(
                "{count} encounter still lacks its recording.",
                "{count} encounters still lack their recording.",
                len(keys),
            )
        )
    )
    st.caption(
        _(
            "It names a file that is not there, or is a call with neither recording nor transcript."
            " Choose *Recordings* above; whoever runs the portal takes in whole folders with"
            " `python -m db import recordings FOLDER`."
        )
    )
    header, rows = (_("Source"), _("External ID")), tuple(tuple(key) for key in keys)
    show_table(pd.DataFrame(rows[:_SHOWN], columns=list(header)), alt=title)
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(rows) > _SHOWN:
            st.caption(_("The first {count} are shown.", count=number(_SHOWN, 0)))
        download_menu("lacking_recordings", table=Table("lacking_recordings", header, rows))
