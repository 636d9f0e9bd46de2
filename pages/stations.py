"""Stations: who is really different?"""

from __future__ import annotations

import streamlit as st

from core.access import Action, can, visible_stations
from core.periods import Period, shift
from core.results.station_comparison import network
from db.checklists.queries.texts import checklist_texts
from db.people.queries.people import stations as station_rows
from db.results.queries import stations
from pages.ui.improvements import action_lists
from pages.ui.kit import wiring
from pages.ui.kit.address import pill
from pages.ui.kit.auth import guard
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.messages import _
from pages.ui.results import (
    customer_ratings,
    filters,
    links,
    measure_ranking,
    measured_stations,
    past,
    ranking_standing,
    ranking_view,
    targets,
)
from pages.ui.results.station_lines import plain_lines, ranked_lines, told_changes

who = guard(Action.SEE_STATIONS)
read = Reader()
covered = read(stations.covered)
st.title(_("Stations"))
action_lists.link(who)
if not covered:
    st.info(_("No inspection has been submitted yet. Figures appear with the first one."))
    st.stop()
top = st.container()
texts = read(checklist_texts)
with wiring.reading() as session:
    places = {row.id: row for row in station_rows(session)}
with st.container(horizontal=True, key="filters"):
    slice_ = filters.pick_slice(covered, texts, read)
    group = filters.pick_group(places.values())
    against = past.pick_past(slice_, covered)
by = pill(_("Ranked by"), "by", measured_stations.BY, measured_stations.by_name)
now = read(stations.station_figures, slice_)
shown = frozenset(station for station in now if group.holds(places[station]))
if not shown:
    st.info(_("There is no inspection in this selection. Choose another period."))
    st.stop()
own = visible_stations(who, Action.SEE_STAFF_NAMES) if can(who, Action.SEE_STAFF_NAMES) else None
if by == "ratings":
    ratings = customer_ratings.rated(who, slice_, network(now).inspections)
    with top:
        st.subheader(customer_ratings.headline(ratings), anchor=False)
        filters.show_slice(slice_, texts, read)
    click = customer_ratings.show(ratings, measured_stations.names(places, own, shown), shown)
    links.follow(who, click, slice_)
    st.stop()
if by != "score":
    ranked = measured_stations.ranked_by(by, slice_, read, shown)
    with top:
        st.subheader(measured_stations.headline(ranked, places), anchor=False)
        filters.show_slice(slice_, texts, read)
    click = measure_ranking.show(ranked, measured_stations.names(places, own, shown))
    links.follow(who, click, slice_, critical=by == "critical")
    st.stop()
year = slice_.during(Period(shift(slice_.period.last, -11), slice_.period.last))
everything = past.compared(slice_, against, read)
rows = [row for row in everything if row.station in shown]
months, history = year.period.months(), read(stations.station_months, year)
told = told_changes(rows, history, is_year_ago=against.is_year_ago)
ranking = ranking_standing.standing(slice_, read.version)
if ranking.snapshot is not None:
    lines = ranked_lines(ranking.snapshot, rows, places, history, months, told)
else:
    lines = plain_lines(rows, places, history, months, network(now).before.mean, told)
with top:
    st.subheader(ranking_view.headline(lines), anchor=False)
    filters.show_slice(slice_, texts, read)
    ranking_standing.show_standing(slice_, ranking)
click = ranking_view.show(
    lines,
    target=texts[slice_.checklist_id].pass_mark,
    past=against,
    own=own,
)
if ranking.snapshot is not None:
    ranking_view.explain(lines, ranking.snapshot.assignment)
targets.show(who, slice_, read, places, shown)
links.follow(who, click, slice_)
