"""One case: what was lost, where in the encounter, and how the score came about."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from core.inspection.states import InspectionState
from pages.ui.appeals.scores_changed import case_notice
from pages.ui.cases.case_filter import link_back
from pages.ui.cases.similar_cases import similar
from pages.ui.encounters import case_view
from pages.ui.encounters.case_view import opened
from pages.ui.encounters.reading.panes import contents, reading_panes
from pages.ui.inspection import amending, corrections
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.safekeeping import consent, unmasking
from pages.ui.teaching.case_sets import adding_cases

who = guard(Action.SEE_CASES)
link_back()
inspection_id = row_id("id")
if inspection_id is None:
    st.info(_("Choose a case from the list."), icon=":material/folder_open:")
    st.stop()
view = opened(who, inspection_id)
if view is None:
    st.stop()
case_view.heading(view)
case_view.state_notice(view)
case_notice(who, view)
corrections.case_notice(who, view)
case_view.figures(view)
with st.container(horizontal=True, key="case_buttons"):
    amending.buttons(who, view)
    usable = view.state == InspectionState.VALID and not view.closed
    words = st.query_params.get("words", "")
    adding_cases.add_to_set(who, [view.inspection_id] if usable else [], words=words)
    adding_cases.training_mark(who, view.inspection_id)
    if not view.closed:
        unmasking.button(who, view)
    consent.button(who, view)
if amending.is_amending(view):
    left, right = st.columns(2)
    with left:
        reading_panes("amended_case", contents(view, losses=False))
    with right:
        amending.form(view)
else:
    reading_panes("case", contents(view, words=st.query_params.get("words", "")))
similar(who, view)
case_view.ledger(view)
case_view.history(view)
