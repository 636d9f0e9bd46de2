"""Fairness: is a checklist, or its use, hard on those of one language, shift, channel or post?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.checklists.queries.texts import checklist_texts
from db.results.queries import item_cells, score_cells, stations
from db.results.queries.facets import facet_counts
from pages.ui.inspectors import leans
from pages.ui.kit.auth import guard
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.messages import _
from pages.ui.results import filters, group_appeals, group_figures, group_items

who = guard(Action.SEE_INSPECTORS)
read = Reader()
covered = read(stations.covered)
st.title(_("Fairness"))
if not covered:
    st.info(_("No inspection has been submitted yet. Figures appear with the first one."))
    st.stop()
top = st.container()
texts = read(checklist_texts)
with st.container(horizontal=True, key="filters"):
    slice_ = filters.pick_slice(covered, texts, read)
groupings = read(score_cells.group_scores, who, slice_)
if not read(facet_counts, slice_):
    st.info(
        _(
            "There are no inspections in this selection, or their groups are not known before the "
            "figures are rebuilt (python -m db rebuild)."
        )
    )
    st.stop()
with top:
    st.subheader(group_figures.headline(groupings), anchor=False)
    filters.show_slice(slice_, texts, read)
for grouping in groupings:
    group_figures.show(grouping)
if groupings:
    names = tuple(grouping.by for grouping in groupings)
    items = read(item_cells.item_fairness, who, slice_, names)
    group_items.show(items, texts[slice_.checklist_id])
    group_appeals.show(who, slice_, names)
leans.shown_to_inspectors(who)
