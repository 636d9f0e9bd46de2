"""What a person is told of files, behind the button of notices: due soon, late, twice too long."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.files.stages import Stage
from db.files.services.telling import unread_files
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, escape_markdown


def show(who: Identity) -> None:
    """Each file with what was told of it last; opening it marks it as read."""
    with wiring.reading() as session:
        news = unread_files(session, who)
    for told in news:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{_stage_badge(told.stage)} {escape_markdown(told.number)}")
            if st.button(_("Open"), type="tertiary", key=f"notice_file_{told.file_id}"):
                st.switch_page("file.py", query_params={"id": str(told.file_id)})


def _stage_badge(stage: Stage) -> str:
    name = {
        Stage.DUE_SOON: _("Due soon"),
        Stage.LATE: _("Late"),
        Stage.ESCALATED: _("Twice its time"),
    }[stage]
    color = "yellow" if stage is Stage.DUE_SOON else "orange"
    return f":{color}-badge[{escape_markdown(name)}]"
