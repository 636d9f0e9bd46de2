"""The charts and tables of a station's page."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.periods import Period, shift
from db.results.queries import stations
from pages.ui.kit.cached import Reader
from pages.ui.kit.chart_view import show_chart
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, text_of
from pages.ui.results import links, station_charts, station_trend
from pages.ui.results.station_head import Subject
from pages.ui.results.station_trend import MEASURES, Measure, measure_name

_TREND_MONTHS = 24


def trend(it: Subject, read: Reader) -> None:
    """A figure by month; a click on a month opens its cases."""
    chosen = _measure()
    last = it.part.period.last
    span = Period(shift(last, 1 - _TREND_MONTHS), last)
    found = read(stations.trend, it.part.during(span), it.station)
    if not found:
        return
    drawn = station_trend.trend_chart(found, span, chosen)
    picked = show_chart(drawn, f"trend_{chosen}", clickable=it.may_open_cases)
    if picked:
        links.open_cases(it.part.during(Period(picked["month"], picked["month"])), it.station)


def sections(it: Subject, read: Reader) -> None:
    """Sections against the network and by month."""
    own = read(stations.sections, it.part, it.station)
    everyone = read(stations.sections, it.part)
    titles = it.texts.sections
    drawn = station_charts.profile_chart(own, everyone, titles)
    if drawn:
        picked = show_chart(drawn, "profile", clickable=it.may_open_cases)
        if picked:
            links.open_cases(it.part, it.station, section=picked["section"])


def months(it: Subject, read: Reader) -> None:
    """Sections by month, over at least half a year."""
    span = it.part.period
    if span.length < 6:
        span = Period(shift(span.last, -5), span.last)
    part = it.part.during(span)
    own = read(stations.sections, part, it.station, by_month=True)
    drawn = station_charts.heat_chart(own, read(stations.sections, part), it.texts.sections)
    if drawn:
        picked = show_chart(drawn, "months", clickable=it.may_open_cases)
        if picked:
            month = Period(picked["column"], picked["column"])
            links.open_cases(it.part.during(month), it.station, section=picked["key"])


def items(it: Subject, read: Reader) -> None:
    """The items that cost the most points."""
    own = read(stations.items, it.part, it.station)
    inspected = (it.row.figures.n, it.network.n)
    everyone = read(stations.items, it.part)
    drawn = station_charts.items_chart(own, everyone, it.texts.items, inspected)
    if drawn is None:
        st.caption(_("No points were lost in this period."))
        return
    picked = show_chart(drawn, "items", clickable=it.may_open_cases)
    if picked:
        links.open_cases(it.part, it.station, item=picked["item"])


def channels(it: Subject, read: Reader) -> None:
    """Channels against the other stations, where the selection has several."""
    own = read(stations.channels, it.part, it.station)
    drawn = station_charts.channels_chart(own, read(stations.channels, it.part))
    if drawn:
        picked = show_chart(drawn, "channels", clickable=it.may_open_cases)
        if picked:
            links.open_cases(it.part, it.station, channel=picked["key"])


def critical(it: Subject, read: Reader) -> None:
    """Items with critical failures, the most frequent first; a click opens their cases."""
    found = [row for row in read(stations.items, it.part, it.station) if row.critical]
    if not found:
        return
    found.sort(key=lambda row: (-row.critical, row.item))
    title = _("Critical findings")
    st.markdown(f"**{title}**")
    header = (_("Item"), _("Name"), _("Findings"), _("Answered"))
    rows = tuple(
        (row.item, text_of(it.texts.items.get(row.item, {})), row.critical, row.answered)
        for row in found
    )
    event: Any = st.dataframe(
        pd.DataFrame(rows, columns=list(header)),
        key="critical_table",
        hide_index=True,
        on_select="rerun" if it.may_open_cases else "ignore",
        selection_mode="single-cell",
        alt=title,
    )
    download_menu("critical_table", table=Table("critical", header, rows))
    if it.may_open_cases and (cells := event["selection"]["cells"]):
        item = found[cells[0][0]].item
        links.open_cases(it.part, it.station, item=item, critical=1)


def cases(it: Subject) -> None:
    """Ways to the cases behind the figures."""
    if not it.may_open_cases:
        return
    with st.container(horizontal=True):
        links.link_to_cases(_("All cases of this selection"), it.part, it.station)
        if it.row.figures.critical:
            links.link_to_cases(_("Critical failures"), it.part, it.station, critical=1)


def _measure() -> Measure:
    """Which figure is charted, kept in the address."""
    asked = st.query_params.get("measure")
    st.session_state["trend_measure"] = next((m for m in MEASURES if m == asked), MEASURES[0])
    chosen = st.segmented_control(
        _("Figure by month"),
        MEASURES,
        required=True,
        format_func=measure_name,
        label_visibility="collapsed",
        key="trend_measure",
        on_change=_keep_measure,
    )
    return chosen or MEASURES[0]


def _keep_measure() -> None:
    st.query_params["measure"] = st.session_state["trend_measure"]
