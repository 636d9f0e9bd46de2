"""My practice: what is there to score, and how did I do?"""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.teaching.practice import own_practice

who = guard(Action.PRACTISE)
st.title(_("My practice"))
own_practice.rounds(who)
