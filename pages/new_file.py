"""A new file, as it is told: written down, and what was done at once noted with it."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.files import entering
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.WORK_FILES)
st.page_link("files.py", label=_("Files"), icon=":material/arrow_back:")
st.title(_("New file"))
if (file_id := entering.form(who)) is not None:
    st.switch_page("file.py", query_params={"id": str(file_id)})
