"""The charts, tables and evidence of a station's page."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.control import TrendJudgement
from core.control.trends import YEAR
from core.periods import Period, shift
from core.results.station_trends import Measured, station_trends
from db.cases.queries.station_evidence import ProvenLoss, proven_losses
from db.results.queries import stations
from db.results.queries.dated_notes import dated_notes
from pages.ui.encounters.reading.panes import note_of, when
from pages.ui.improvements import action_lists
from pages.ui.kit import wiring
from pages.ui.kit.address import pill
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.charts.base import show_chart
from pages.ui.kit.days import running_month
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, day, number, text_of
from pages.ui.kit.tables import clicked_row, show_table
from pages.ui.kit.terms import effect_name
from pages.ui.results import links, station_charts, station_staff, trend_notes
from pages.ui.results.noted_months import NotedMonths
from pages.ui.results.station_charts import MEASURES, Measure, measure_name
from pages.ui.results.station_head import StationSubject

_TREND_MONTHS = 24
_LONGEST = 90
_MOST_PROPOSED = 3


def trend(subject: StationSubject, read: Reader) -> None:
    """A figure by month; a click on a month opens its cases."""
    measure = pill(_("Figure by month"), "measure", MEASURES, measure_name)
    last = subject.slice_.period.last
    span = Period(shift(last, 1 - _TREND_MONTHS), last)
    month_figures = read(stations.trend, subject.slice_.during(span), subject.station)
    if not month_figures:
        return
    with wiring.reading() as session:
        notes = dated_notes(session, subject.who, subject.slice_.during(span), subject.station)
    drawn = station_charts.trend_chart(
        month_figures,
        span,
        measure,
        judgement=trend_of(subject, read, measure),
        running=running_month(),
        notes=notes,
    )
    picked = show_chart(drawn, f"trend_{measure}", clickable=subject.may_open_cases, how="trend")
    months = [row["month"] for row in drawn.rows]
    trend_notes.below_trend(subject.who, subject.station, NotedMonths(notes, months))
    if picked:
        month = links.only_month(subject.slice_, picked["month"])
        more = {"critical": 1} if measure == "critical" else {}
        links.open_cases(month, subject.station, **more)


def trend_of(
    subject: StationSubject, read: Reader, measure: Measure = "score"
) -> TrendJudgement | None:
    """Whether the station changed in the last twelve months; None without any.

    The other stations of the network tell how far months differ by chance.
    """
    last = subject.slice_.period.last
    year = subject.slice_.during(Period(shift(last, 1 - YEAR), last))
    months = read(stations.station_months, year)
    measured: Measured = "score" if measure == "smoothed" else measure
    return station_trends(months, measured).get(subject.station)


def side_by_side(subject: StationSubject, read: Reader) -> None:
    """On the left what is compared, on the right what cost points, and the staff."""
    left, right = st.columns(2, gap="medium")
    with left:
        _sections(subject, read)
        _months(subject, read)
        _channels(subject, read)
    with right:
        _items(subject, read)
        _critical(subject, read)
        station_staff.staff(subject)


def _sections(subject: StationSubject, read: Reader) -> None:
    """Sections against the network and by month."""
    own = read(stations.sections, subject.slice_, subject.station)
    everyone = read(stations.sections, subject.slice_)
    titles = subject.texts.sections
    drawn = station_charts.profile_chart(own, everyone, titles)
    if drawn:
        picked = show_chart(drawn, "profile", clickable=subject.may_open_cases, how="sections")
        if picked:
            links.open_cases(subject.slice_, subject.station, section=picked["section"])


def _months(subject: StationSubject, read: Reader) -> None:
    """Sections by month, over at least half a year."""
    span = subject.slice_.period
    if span.length < 6:
        span = Period(shift(span.last, -5), span.last)
    slice_ = subject.slice_.during(span)
    own = read(stations.sections, slice_, subject.station, by_month=True)
    drawn = station_charts.heat_chart(own, read(stations.sections, slice_), subject.texts.sections)
    if drawn:
        picked = show_chart(drawn, "months", clickable=subject.may_open_cases, how="sections")
        if picked:
            month = Period(picked["column"], picked["column"])
            links.open_cases(subject.slice_.during(month), subject.station, section=picked["key"])


def _items(subject: StationSubject, read: Reader) -> None:
    """The items that cost the most points."""
    own = read(stations.items, subject.slice_, subject.station)
    inspected = (subject.row.figures.n, subject.network.n)
    everyone = read(stations.items, subject.slice_)
    drawn = station_charts.items_chart(own, everyone, subject.texts.items, inspected)
    if drawn is None:
        st.caption(_("No points were lost in this period."))
        return
    picked = show_chart(drawn, "items", clickable=subject.may_open_cases, how="items_lost")
    if picked:
        links.open_cases(subject.slice_, subject.station, item=picked["item"])


def _channels(subject: StationSubject, read: Reader) -> None:
    """Channels against the other stations, where the selection has several."""
    own = read(stations.channels, subject.slice_, subject.station)
    drawn = station_charts.channels_chart(own, read(stations.channels, subject.slice_))
    if drawn:
        picked = show_chart(drawn, "channels", clickable=subject.may_open_cases, how="sections")
        if picked:
            links.open_cases(subject.slice_, subject.station, channel=picked["key"])


def _critical(subject: StationSubject, read: Reader) -> None:
    """Items with critical failures, the most frequent first; a click opens their cases."""
    item_figures = [
        row for row in read(stations.items, subject.slice_, subject.station) if row.critical
    ]
    if not item_figures:
        return
    item_figures.sort(key=lambda row: (-row.critical, row.item))
    title = _("Critical findings")
    st.markdown(f"**{title}**")
    header = (_("Item"), _("Name"), _("Findings"), _("Answered"))
    rows = tuple(
        (row.item, text_of(subject.texts.items.get(row.item, {})), row.critical, row.answered)
        for row in item_figures
    )
    event: Any = show_table(
        pd.DataFrame(rows, columns=list(header)),
        key="critical_table",
        on_select="rerun" if subject.may_open_cases else "ignore",
        selection_mode="single-cell",
        alt=title,
    )
    download_menu("critical_table", table=Table("critical", header, rows))
    if subject.may_open_cases and (cells := event["selection"]["cells"]):
        item = item_figures[cells[0][0]].item
        links.open_cases(subject.slice_, subject.station, item=item, critical=1)


def cases(subject: StationSubject) -> None:
    """Links to the cases behind the figures."""
    if not subject.may_open_cases:
        return
    with st.container(horizontal=True):
        links.link_to_cases(_("All cases of this selection"), subject.slice_, subject.station)
        if subject.row.figures.critical:
            links.link_to_cases(_("Critical failures"), subject.slice_, subject.station, critical=1)


def evidence(subject: StationSubject) -> None:
    """The evidence of the lowest-scoring cases, for those who may read them; a click opens one."""
    if not subject.may_open_cases:
        return
    with wiring.reading() as session:
        losses = proven_losses(session, subject.who, subject.slice_, subject.station)
    if not losses:
        return
    title = _("Evidence from the lowest-scoring cases")
    st.markdown(f"**{title}**")
    table = pd.DataFrame([_row(subject, loss) for loss in losses])
    clicked = clicked_row(table, "evidence_table", alt=title)
    st.caption(_("A click on a row opens the case."))
    if clicked is not None:
        st.switch_page("case.py", query_params={"id": str(losses[clicked].inspection_id)})


def actions(subject: StationSubject, read: Reader) -> None:
    """What is done about the station, and the way to propose more, about what it lost most too."""
    own = read(stations.items, subject.slice_, subject.station)[:_MOST_PROPOSED]
    worst = {row.item: subject.texts.items.get(row.item, {}) for row in own if row.points_lost}
    action_lists.here(subject.who, station_id=subject.station, proposable=worst)


def _row(subject: StationSubject, loss: ProvenLoss) -> dict[str, str]:
    return {
        _("Item"): text_of(subject.texts.items.get(loss.item_key, {})) or loss.item_key,
        _("Lost"): number(loss.points_lost) if loss.points_lost else effect_name(loss.effect),
        _("Date"): day(loss.occurred_at, loss.timezone),
        _("Evidence"): _pin_words(loss),
    }


def _pin_words(loss: ProvenLoss) -> str:
    """The pinned words, their time and the note; of a photo only that there is one."""
    photo = _("photo") if loss.pin.photo is not None else when(loss.pin, loss.timezone)
    words = loss.words if len(loss.words) <= _LONGEST else f"{loss.words[:_LONGEST]}…"
    return " · ".join(text for text in (words, photo, note_of(loss.pin)) if text)
