"""What an inspector has scored: taking it back at first, asking for a correction later."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.inspection.queries import scored as work
from db.inspection.queries.corrections import own_corrections as asked_by
from pages.ui.inspection import own_corrections, scored
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SCORE)
now = wiring.now()
with wiring.reading() as session:
    rows = work.scored(
        session, who, since=now - scored.SINCE, recallable_from=now - scored.recall_time()
    )
    asked = asked_by(session, who, since=now - own_corrections.SINCE)

st.title(_("My scored work"))
if assignment := scored.take_back(who, rows):
    st.switch_page("score.py", query_params={"assignment": str(assignment)})
scored.table(rows)
own_corrections.form(who, rows, asked, scored.recall_time())
own_corrections.asked_for(who, asked)
scored.by_checklist(rows)
