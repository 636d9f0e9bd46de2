"""Practice: how well do people score the cases of a set?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.teaching.practice import round_results

who = guard(Action.TEACH)
version, round_id = row_id("set"), row_id("round")
if round_id is not None:
    round_results.round_results(who, round_id)
elif version is not None:
    round_results.form(who, version)
else:
    st.title(_("Practice"))
    round_results.listing(who)
