"""Audit: who did what, when and why."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _
from pages.ui.safekeeping import audit_log

who = guard(Action.SEE_AUDIT)
st.title(_("Audit"))
st.caption(
    _("Every sign-in, every opening of a case and every change. Entries are only ever added.")
)
audit_log.seals(who)
audit_log.log(who, audit_log.filters(who))
