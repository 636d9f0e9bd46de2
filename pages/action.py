"""One action: finding, what is done, effect, and what comes next."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from core.errors import PortalError
from db.improvements.queries.one import action as read_action
from db.improvements.services.carrying_out import note_improvement_read
from pages.ui.improvements import next_steps, one_action
from pages.ui.improvements.action_words import item_names
from pages.ui.kit import wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _, show_error

who = guard(Action.OWN_ACTIONS)
st.page_link("actions.py", label=_("Actions"), icon=":material/arrow_back:")
action_id = row_id("id")
if action_id is None:
    st.info(_("Choose an action from the list."), icon=":material/build_circle:")
    st.stop()
try:
    with wiring.transaction() as session:
        view = read_action(session, who, action_id)
        note_improvement_read(session, who=who, improvement_id=action_id, now=wiring.now())
except PortalError as error:
    show_error(error)
    st.stop()
st.title(_("Action {number}", number=action_id))
one_action.heading(view)
one_action.panels(view, item_names())
next_steps.show(who, view)
one_action.story(view)
