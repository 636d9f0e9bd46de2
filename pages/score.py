"""Score one encounter after another."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.inspection.queries.queue import QueueFilter, next_assignment
from pages.ui.inspection.pad.component import scoring_pad
from pages.ui.kit import days, wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SCORE)
assignment = row_id("assignment")
only = QueueFilter.of_address(st.query_params.to_dict())
if assignment is None:
    with wiring.reading() as session:
        assignment = next_assignment(session, who, today=days.today(), only=only)
    if assignment is not None:
        st.query_params["assignment"] = str(assignment)  # the same one when the page reruns
if assignment is None:
    st.info(_("Nothing is waiting in your queue."), icon=":material/task_alt:")
    st.page_link("my_work.py", label=_("My work"))
elif scoring_pad(assignment, only.as_address()):
    st.switch_page("my_work.py", query_params=only.as_address())
