"""Cases: which are worth teaching?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.cases import case_filter, list_with_preview
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _, language

who = guard(Action.SEE_CASES)
st.title(_("Cases"))
options = case_filter.offer(who)
if options is None:
    st.info(_("No inspection has been submitted yet. Cases appear with the first one."))
    st.stop()
case_filter.lowest_or_best(who)
top = st.container()
criteria = case_filter.filters(options)
mark = case_filter.low_mark(options, criteria)
with top:
    figures = list_with_preview.headline(who, criteria, mark)
if figures.count:
    list_with_preview.browse(language(), criteria, mark)
else:
    list_with_preview.nothing_found()
