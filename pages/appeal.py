"""One appeal: the encounter beside what is contested, and the decision."""

from __future__ import annotations

import streamlit as st

from core.access import Action, can
from core.appeals.states import AppealState
from core.errors import PortalError
from core.improvements.terms import Subject
from db.appeals.queries.appeals import appeal as read_appeal
from pages.ui.appeals import decision
from pages.ui.encounters import case_view
from pages.ui.encounters.case_view import opened
from pages.ui.encounters.reading.panes import contents, reading_panes
from pages.ui.improvements import action_lists
from pages.ui.kit import wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _, show_error

who = guard(Action.SEE_APPEALS)
st.page_link("appeals.py", label=_("Appeals"), icon=":material/arrow_back:")
appeal_id = row_id("id")
if appeal_id is None:
    st.info(_("Choose an appeal from the list."), icon=":material/gavel:")
    st.stop()
try:
    with wiring.reading() as session:
        appeal = read_appeal(session, who, appeal_id)
except PortalError as error:
    show_error(error)
    st.stop()
view = opened(who, appeal.inspection_id)
if view is None:
    st.stop()
case_view.heading(view)
decision.heading(appeal)
case_view.state_notice(view)
case_view.figures(view)
left, right = st.columns(2)
with left:
    reading_panes("appealed_case", contents(view))
with right:
    if not can(who, Action.DECIDE_APPEALS):
        decision.points_to_read(appeal)
    elif appeal.state != AppealState.OPEN:
        decision.points(appeal)
    elif appeal.barred:
        st.warning(_("You had a part in this score, so somebody else decides."))
        decision.points(appeal)
    else:
        decision.form(appeal, view)
about = (Subject.APPEAL, str(appeal_id))
action_lists.here(who, station_id=appeal.station_id, about=about)
case_view.ledger(view)
case_view.history(view)
