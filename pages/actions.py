"""Actions: what was agreed about findings, what waits, and how it ended."""

from __future__ import annotations

import streamlit as st

from core.access import Action, can
from db.improvements.queries.lists import waiting_actions
from pages.ui.improvements import action_lists
from pages.ui.improvements.action_words import item_names
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.OWN_ACTIONS)
st.title(_("Actions"))
items = item_names()
with wiring.reading() as session:
    waiting = waiting_actions(session, who, now=wiring.now())
st.subheader(action_lists.headline(waiting), anchor=False)
if can(who, Action.PLAN_ACTIONS):
    st.page_link("new_action.py", label=_("Propose an action"), icon=":material/add_task:")
is_open, ended = st.tabs([_("Under way"), _("Ended")], on_change="rerun", key="actions_tab")
if is_open.open:
    with is_open:
        action_lists.open_table(who, items)
if ended.open:
    with ended:
        action_lists.ended_table(who, items)
