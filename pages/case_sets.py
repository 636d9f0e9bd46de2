"""Case sets: what is there to teach from?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.auth import guard
from pages.ui.case_sets import listing
from pages.ui.messages import _

who = guard(Action.TEACH)
st.title(_("Case sets"))
listing.new_set(who)
listing.sets(who)
