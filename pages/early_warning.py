"""One warning: its sentence, chart and files, what comes next, and its story."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from core.errors import PortalError
from db.warning.queries.one import warning as read_warning
from db.warning.services.answering import note_warning_read
from pages.ui.improvements.action_words import item_names
from pages.ui.kit import wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _, show_error
from pages.ui.warning import answering, one_warning

who = guard(Action.SEE_WARNINGS)
st.page_link("early_warnings.py", label=_("Warnings"), icon=":material/arrow_back:")
warning_id = row_id("id")
if warning_id is None:
    st.info(_("Choose a warning from the list."), icon=":material/warning:")
    st.stop()
try:
    with wiring.transaction() as session:
        view = read_warning(session, who, warning_id, now=wiring.now())
        note_warning_read(session, who=who, warning_id=warning_id, now=wiring.now())
except PortalError as error:
    show_error(error)
    st.stop()
items = item_names()
one_warning.heading(view, items)
left, right = st.columns([3, 2], gap="large")
with left:
    one_warning.evidence(view, items)
with right:
    answering.show(who, view)
one_warning.story(view)
