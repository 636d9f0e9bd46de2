"""Watch an encounter on site: begin one here and score it, or carry a workbook there and back."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from db.inspection.queries import observations
from pages.ui.inspection import observation, offline
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.messages import _

who = guard(Action.SCORE)
with wiring.reading() as session:
    stations = observations.counter_stations(session, who)

st.title(_("New observation"))
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
