"""Jobs: what is done in the background, for whom, how far it is and what came of it."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from core.jobs.kinds import KEPT
from pages.ui.jobs.job_list import job_list, state_field
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.RUN_JOBS)
st.title(_("Jobs"))
st.caption(
    _(
        "What the portal does in the background: imports, rankings, and what is due every minute,"
        " every hour or every night. Of what is due often only the last time is listed; everything"
        " else for {days} days.",
        days=KEPT.days,
    )
)
job_list(who, state_field())
