"""When inspectors are absent: the list, and noting another absence."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.inspection.queries.coverage import inspectors
from db.inspection.queries.standing_plan import AbsenceRow, absences
from db.inspection.services.standing_plan import note_absence, strike_absence
from db.store.days import portal_day
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, day, flash, show_error
from pages.ui.kit.tables import marked_row

_ABSENCE = "absence"


def show(who: Identity) -> None:
    """Who is absent today or later, and the form that notes it."""
    st.markdown("#### " + _("Absent inspectors"))
    with wiring.reading() as session:
        today = portal_day(session, wiring.now())
        rows = absences(session, who, on=today)
        people = inspectors(session, who)
    st.caption(
        _(
            "Whoever is absent is given nothing on these days, and they do not count for what is"
            " due. Work that waits already is handed over on Coverage."
        )
    )
    if rows:
        _list(who, rows, today)
    else:
        st.caption(_("Nobody is noted as absent."))
    with st.expander(_("Note an absence"), icon=":material/event_busy:"):
        _form(who, people, today)


def _list(who: Identity, rows: list[AbsenceRow], today: date) -> None:
    table = pd.DataFrame(
        {
            _("Inspector"): [row.name for row in rows],
            _("From"): [day(row.first_day) for row in rows],
            _("To"): [day(row.last_day) for row in rows],
            _("Today"): [_("absent") if row.first_day <= today else "" for row in rows],
        }
    )
    marked = marked_row(table, f"absences_{len(rows)}")
    if marked is None:
        st.caption(_("Select one to strike it out."))
        return
    if not st.button(_("Strike out the absence"), key="strike_absence", icon=":material/undo:"):
        return
    try:
        with wiring.transaction() as session:
            strike_absence(session, who=who, absence_id=rows[marked].id, now=wiring.now())
    except PortalError as error:
        show_error(error)
        return
    flash(_("The absence is struck out."))
    st.rerun()


def _form(who: Identity, people: dict[int, str], today: date) -> None:
    with forms.opened(_ABSENCE):
        left, right = st.columns(2)
        inspector = left.selectbox(
            _("Inspector"),
            list(people),
            index=None,
            format_func=people.__getitem__,
            placeholder=_("Choose the inspector"),
            **forms.choice(_ABSENCE, "inspector", None, list(people)),
        )
        picked: object = right.date_input(
            _("First and last day"), **forms.choice(_ABSENCE, "days", (today, today))
        )
        days = picked if isinstance(picked, tuple) else (picked,)
        if not st.button(_("Note the absence"), type="primary", key=f"{forms.key(_ABSENCE)}_do"):
            return
    ends = (days[0], days[-1]) if days else (today, today)
    with change(_("The absence is noted."), _ABSENCE) as session:
        note_absence(session, who=who, inspector_id=inspector, days=ends, now=wiring.now())
