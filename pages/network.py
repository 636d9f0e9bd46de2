"""Network: where do stations differ, and what has changed?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.checklists.queries.texts import checklist_texts
from db.results.queries import stations
from pages.ui.kit.auth import guard
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.messages import _
from pages.ui.results import all_checklists, filters, network_compare, network_figures

who = guard(Action.SEE_STATIONS)
read = Reader()
covered = read(stations.covered)
st.title(_("Network"))
if not covered:
    st.info(_("No inspection has been submitted yet. Figures appear with the first one."))
    st.stop()
top = st.container()
texts = read(checklist_texts)
places = network_figures.places()
with st.container(horizontal=True, key="filters"):
    slice_ = filters.pick_slice(covered, texts, read)
    group = filters.pick_group(places.values())
subject = network_figures.NetworkSubject(who, slice_, group, texts[slice_.checklist_id], places)
total = network_figures.totals(subject, read)
if not total.figures.inspections:
    st.info(_("There is no inspection in this selection. Choose another period."))
    st.stop()
cells = network_figures.cells(subject, read)
with top:
    st.subheader(network_figures.headline(cells), anchor=False)
    filters.show_slice(slice_, texts, read)
network_figures.figures(total)
left, right = st.columns([6, 5], gap="medium")
with left:
    network_figures.heat_map(subject, cells)
with right:
    network_figures.stations_table(subject, read)
st.subheader(_("Compared with another period or other stations"), anchor=False)
with st.container(horizontal=True, key="other"):
    other = network_compare.pick_other(subject, covered)
network_compare.show(subject, other, read)
all_checklists.show(subject, read, texts)
