"""Clocks and calendars: limits of clocks, hours of stations, what events are called elsewhere."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.clocks import calendars, event_names, file_limits, limits
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SET_CLOCKS)
st.title(_("Clocks and calendars"))
labels = (_("Clocks"), _("Clocks of files"), _("Calendars"), _("Names of events"))
tabs = st.tabs(labels, on_change="rerun", key="clocks_tab")
for tab, view in zip(tabs, (limits, file_limits, calendars, event_names), strict=True):
    if tab.open:
        with tab:
            view.show(who)
