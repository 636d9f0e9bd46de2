"""Cases: which are worth teaching?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.cases import case_filter, list_with_preview
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _, language

who = guard(Action.SEE_CASES)
st.title(_("Cases"))
given = case_filter.offer(who)
if given is None:
    st.info(_("No inspection has been submitted yet. Cases appear with the first one."))
    st.stop()
case_filter.lowest_or_best(who)
top = st.container()
wanted = case_filter.filters(given)
mark = case_filter.low_mark(given, wanted)
with top:
    found = list_with_preview.headline(who, wanted, mark)
if found.count:
    list_with_preview.browse(language(), wanted, mark)
else:
    list_with_preview.nothing_found()
