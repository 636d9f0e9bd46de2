"""The charts and tables of a station's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Action, can, visible_stations
from core.figures import Figures
from core.periods import Period, shift
from db.queries import stations
from db.queries.stations import StaffFigures
from pages.ui import links, station_charts, wiring
from pages.ui.cached import Reader
from pages.ui.chart_view import show_chart
from pages.ui.downloads import Cell, Table, download_menu
from pages.ui.messages import _, plural
from pages.ui.station_charts import MEASURES, Measure, measure_name
from pages.ui.station_head import Subject

_TREND_MONTHS = 24


def trend(it: Subject, read: Reader) -> None:
    """A figure by month; a click on a month opens its cases."""
    chosen: Measure = st.segmented_control(
        _("Figure by month"),
        MEASURES,
        default="score",
        required=True,
        format_func=measure_name,
        label_visibility="collapsed",
        key="trend_measure",
    )
    last = it.part.period.last
    span = Period(shift(last, 1 - _TREND_MONTHS), last)
    found = read(stations.trend, it.part.during(span), it.station)
    if not found:
        return
    drawn = station_charts.trend_chart(found, span, chosen)
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


def staff(it: Subject) -> None:
    """The station's staff, for those who may know their names."""
    if not can(it.who, Action.SEE_STAFF_NAMES):
        return
    visible = visible_stations(it.who, Action.SEE_STAFF_NAMES)
    if visible is not None and it.station not in visible:
        return
    with wiring.reading() as session:
        found = stations.staff_figures(session, it.who, it.part, it.station)
    st.markdown(f"**{_('Staff')}**")
    if found.shown:
        st.dataframe(_staff_frame(found.shown), hide_index=True, column_config=_staff_columns())
        download_menu("staff", table=_staff_table(found.shown))
    if found.hidden:
        st.caption(
            plural(
                "{count} person with fewer than {fewest} inspections is not shown.",
                "{count} people with fewer than {fewest} inspections are not shown.",
                found.hidden,
                fewest=stations.FEWEST_SHOWN,
            )
        )


def cases(it: Subject) -> None:
    """Ways to the cases behind the figures."""
    if not it.may_open_cases:
        return
    with st.container(horizontal=True):
        links.link_to_cases(_("All cases of this selection"), it.part, it.station)
        if it.row.figures.critical:
            links.link_to_cases(_("Critical failures"), it.part, it.station, critical=1)


def _numbers(own: Figures) -> tuple[Cell, ...]:
    means = (own.before.mean, own.scores.mean)
    return (own.inspections, *means, own.pass_rate, own.critical_rate)


def _staff_frame(rows: Sequence[StaffFigures]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "staff_no": [row.staff_no for row in rows],
            "name": [row.name for row in rows],
            "score": [row.figures.before.mean for row in rows],
            "half": [row.figures.before.half_width() for row in rows],
            "n": [row.figures.n for row in rows],
            "passed": [_hundred(row.figures.pass_rate) for row in rows],
            "critical": [_hundred(row.figures.critical_rate) for row in rows],
        }
    )


def _staff_columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "staff_no": config.TextColumn(_("Staff number")),
        "name": config.TextColumn(_("Full name")),
        "score": config.NumberColumn(_("Score"), format="%.1f"),
        "half": config.NumberColumn("±", format="%.1f"),
        "n": config.NumberColumn("n", format="%d"),
        "passed": config.NumberColumn(_("Passed"), format="%.0f %%"),
        "critical": config.NumberColumn(_("Critical"), format="%.0f %%"),
    }


def _staff_table(rows: Sequence[StaffFigures]) -> Table:
    header = (
        _("Staff number"),
        _("Full name"),
        _("Inspections"),
        _("Score before critical failures"),
    )
    more = (_("Score"), _("Passed"), _("Critical"))
    cells = [(row.staff_no, row.name, *_numbers(row.figures)) for row in rows]
    return Table("staff", header + more, tuple(cells))


def _hundred(rate: float | None) -> float | None:
    return None if rate is None else 100 * rate
