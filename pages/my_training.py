"""My training: what is due, what I took, and the exam to sit."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.kit import days
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.training.exam import sitting
from pages.ui.training.own_training import own_view

who = guard(Action.SEE_OWN_RESULTS)
st.title(_("My training"))
if not sitting(who):
    own_view(who, days.today())
