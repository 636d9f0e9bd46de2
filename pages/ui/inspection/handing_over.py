"""The form by which the open work of an inspector who is away goes to others."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.inspection.queries.coverage import InspectorLoad, waiting
from db.inspection.services.assignments import hand_over
from db.inspection.services.photos import photo_file
from pages.ui.kit import forms, wiring
from pages.ui.kit.messages import _, flash, show_error

_HAND_OVER = "hand_over"


def hand_over_form(who: Identity) -> None:
    with wiring.reading() as session:
        rows = waiting(session, who)
    if not rows:
        st.caption(_("Nobody has open work."))
        return
    with forms.opened(_HAND_OVER):
        by_id = {row.user_id: row for row in rows}
        absent = st.selectbox(
            _("Inspector"),
            list(by_id),
            index=None,
            format_func=lambda user_id: _waiting(by_id[user_id]),
            placeholder=_("Choose the inspector"),
            **forms.choice(_HAND_OVER, "inspector", None, list(by_id)),
        )
        reason = st.text_input(_("Reason"), key=forms.field(_HAND_OVER, "reason"))
        begun = st.checkbox(
            _("Also what is begun: its drafts are lost, as whoever comes next scores blind"),
            **forms.choice(_HAND_OVER, "begun", value=False),
        )
        if not st.button(_("Hand over"), key=f"{forms.key(_HAND_OVER)}_do"):
            return
    try:
        with wiring.transaction() as session:
            done = hand_over(
                session,
                who=who,
                inspector_id=absent,
                reason=reason,
                now=wiring.now(),
                begun=begun,
            )
            forms.stored(session, _HAND_OVER)
    except PortalError as error:
        show_error(error)
        return
    forms.close(_HAND_OVER)
    wiring.files().remove(map(photo_file, done.photos))
    flash(_("Handed over: {moved}. Stay there: {kept}.", moved=done.moved, kept=done.staying))
    st.rerun()


def _waiting(row: InspectorLoad) -> str:
    text = _("{name}: {open} open, {begun} begun", name=row.name, open=row.open, begun=row.begun)
    return text if row.active else f"{text} · {_('inactive')}"
