"""Which checklist is for what: the table that draws go by, and who changed it."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.checklists.queries.choice import checklists_in_force, choice_table
from db.store.days import portal_day
from pages.ui.checklists import choice
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.EDIT_CHECKLISTS)
with wiring.reading() as session:
    table = choice_table(session, who)
    checklists = checklists_in_force(session, who, portal_day(session, wiring.now()))
st.page_link("checklists.py", label=_("Checklists"), icon=":material/arrow_back:")
st.title(_("Which checklist for what"))
choice.headline(table, checklists)
choice.editor(who, table, checklists)
choice.editions(table, checklists)
