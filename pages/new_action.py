"""A new action, proposed: from a finding to how one will see whether it helped."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.improvements import proposing
from pages.ui.improvements.action_words import item_names
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.PLAN_ACTIONS)
st.page_link("actions.py", label=_("Actions"), icon=":material/arrow_back:")
st.title(_("Propose an action"))
if (action_id := proposing.form(who, item_names())) is not None:
    st.switch_page("action.py", query_params={"id": str(action_id)})
