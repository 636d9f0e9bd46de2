"""What a person is told of files, behind the button of notices: due soon, late, twice too long.

A file stands there once, with what was told of it last, until it is opened.
"""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.files.stages import Stage
from db.files.services.telling import unread_files
from pages.ui.kit import wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.messages import _, escape_markdown, moment

_MOST = 20
"""More stand in the list of files, to which a link leads."""


def show(who: Identity) -> None:
    """Each file with what was told of it last; opening it marks it as read."""
    with wiring.reading() as session:
        news = unread_files(session, who, limit=_MOST)
    for file in news:
        when = moment(file.at, reader_zone())
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{_stage_badge(file.stage)} {escape_markdown(f'{file.number} · {when}')}")
            if st.button(_("Open"), type="tertiary", key=f"notice_file_{file.file_id}"):
                st.switch_page("file.py", query_params={"id": str(file.file_id)})
    st.page_link("files.py", label=_("Files"), icon=":material/inbox:")


def _stage_badge(stage: Stage) -> str:
    name = {
        Stage.DUE_SOON: _("Due soon"),
        Stage.LATE: _("Late"),
        Stage.ESCALATED: _("Twice its time"),
    }[stage]
    color = "yellow" if stage is Stage.DUE_SOON else "orange"
    return f":{color}-badge[{escape_markdown(name)}]"
