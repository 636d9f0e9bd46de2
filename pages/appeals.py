"""Appeals: what waits for a decision, what ended, what they come to, and the time limits."""

from __future__ import annotations

import streamlit as st

from core.access import Action, can
from db.appeals.queries.appeals import waiting
from pages.ui.appeals import appeal_figures, queue
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SEE_APPEALS)
decides = can(who, Action.DECIDE_APPEALS)
st.title(_("Appeals"))
with wiring.reading() as session:
    waiting_counts = waiting(session, who, now=wiring.now())
queue.headline(waiting_counts)
if not decides:
    st.caption(_("Of your stations. Appeals are decided by people who had no part in the score."))
names = [_("To decide"), _("Ended"), _("By item"), *([_("Time limits")] if decides else [])]
to_decide, ended, by_item, *limits = st.tabs(names, on_change="rerun", key="appeals_tab")
if to_decide.open:
    with to_decide:
        queue.waiting_table(who)
if ended.open:
    with ended:
        queue.ended_table(who)
if by_item.open:
    with by_item:
        appeal_figures.by_item(who)
for tab in limits:
    if tab.open:
        with tab:
            appeal_figures.time_limits(who)
