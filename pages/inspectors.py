"""Inspectors: who is strict, who agrees with colleagues, and who has changed?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.checklists.queries.texts import checklist_texts
from db.inspectors.queries import figures
from db.results.queries import stations
from pages.ui.inspectors import agreement, answer_patterns, inspector_figures
from pages.ui.inspectors import inspector_rows as inspector_lines
from pages.ui.kit.auth import guard
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.messages import _
from pages.ui.results import filters, ranking_standing

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
    slice_ = filters.pick_slice(covered, texts, read, counted=figures.inspector_facets)
inspectors = read(figures.inspectors, who, slice_)
if not inspectors:
    st.info(_("Nobody inspected anything in this selection. Choose another period."))
    st.stop()
standing = ranking_standing.standing(slice_, read.version)
doubles = read(figures.doubles_by_inspector, who, slice_)
drift = inspector_figures.drift(who, slice_, standing)
lines = inspector_lines.lines(inspectors, standing.snapshot, doubles, drift)
with top:
    st.subheader(inspector_lines.headline(lines), anchor=False)
    filters.show_slice(slice_, texts, read)
    ranking_standing.show_standing(slice_, standing)
subject = inspector_figures.InspectorsSubject(who, slice_, lines)
inspector_figures.severity(subject)
inspector_figures.person(subject, read, drift)
st.subheader(_("Agreement on double-scored work"), anchor=False)
agreement.agreement(read(figures.doubles, who, slice_))
by_item = read(figures.doubles_by_item, who, slice_)
agreement.items(who, slice_, texts[slice_.checklist_id], by_item)
answer_patterns.shown_to_inspectors(who)
st.page_link(
    "fairness.py",
    label=_("Is the checklist, or its use, hard on some of those scored?"),
    icon=":material/diversity_3:",
    query_params=filters.address(slice_),
)
