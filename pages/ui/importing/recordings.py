"""Which encounters still lack their recording: a count, the first of them, all as a file."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Identity
from db.importing.recordings.sound_files import EncounterKey
from db.importing.recordings.taking_in import lacking_recordings
from pages.ui.kit import wiring
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, number, plural

_SHOWN = 200


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
            " Whoever runs the portal takes files in with"
            " `python -m db import recordings FOLDER`, or a ZIP archive."
        )
    )
    header, rows = (_("Source"), _("External ID")), tuple(tuple(key) for key in keys)
    st.dataframe(pd.DataFrame(rows[:_SHOWN], columns=list(header)), hide_index=True, alt=title)
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(rows) > _SHOWN:
            st.caption(_("The first {count} are shown.", count=number(_SHOWN, 0)))
        download_menu("lacking_recordings", table=Table("lacking_recordings", header, rows))
