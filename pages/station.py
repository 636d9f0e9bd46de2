"""One station: how it stands, what drives it, and the way to its cases."""

from __future__ import annotations

import streamlit as st

from core.access import Action
from core.results.station_comparison import network
from db.checklists.queries.texts import checklist_texts
from db.people.queries.people import stations as station_rows
from db.results.queries import stations
from pages.ui.kit import wiring
from pages.ui.kit.auth import guard
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.messages import _, escape_markdown, language
from pages.ui.results import (
    filters,
    links,
    past,
    ranking_standing,
    station_figures,
    station_head,
    targets,
)

who = guard(Action.SEE_STATIONS)
read = Reader()
covered = read(stations.covered)
with wiring.reading() as session:
    places = {str(row.id): row for row in station_rows(session)}
station = places.get(st.query_params.get("station", ""))
if station is None or not covered:
    st.title(_("Station"))
    st.info(_("Choose a station from the list of stations."))
    st.page_link("stations.py", label=_("Stations"), icon=":material/arrow_back:")
    st.stop()
top = st.container()
texts = read(checklist_texts)
with st.container(horizontal=True, key="filters"):
    own = read(stations.covered, station.id)
    slice_ = filters.pick_slice(covered, texts, read, usual=own)
    against = past.pick_past(slice_, covered)
now = read(stations.station_figures, slice_)
rows = past.compared(slice_, against, read)
row = next((row for row in rows if row.station == station.id), None)
name = station.name(language())
with top:
    links.link_to_stations(_("Stations"), slice_)
    st.title(escape_markdown(name))
if row is None:
    st.info(
        _("This station has no inspection in this selection. Choose another period or checklist.")
    )
    st.stop()
ranking = ranking_standing.standing(slice_, read.version).snapshot
subject = station_head.StationSubject(
    who=who,
    station=station.id,
    name=name,
    slice_=slice_,
    row=row,
    past=against,
    network=network(now),
    texts=texts[slice_.checklist_id],
    ranking=ranking,
)
with top:
    st.subheader(station_head.headline(subject), anchor=False)
    filters.show_slice(slice_, texts, read, station=name)
    compared_by = _("Stations are compared by the score before critical failures.")
    dots = _("A dot where no change is shown.")
    st.caption(f"{compared_by} {against.sentence} {dots}")
    if adjustment_line := station_head.adjustment(subject):
        st.caption(adjustment_line)
station_head.figures(subject, station_figures.trend_of(subject, read))
station_figures.cases(subject)
targets.show(who, slice_, read, {row.id: row for row in places.values()}, (station.id,), alone=True)
station_figures.trend(subject, read)
station_figures.side_by_side(subject, read)
station_figures.evidence(subject)
station_figures.actions(subject, read)
