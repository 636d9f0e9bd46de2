"""Give certain encounters to an inspector; give one that waits to another, or take it back."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.inspection import giving, waiting
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.ASSIGN)
st.page_link("coverage.py", label=_("Coverage"), icon=":material/arrow_back:")
st.title(_("Give to an inspector"))
st.caption(
    _(
        "What is chosen here is scored and can be read like any other, and is in no mean and no "
        "ranking: those are of encounters drawn at random."
    )
)
choose, waits = st.tabs([_("Encounters"), _("Waiting")], on_change="rerun", key="give_tab")
if choose.open:
    with choose:
        giving.tab(who)
if waits.open:
    with waits:
        waiting.tab(who)
