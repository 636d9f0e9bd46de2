"""What an inspector has scored, and taking back what was only just submitted."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.inspection.queries import scored as work
from pages.ui.inspection import scored
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SCORE)
now = wiring.now()
with wiring.reading() as session:
    rows = work.scored(
        session, who, since=now - scored.SINCE, recallable_from=now - scored.recall_time()
    )

st.title(_("My scored work"))
if assignment := scored.take_back(who, rows):
    st.switch_page("score.py", query_params={"assignment": str(assignment)})
scored.table(rows)
scored.by_checklist(rows)
