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
    places = observations.places(session, who)

st.title(_("New observation"))
if not places:
    st.info(_("There is no station with a counter that you may observe."))
    st.stop()
place = observation.choose_place(places)
with wiring.reading() as session:
    people = observations.people(session, who, place.id) if place else []
    usable = observation.usable_at(session, who, [place] if place else places)
if not usable or (place and not people):
    st.info(_("Nobody is there to observe, or no checklist for counters is in force."))
    st.stop()
if assignment := observation.begin(who, place, people, usable):
    st.switch_page("score.py", query_params={"assignment": str(assignment)})

st.subheader(_("Without a network"))
offline.explain(usable[0])
offline.take_along(places, usable[0])
offline.give_back(who)
