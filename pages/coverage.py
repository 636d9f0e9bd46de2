"""Is everyone sampled enough? Drawing a month's plan, and how far it is worked off."""

from __future__ import annotations

import streamlit as st

from core.access import Action, can
from pages.ui.inspection import coverage
from pages.ui.inspection.handing_over import hand_over_form
from pages.ui.inspection.put_aside import put_aside_list
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SEE_COVERAGE)
st.title(_("Coverage"))
top = st.container()
selection = coverage.pick_selection(who)
with top:
    coverage.headline(who, selection)
if can(who, Action.ASSIGN):
    draw, hand_over = st.columns(2)
    title = _("Draw a sampling plan")
    with draw.expander(title, icon=":material/casino:", key="draw_plan", on_change="rerun") as box:
        coverage.draw_form(who, counted=bool(box.open))
    with hand_over.expander(_("Hand over an inspector's work"), icon=":material/swap_horiz:"):
        hand_over_form(who)
    st.page_link("standing_plan.py", label=_("Standing plan"), icon=":material/event_repeat:")
    st.page_link("give.py", label=_("Give to an inspector"), icon=":material/assignment_ind:")
coverage.tables(who, selection)
put_aside_list(who, selection)
