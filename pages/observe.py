"""Watch an encounter on site, or audit a station: begin here and score, or carry a workbook."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.inspection.queries import observations
from pages.ui.inspection import observation, offline, station_audit
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SCORE)
with wiring.reading() as session:
    stations = observations.counter_stations(session, who)

st.title(_("New observation"))
what = {"encounter": _("An encounter at the counter"), "audit": _("A station audit")}
chosen = st.segmented_control(
    _("What is observed"),
    list(what),
    default="encounter",
    required=True,
    format_func=what.__getitem__,
    key="observe_what",
)
if chosen == "audit":
    if audit := station_audit.begin(who):
        st.switch_page("score.py", query_params={"assignment": str(audit)})
    st.stop()
if not stations:
    st.info(_("There is no station with a counter that you may observe."))
    st.stop()
station = observation.choose_station(stations)
with wiring.reading() as session:
    people = observations.people(session, who, station.id) if station else []
    usable = observation.usable_at(session, who, [station] if station else stations)
if not usable or (station and not people):
    st.info(_("Nobody is there to observe, or no checklist for counters is in force."))
    st.stop()
if assignment := observation.begin(who, station, people, usable):
    st.switch_page("score.py", query_params={"assignment": str(assignment)})

st.subheader(_("Without a network"))
offline.explain(usable[0])
offline.take_along(stations, usable[0])
offline.give_back(who)
