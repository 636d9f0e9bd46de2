"""Switching kinds of files on and off, for administrators.

Problems, complaints and work orders are always on; the others are in no menu until switched on.
"""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.files.kinds import ON_FROM_THE_START, Kind
from db.files.services.kinds_in_use import kinds_in_use, switch_kinds
from pages.ui.files.file_words import kind_name
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _
from pages.ui.kit.phrases import listed

_FORM = "file_kinds"


def show(who: Identity) -> None:
    """Which kinds are always on, and the others to choose from."""
    others = [kind for kind in Kind if kind not in ON_FROM_THE_START]
    with wiring.reading() as session:
        switched = [kind for kind in kinds_in_use(session) if kind in others]
    always = listed([kind_name(kind) for kind in Kind if kind in ON_FROM_THE_START])
    st.markdown(_("Always on: {kinds}.", kinds=always))
    with forms.opened(_FORM):
        extra = st.multiselect(
            _("Also in use"),
            others,
            format_func=kind_name,
            placeholder=_("No other kind"),
            **forms.choice(_FORM, "kinds", switched, others),
        )
        st.caption(_("A kind that is switched off leaves menus and lists; its files stay stored."))
        if not st.button(_("Save"), type="primary", key=f"{forms.key(_FORM)}_save"):
            return
    with change(_("Saved."), _FORM) as session:
        switch_kinds(session, who=who, kinds=frozenset(extra), now=wiring.now())
