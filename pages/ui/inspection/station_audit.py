"""The form that begins a station audit on site."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.clock.days import day_of
from core.errors import PortalError
from db.inspection.queries.observations import audit_forms, audit_stations
from db.inspection.services.station_audits import StationAudit, begin_audit, half_year
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, show_error, text_of

_WIDTH = 480


def begin(who: Identity) -> int | None:
    """The form; the assignment once it is begun. Begun twice it is the same one."""
    with wiring.reading() as session:
        stations = audit_stations(session, who)
    station = st.selectbox(
        _("Station"),
        stations,
        index=None,
        format_func=lambda one: f"{one.code} {text_of(one.names)}",
        placeholder=_("Choose the station"),
        key="audit_station",
        width=_WIDTH,
    )
    if station is None:
        st.caption(_("Your own station is not among them: nobody audits their own."))
        return None
    day = day_of(wiring.now(), station.timezone)
    with wiring.reading() as session:
        forms = audit_forms(session, who, station.id, day)
    if not forms:
        st.info(_("No checklist for audits is in force there."))
        return None
    form = st.selectbox(
        _("Checklist"),
        forms,
        index=None,
        format_func=lambda one: text_of(one.checklist.title),
        placeholder=_("Choose a checklist"),
        key="audit_form",
        width=_WIDTH,
    )
    st.caption(_("One audit with each form for each half-year; now {half}.", half=half_year(day)))
    begins = st.button(
        _("Begin the audit"),
        type="primary",
        icon=":material/fact_check:",
        disabled=form is None,
    )
    if form is None or not begins:
        return None
    wanted = StationAudit(station_id=station.id, checklist_version_id=form.version_id)
    try:
        with wiring.transaction() as session:
            return begin_audit(session, who=who, wanted=wanted, now=wiring.now()).id
    except PortalError as error:
        show_error(error)
        return None
