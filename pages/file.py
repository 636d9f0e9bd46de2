"""One file: its story beside its clocks, and the steps that may come next."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from core.errors import PortalError
from db.files.queries.one_file import file_view
from db.files.services.telling import note_file_read
from pages.ui.files import deeds, facts
from pages.ui.files.course.component import clocks, story
from pages.ui.files.other_deeds import other_deeds
from pages.ui.kit import wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _, errors_shown, show_error

who = guard(Action.SEE_FILES)
st.page_link("files.py", label=_("Files"), icon=":material/arrow_back:")
file_id = row_id("id")
if file_id is None:
    st.info(_("Choose a file from the list."), icon=":material/inbox:")
    st.stop()
try:
    with wiring.reading() as session:
        view = file_view(session, who, file_id, now=wiring.now())
except PortalError as error:
    show_error(error)
    st.stop()
if view.is_unread:
    with errors_shown(), wiring.transaction() as session:
        note_file_read(session, who=who, file_id=file_id, now=wiring.now())
facts.heading(view)
left, right = st.columns([3, 2], gap="large")
with left:
    facts.said(view)
    deeds.steps(who, view)
    other_deeds(who, view)
    st.subheader(_("Story"), anchor=False)
    deeds.striking(who, view, story(view))
with right:
    st.subheader(_("Clocks"), anchor=False)
    clocks(view)
    facts.required(view)
    facts.related(view)
    facts.as_encounter(view)
    facts.accountability(view)
    facts.fields(who, view)
