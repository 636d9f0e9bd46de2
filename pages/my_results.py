"""My results: what was found in my own work, beside my team's figures, and nobody else's own."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.appeals.own_appeals import all_own
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _, language
from pages.ui.results import own_results
from pages.ui.results.team_figures import beside_team
from pages.ui.safekeeping import own_record
from pages.ui.training.first_steps import first_steps

who = guard(Action.SEE_OWN_RESULTS)
st.title(_("My results"))
st.page_link("standards.py", label=_("What am I judged by?"), icon=":material/menu_book:")
own_record.ask_to_read(who)
has_results = own_results.overview(who)
all_own(who)
if has_results:
    beside_team(who)
    own_results.browse(language())
else:
    first_steps(who)
