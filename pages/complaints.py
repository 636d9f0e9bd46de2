"""Complaints: what they are about, when they come, whether in time, and how long they take."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.files.queries.figures import file_figures
from pages.ui.files import figures
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.READ_FILES)
st.page_link("files.py", label=_("Files"), icon=":material/arrow_back:")
st.title(_("Complaints"))
top = st.container()
file_filter = figures.chosen(who)
with wiring.reading() as session:
    counted = file_figures(session, who, file_filter, now=wiring.now())
if not counted.n:
    st.info(_("No file of this selection came in that time."), icon=":material/task_alt:")
    st.stop()
with top:
    figures.headline(counted, file_filter)
figures.show(counted, file_filter)
