"""Cases: which are worth teaching?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.cases import case_filter, case_overview
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
    figures = case_overview.headline(who, criteria, mark)
    case_filter.not_searched_for(criteria.words)
if figures.count:
    case_overview.browse(language(), criteria, mark)
else:
    case_overview.nothing_found(criteria.words)
