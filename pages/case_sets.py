"""Case sets: what is there to teach from?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.teaching.case_sets import set_list

who = guard(Action.TEACH)
st.title(_("Case sets"))
set_list.new_set(who)
set_list.sets(who)
