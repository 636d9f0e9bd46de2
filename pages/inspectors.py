"""Inspectors: who is strict, who agrees with colleagues, and who has changed?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.queries import inspectors, stations
from db.queries.checklist_texts import checklist_texts
from pages.ui import agreement_parts, filters, inspector_lines, inspector_parts, rankings
from pages.ui.auth import guard
from pages.ui.cached import Reader
from pages.ui.messages import _

who = guard(Action.SEE_INSPECTORS)
read = Reader()
covered = read(stations.covered)
st.title(_("Inspectors"))
if not covered:
    st.info(_("No inspection has been submitted yet. Figures appear with the first one."))
    st.stop()
top = st.container()
texts = read(checklist_texts)
with st.container(horizontal=True, key="filters"):
    part = filters.pick_slice(covered, texts)
found = read(inspectors.inspectors, who, part)
if not found:
    st.info(_("Nobody inspected anything in this selection. Choose another period."))
    st.stop()
standing = rankings.standing(part, read.version)
doubles = read(inspectors.doubles_by_inspector, who, part)
drift = inspector_parts.drift(who, part, standing)
lines = inspector_lines.lines(found, standing.snapshot, doubles, drift)
with top:
    st.subheader(inspector_lines.headline(lines), anchor=False)
    st.caption(filters.describe(part, texts))
    rankings.show_standing(part, standing)
it = inspector_parts.Subject(who, part, lines)
inspector_parts.severity(it)
inspector_parts.person(it, read, drift)
st.subheader(_("Agreement on double-scored work"), anchor=False)
agreement_parts.agreement(read(inspectors.doubles, who, part))
by_item = read(inspectors.doubles_by_item, who, part)
agreement_parts.items(who, part, texts[part.checklist_id], by_item)
