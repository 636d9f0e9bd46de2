"""Network: where do stations differ, and what has changed?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.queries import stations
from db.queries.checklist_texts import checklist_texts
from pages.ui import filters, network_compare, network_parts, network_stations
from pages.ui.auth import guard
from pages.ui.cached import Reader
from pages.ui.messages import _

who = guard(Action.SEE_STATIONS)
read = Reader()
covered = read(stations.covered)
st.title(_("Network"))
if not covered:
    st.info(_("No inspection has been submitted yet. Figures appear with the first one."))
    st.stop()
top = st.container()
texts = read(checklist_texts)
places = network_parts.places()
with st.container(horizontal=True, key="filters"):
    part = filters.pick_slice(covered, texts)
    group = filters.pick_group(places.values())
it = network_parts.Subject(who, part, group, texts[part.checklist_id], places)
whole = network_parts.whole(it, read)
if not whole.figures.inspections:
    st.info(_("There is no inspection in this selection. Choose another period."))
    st.stop()
cells = network_parts.cells(it, read)
with top:
    st.subheader(network_parts.headline(cells), anchor=False)
    st.caption(filters.describe(part, texts))
network_parts.figures(whole)
left, right = st.columns([6, 5], gap="medium")
with left:
    network_parts.heat_map(it, cells)
with right:
    network_stations.stations_table(it, read)
st.subheader(_("Compared with another period or other stations"), anchor=False)
with st.container(horizontal=True, key="other"):
    other = network_compare.pick_other(it, covered)
network_compare.show(it, other, whole, network_parts.whole(other, read))
