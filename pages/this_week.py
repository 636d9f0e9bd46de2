"""This week: what waits for one, what changed for certain, and where to go on."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui import waiting
from pages.ui.kit import days
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.training.trainer_news import news

who = guard(Action.SEE_STATIONS)
today = days.today()
st.title(_("This week"))
waiting.show(who, today)
news(who, today)
waiting.other_pages(who)
