"""Handing over several files at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.access import Identity
from db.files.queries.file_list import FileRow
from db.files.queries.handlers import handlers
from db.files.services.steps import hand_over
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, plural

_FORM = "files_handed_over"


def form(who: Identity, rows: Sequence[FileRow]) -> None:
    """To whom the picked files go, and the button that hands them over."""
    with wiring.reading() as session:
        people = handlers(session, who, {row.station_id for row in rows})
    with forms.opened(_FORM), st.container(horizontal=True, vertical_alignment="bottom"):
        owner: int | None = st.selectbox(
            _("Hand over to"),
            list(people),
            format_func=people.__getitem__,
            placeholder=_("Choose a person"),
            width=320,
            **forms.choice(_FORM, "owner", None, list(people)),
        )
        label = plural("Hand over {count} file", "Hand over {count} files", len(rows))
        pressed = st.button(label, type="primary", key=f"{forms.key(_FORM)}_save")
    if not pressed:
        return
    if owner is None:
        st.error(_("Choose a person"))
        return
    ids = [row.file_id for row in rows]
    with change(
        plural("{count} file handed over.", "{count} files handed over.", len(ids)), _FORM
    ) as session:
        hand_over(session, who=who, file_ids=ids, owner_id=owner, now=wiring.now())
