"""Practice: how well do people score the cases of a set?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.auth import guard
from pages.ui.messages import _
from pages.ui.practice import opening, results

who = guard(Action.TEACH)
version, round_id = (st.query_params.get(name, "") for name in ("set", "round"))
if round_id.isdecimal():
    results.round_results(who, int(round_id))
elif version.isdecimal():
    opening.form(who, int(version))
else:
    st.title(_("Practice"))
    results.listing(who)
