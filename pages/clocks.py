"""Clocks and calendars: limits and states of all clocks, and what events are called elsewhere."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.clocks import event_names, limits
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SET_CLOCKS)
st.title(_("Clocks and calendars"))
clocks, names = st.tabs([_("Clocks"), _("Names of events")], on_change="rerun", key="clocks_tab")
if clocks.open:
    with clocks:
        limits.show(who)
if names.open:
    with names:
        event_names.show(who)
