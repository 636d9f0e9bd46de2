"""Assignments that wait: giving one to another inspector, taking a chosen one back."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.inspection.queries.coverage import inspectors
from db.inspection.queries.encounter_list import OpenAssignment, open_assignments
from db.inspection.services.assignments import Reassignment, reassign
from db.inspection.services.giving import take_back
from db.inspection.services.photos import photo_file
from db.results.rollups import CHOSEN
from pages.ui.kit import forms, wiring
from pages.ui.kit.address import choice
from pages.ui.kit.messages import _, day, flash, show_error, text_of
from pages.ui.kit.tables import marked_row
from pages.ui.kit.terms import channel_name, sample_name

_MOST_SHOWN = 200


def tab(who: Identity) -> None:
    """The list, and what can be done with the marked one."""
    with wiring.reading() as session:
        people = inspectors(session, who)
    by_code = {str(user_id): name for user_id, name in people.items()}
    chosen = choice(_("Inspector"), "inspector", by_code, _("All inspectors"))
    with wiring.reading() as session:
        rows = open_assignments(
            session, who, inspector_id=int(chosen) if chosen else None, limit=_MOST_SHOWN
        )
    if not rows:
        st.info(_("Nobody has open work."))
        return
    if len(rows) == _MOST_SHOWN:
        st.caption(_("The first {count} that are due.", count=_MOST_SHOWN))
    marked = marked_row(_table(rows), f"waiting_{chosen or 'all'}_{len(rows)}")
    if marked is None:
        st.caption(_("Mark one to give it to another inspector or to take it back."))
        return
    _form(who, rows[marked], people)


def one(who: Identity, assignment_id: int) -> None:
    """What can be done with one that waits; nothing where it waits no more."""
    with wiring.reading() as session:
        people = inspectors(session, who)
        rows = open_assignments(session, who, assignment_id=assignment_id)
    for row in rows:
        _form(who, row, people)


def _table(rows: list[OpenAssignment]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Case"): [row.case for row in rows],
            _("Inspector"): [row.inspector for row in rows],
            _("Due"): [day(row.due_on) for row in rows],
            _("Station"): [row.station for row in rows],
            _("Channel"): [channel_name(row.channel) for row in rows],
            _("Checklist"): [text_of(row.checklist) for row in rows],
            _("Sample"): [sample_name(row.sample_class) for row in rows],
            _("Begun"): [_("Yes") if row.begun else "" for row in rows],
        }
    )


def _form(who: Identity, row: OpenAssignment, people: dict[int, str]) -> None:
    others = [user_id for user_id in people if user_id != row.inspector_id]
    form = f"waiting_{row.assignment_id}"
    with forms.opened(form):
        inspector = st.selectbox(
            _("To another inspector"),
            others,
            index=None,
            format_func=people.__getitem__,
            placeholder=_("Choose the inspector"),
            **forms.choice(form, "inspector", None, others),
        )
        reason = st.text_input(_("Reason"), key=forms.field(form, "reason"))
        begun = row.begun and st.checkbox(
            _("It is begun: its draft may be lost"), **forms.choice(form, "begun", value=False)
        )
        with st.container(horizontal=True):
            key = forms.key(form)
            moved = st.button(_("Give to the other"), type="primary", key=f"{key}_give")
            taken = row.sample_class == CHOSEN and st.button(_("Take back"), key=f"{key}_take")
    wanted = Reassignment(
        assignment_id=row.assignment_id,
        inspector_id=inspector,
        reason=reason,
        begun=bool(begun),
    )
    try:
        with wiring.transaction() as session:
            if moved:
                photos = reassign(session, who=who, wanted=wanted, now=wiring.now())
            elif taken:
                photos = take_back(
                    session,
                    who=who,
                    assignment_id=row.assignment_id,
                    reason=reason,
                    now=wiring.now(),
                )
            else:
                return
            forms.stored(session, form)
    except PortalError as error:
        show_error(error)
        return
    forms.close(form)
    wiring.files().remove(map(photo_file, photos))
    flash(_("Given to the other inspector.") if moved else _("Taken back."))
    st.rerun()
