"""Effects: whether each training worked, the rebound of chance taken out."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.training.effects import effects_view

who = guard(Action.PLAN_TRAINING)
st.title(_("Effects"))
effects_view(who)
