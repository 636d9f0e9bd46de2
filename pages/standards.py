"""Standards: what am I judged by?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.checklists import standards
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.MANAGE_OWN_ACCOUNT)
st.title(_("Standards"))
checklists = standards.in_force(who)
if not checklists:
    st.info(_("No checklist is in force yet."), icon=":material/rule:")
    st.stop()
standards.read(who, checklists)
