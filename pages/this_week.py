"""This week: what is new for trainers, and where to begin."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.improvements import action_lists
from pages.ui.kit import days
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.training.trainer_news import news

who = guard(Action.PLAN_TRAINING)
st.title(_("This week"))
action_lists.link(who)
news(who, days.today())
