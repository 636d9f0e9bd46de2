"""N/A rates with what they are worth: a fail hidden behind N/A lifts the score."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.access import Identity
from core.checklist import Checklist
from core.drafting import shares
from core.inspectors.na_watch import ItemWatch, PersonWatch, watch_items, watch_people
from core.periods import Period, choices
from db.checklists.parsed_versions import checklist_of
from db.checklists.queries import versions as reads
from db.checklists.queries.versions import VersionRow
from db.inspectors.queries.na_watch import NaFigures, na_figures
from db.people.queries.people import stations as station_rows
from db.store.days import portal_day
from pages.ui.checklists.checklist_words import text_here
from pages.ui.kit import wiring
from pages.ui.kit.days import running_month
from pages.ui.kit.messages import _, language, number, plural, text_of
from pages.ui.kit.phrases import period_so_far
from pages.ui.kit.tables import show_table


def tab(who: Identity) -> None:
    """Items, inspectors and stations of one version, what their N/A are worth first."""
    with wiring.reading() as session:
        rows = reads.versions(session, who, today=portal_day(session, wiring.now()))
    scored = sorted((row for row in rows if row.inspections), key=lambda row: -row.inspections)
    if not scored:
        st.info(_("Nothing has been scored yet."))
        return
    with st.container(horizontal=True):
        row = st.selectbox(
            _("Checklist"), scored, format_func=_version_name, key="watch_version", width=320
        )
        with wiring.reading() as session:
            first, last = reads.months_of(session, who, row.checklist_id) or (0, 0)
        period: Period = st.selectbox(
            _("Period"),
            choices(first, last, running_month()),
            format_func=period_so_far,
            key="watch_period",
            width=260,
        )
    with wiring.reading() as session:
        checklist = checklist_of(session, row.id)
        figures = na_figures(session, who, row.id, period)
        station_names = {station.id: station.name(language()) for station in station_rows(session)}
    if figures.mean is None:
        st.info(_("This version has no inspection in this period."))
        return
    _show(checklist, figures, station_names)


def _show(checklist: Checklist, figures: NaFigures, station_names: Mapping[int, str]) -> None:
    weighed, mean = shares(checklist), figures.mean or 0.0
    items = watch_items(figures.stations, weighed, mean, figures.inspections)
    people = watch_people(figures.inspectors, weighed, mean, figures.by_inspectors)
    stations = watch_people(figures.stations, weighed, mean, figures.at_stations)
    st.markdown(f"**{_headline(items)}**")
    st.caption(
        plural("{count} inspection", "{count} inspections", figures.inspections)
        + " · "
        + _("Lifts are estimates in percent points of the mean score; N/A below 20 has no rate.")
    )
    _items(checklist, items)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"#### {_('Inspectors')}")
        _people(people, figures.names, _("Inspector"))
    with right:
        st.markdown(f"#### {_('Stations')}")
        _people(stations, station_names, _("Station"))


def _headline(items: tuple[ItemWatch, ...]) -> str:
    total = sum(row.lift for row in items)
    count = sum(row.na for row in items)
    answers = count + sum(row.answered for row in items)
    sentence = _("{rate} % of all answers are N/A; together they move the mean by {lift} points.")
    rate = 100 * count / answers if answers else 0.0
    return sentence.format(rate=number(rate), lift=_signed(total))


def _items(checklist: Checklist, items: tuple[ItemWatch, ...]) -> None:
    rows = [row for row in items if row.na]
    names = {item.key: text_of(item.name) for item in checklist.items()}
    show_table(
        {
            _("Item"): [f"{row.item} {names.get(row.item, '')}" for row in rows],
            _("N/A"): [row.na for row in rows],
            _("Answered"): [row.answered for row in rows],
            _("N/A rate, %"): [_percent(row.rate) for row in rows],
            _("One N/A hides at most"): [number(row.hides) for row in rows],
            _("Lift of the mean"): [_signed(row.lift) for row in rows],
        },
        height=min(430, 36 * (len(rows) + 1)),
    )


def _people(rows: tuple[PersonWatch, ...], names: Mapping[int, str], head: str) -> None:
    show_table(
        {
            head: [names.get(row.who, str(row.who)) for row in rows],
            _("N/A rate, %"): [_percent(row.rate) for row in rows],
            _("Usual, %"): [_percent(row.expected) for row in rows],
            _("Lift of the mean"): [_signed(row.lift) for row in rows],
            _("Most beyond the usual"): [row.item or "—" for row in rows],
        },
        height="content",
    )


def _version_name(row: VersionRow) -> str:
    title = text_here(row.title, row.key)
    return f"{title} · {_('Version {number}', number=row.number)}"


def _percent(rate: float | None) -> str:
    return number(None if rate is None else 100 * rate)


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(value, 2)
