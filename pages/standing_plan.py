"""The standing plan: what it draws by itself, who is absent, and every draw there was."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.inspection.queries.standing_plan import standing_plan
from pages.ui.inspection import absences, drawn_plans
from pages.ui.inspection import standing_plan as plan_view
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.ASSIGN)
with wiring.reading() as session:
    current = standing_plan(session, who)
st.page_link("coverage.py", label=_("Coverage"), icon=":material/arrow_back:")
st.title(_("Standing plan"))
plan_view.headline(who, current)
with st.expander(_("Change the plan"), icon=":material/tune:", expanded=not current.number):
    plan_view.form(who, current)
plan_view.months(who, current)
absences.show(who)
drawn_plans.show(who)
