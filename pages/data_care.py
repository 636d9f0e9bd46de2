"""Data and backups: whether they are safe, how long they are kept, and who asks for theirs."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.safekeeping.queries.safety import safety
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.safekeeping import data_care, information_editor, keeping_times, person_data

who = guard(Action.KEEP_DATA)
st.title(_("Data and backups"))
with wiring.reading() as session:
    safety_figures = safety(session, who)
backups, keeping, persons, information = st.tabs(
    [_("Backups"), _("Time of keeping"), _("A person's data"), _("Information sheet")],
    on_change="rerun",
    key="data_care_tab",
)
if backups.open:
    with backups:
        data_care.backups(safety_figures)
if keeping.open:
    with keeping:
        keeping_times.keeping(who, safety_figures)
if persons.open:
    with persons:
        person_data.requests(who)
if information.open:
    with information:
        information_editor.show(who)
