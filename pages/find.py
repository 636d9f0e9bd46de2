"""Find: a page, a station, a person, a case, a file, an item or a case set, by number or words."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui import finding
from pages.ui.kit.address import words
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.MANAGE_OWN_ACCOUNT)
st.title(_("Find"))
typed = words(_("Number or words"), "q", most=finding.LONGEST)
if typed:
    finding.show(who, typed)
else:
    st.caption(finding.hint(who))
