"""One case set: its cases in order, and what is taught from each."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.teaching.case_sets import lesson, one_set

who = guard(Action.TEACH)
st.page_link("case_sets.py", label=_("Case sets"), icon=":material/arrow_back:")
view = one_set.set_of_address(who)
if view is None:
    st.stop()
one_set.heading(view)
one_set.actions(who, view)
if not view.members:
    one_set.empty()
    st.stop()
left, right = st.columns([2, 5], gap="medium")
with left:
    member = one_set.members(view)
with right:
    lesson.show_case(who, view, member)
