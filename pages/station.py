"""One station: how it stands, what drives it, and the way to its cases."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from core.results.comparison import compare, network
from db.checklists.queries.texts import checklist_texts
from db.people.queries.people import stations as station_rows
from db.results.queries import stations
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.cached import Reader
from pages.ui.kit.markdown import escape_markdown
from pages.ui.kit.messages import _, language
from pages.ui.results import (
    filters,
    links,
    ranking_standing,
    station_evidence,
    station_figures,
    station_head,
    station_staff,
)

who = guard(Action.SEE_STATIONS)
read = Reader()
covered = read(stations.covered)
with wiring.reading() as session:
    places = {str(row.id): row for row in station_rows(session)}
place = places.get(st.query_params.get("station", ""))
if place is None or not covered:
    st.title(_("Station"))
    st.info(_("Choose a station from the list of stations."))
    st.page_link("stations.py", label=_("Stations"), icon=":material/arrow_back:")
    st.stop()
top = st.container()
texts = read(checklist_texts)
with st.container(horizontal=True, key="filters"):
    part = filters.pick_slice(covered, texts)
now = read(stations.station_figures, part)
past = read(stations.station_figures, part.during(part.period.previous()))
row = next((row for row in compare(now, past) if row.station == place.id), None)
name = place.name(language())
with top:
    links.link_to_stations(_("Stations"), part)
    st.title(escape_markdown(name))
if row is None:
    st.info(_("This station has no inspection in this selection. Choose another period."))
    st.stop()
ranking = ranking_standing.standing(part, read.version).snapshot
it = station_head.Subject(
    who, place.id, name, part, row, network(now), texts[part.checklist_id], ranking
)
with top:
    st.subheader(station_head.headline(it), anchor=False)
    st.caption(
        f"{filters.describe(part, texts)} · {_('compared by the score before critical failures')}"
    )
    if said := station_head.adjustment(it):
        st.caption(said)
station_head.figures(it)
station_figures.cases(it)
station_figures.trend(it, read)
left, right = st.columns(2, gap="medium")
with left:
    station_figures.sections(it, read)
    station_figures.months(it, read)
    station_figures.channels(it, read)
with right:
    station_figures.items(it, read)
    station_figures.critical(it, read)
    station_staff.staff(it)
station_evidence.evidence(it)
