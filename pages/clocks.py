"""Clocks and calendars: which events clocks know, and what other systems call them."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.clocks import event_names
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SET_CLOCKS)
st.title(_("Clocks and calendars"))
event_names.show(who)
