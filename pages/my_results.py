"""My results: what was found in my own work, beside my team's figures, and nobody else's own."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui import own_results
from pages.ui.appeals.own import all_own, news
from pages.ui.auth import guard
from pages.ui.messages import _, language
from pages.ui.team_figures import beside_team

who = guard(Action.SEE_OWN_RESULTS)
st.title(_("My results"))
news(who)
found = own_results.overview(who)
all_own(who)
if found:
    beside_team(who)
    own_results.browse(language())
