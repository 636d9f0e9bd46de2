"""What is kept about me: what is recorded and scored, why, how long, and who opened it."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.safekeeping import own_record

who = guard(Action.SEE_OWN_RESULTS)
st.title(_("What is kept about me"))
own_record.show(who)
