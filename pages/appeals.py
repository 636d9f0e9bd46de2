"""Appeals: what waits and ended, what they come to, time limits; corrections asked for."""

from __future__ import annotations

import streamlit as st

from core.access import Action, can
from db.appeals.queries.appeals import waiting
from pages.ui.appeals import appeal_figures, queue
from pages.ui.inspection import corrections
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SEE_APPEALS)
decides, amends = can(who, Action.DECIDE_APPEALS), can(who, Action.AMEND)
st.title(_("Appeals"))
with wiring.reading() as session:
    waiting_counts = waiting(session, who, now=wiring.now())
queue.headline(waiting_counts)
if not decides:
    st.caption(_("Of your stations. Appeals are decided by people who had no part in the score."))
if amends:
    corrections.headline(who)
tabs = {
    _("To decide"): queue.waiting_table,
    _("Ended"): queue.ended_table,
    _("By item"): appeal_figures.by_item,
}
if decides:
    tabs[_("Time limits")] = appeal_figures.time_limits
if amends:
    tabs[_("Corrections")] = corrections.waiting_table
opened = st.tabs(list(tabs), on_change="rerun", key="appeals_tab")
for tab, show in zip(opened, tabs.values(), strict=True):
    if tab.open:
        with tab:
            show(who)
