"""Files: what is late, what is due next, and one press for the steps that are taken most."""

from __future__ import annotations

import streamlit as st

from core.access import Action, can
from core.files.steps import FileEvent
from db.files.queries.file_list import FilePosition, counts, files
from pages.ui.files import file_filter, handing_over
from pages.ui.files.deeds import take
from pages.ui.files.file_list.component import file_list
from pages.ui.improvements import action_lists
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.kit.tables import pages_of

who = guard(Action.SEE_FILES)
works = can(who, Action.WORK_FILES)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title(_("Files"))
    if can(who, Action.READ_FILES):
        st.page_link("complaints.py", label=_("Figures"), icon=":material/bar_chart:")
    if works and st.button(
        _("New file"), type="primary", icon=":material/add:", key="new_file", shortcut="n"
    ):
        st.switch_page("new_file.py")
if not can(who, Action.SEE_STATIONS):
    action_lists.link(who)
top = st.container()
wanted = file_filter.chosen(who)
pages = pages_of("files", wanted, FilePosition)
with wiring.reading() as session:
    now = wiring.now()
    figures = counts(session, who, wanted, now=now)
    page = files(session, who, wanted, now=now, after=pages.after)
with top:
    file_filter.headline(figures)
if not page.rows:
    st.info(_("No file matches."), icon=":material/task_alt:")
    pages.back_button()
    st.stop()
clicked = file_list(page.rows, picks=works)
if clicked.opened is not None:
    st.switch_page("file.py", query_params={"id": str(clicked.opened)})
if clicked.taken is not None:
    file_id, step = clicked.taken
    take(who, file_id, FileEvent(step, wiring.now()))
with st.container(horizontal=True):
    pages.back_button()
    pages.more_button(page.next)
if works and clicked.picked:
    handing_over.form(who, [row for row in page.rows if row.file_id in clicked.picked])
