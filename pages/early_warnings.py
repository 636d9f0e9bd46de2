"""Warnings: what became worse by more than chance explains, who has it, how it ended."""

from __future__ import annotations

import streamlit as st

from core.access import Action, can
from db.warning.queries.lists import Which, waiting_warnings
from pages.ui.improvements.action_words import item_names
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.warning import rule_forms, warning_lists

who = guard(Action.SEE_WARNINGS)
st.title(_("Warnings"))
items = item_names()
with wiring.reading() as session:
    waiting = waiting_warnings(session, who, now=wiring.now())
st.subheader(warning_lists.headline(waiting), anchor=False)
warning_lists.looked_at(who)
titles = [_("Raised"), _("Suspected"), _("Ended")]
if can(who, Action.SET_WARNINGS):
    titles.append(_("Rules"))
tabs = st.tabs(titles, on_change="rerun", key="warnings_tab")
nothings = [
    _("No warning is raised."),
    _("Nothing is suspected."),
    _("No warning has ended yet."),
]
for tab, which, nothing in zip(tabs, Which, nothings, strict=False):
    if tab.open:
        with tab:
            warning_lists.table(who, which, items, nothing)
if can(who, Action.SET_WARNINGS) and tabs[-1].open:
    with tabs[-1]:
        rule_forms.show(who)
