"""Score the cases of a practice, one after another."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.teaching.queries.practice import next_task
from pages.ui.inspection.pad.component import practice_pad
from pages.ui.kit import wiring
from pages.ui.kit.address import row_id
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.PRACTISE)
task, round_id = row_id("assignment"), row_id("round")
if task is None and round_id is not None:
    with wiring.reading() as session:
        task = next_task(session, who, round_id)
    if task is not None:
        st.query_params["assignment"] = str(task)  # the same one when the page reruns
if task is None:
    st.info(_("No case is waiting."), icon=":material/task_alt:")
    st.page_link("my_practice.py", label=_("My practice"))
elif practice_pad(task):
    st.switch_page("my_practice.py")
