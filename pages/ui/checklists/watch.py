"""N/A rates with what they are worth: a fail hidden behind N/A lifts the score."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.access import Identity
from core.checklist import Checklist
from core.drafting import shares
from core.inspectors.na_watch import ItemWatch, PersonWatch, watch_items, watch_people
from core.periods import Period, choices
from db.checklists.parsed import checklist_of
from db.checklists.queries import versions as reads
from db.checklists.queries.versions import VersionRow
from db.inspectors.queries.na_watch import NaFigures, na_figures
from db.people.queries.people import stations as station_rows
from pages.ui.checklists.words import text_here
from pages.ui.kit import wiring
from pages.ui.kit.messages import _, language, number, plural, text_of
from pages.ui.kit.words import period_name


def tab(who: Identity) -> None:
    """Items, inspectors and stations of one version, what their N/A are worth first."""
    with wiring.reading() as session:
        rows = reads.versions(session, who, today=wiring.now().date())
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
            choices(first, last),
            format_func=period_name,
            key="watch_period",
            width=260,
        )
    with wiring.reading() as session:
        checklist = checklist_of(session, row.id)
        found = na_figures(session, who, row.id, period)
        places = {place.id: place.name(language()) for place in station_rows(session)}
    if found.mean is None:
        st.info(_("This version has no inspection in this period."))
        return
    _show(checklist, found, places)


def _show(checklist: Checklist, found: NaFigures, places: Mapping[int, str]) -> None:
    weighed, mean = shares(checklist), found.mean or 0.0
    items = watch_items(found.stations, weighed, mean, found.inspections)
    people = watch_people(found.inspectors, weighed, mean, found.by_inspectors)
    stations = watch_people(found.stations, weighed, mean, found.at_stations)
    st.markdown(f"**{_headline(items)}**")
    st.caption(
        plural("{count} inspection", "{count} inspections", found.inspections)
        + " · "
        + _("Lifts are estimates in percent points of the mean score; N/A below 20 has no rate.")
    )
    _items(checklist, items)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"#### {_('Inspectors')}")
        _people(people, found.names, _("Inspector"))
    with right:
        st.markdown(f"#### {_('Stations')}")
        _people(stations, places, _("Station"))


def _headline(items: tuple[ItemWatch, ...]) -> str:
    total = sum(row.lift for row in items)
    count = sum(row.na for row in items)
    answers = count + sum(row.answered for row in items)
    told = _("{rate} % of all answers are N/A; together they move the mean by {lift} points.")
    rate = 100 * count / answers if answers else 0.0
    return told.format(rate=number(rate), lift=_signed(total))


def _items(checklist: Checklist, items: tuple[ItemWatch, ...]) -> None:
    shown = [row for row in items if row.na]
    names = {item.key: text_of(item.name) for item in checklist.items()}
    st.dataframe(
        {
            _("Item"): [f"{row.item} {names.get(row.item, '')}" for row in shown],
            _("N/A"): [row.na for row in shown],
            _("Answered"): [row.answered for row in shown],
            _("N/A rate, %"): [_percent(row.rate) for row in shown],
            _("One N/A hides at most"): [number(row.hides) for row in shown],
            _("Lift of the mean"): [_signed(row.lift) for row in shown],
        },
        hide_index=True,
        height=min(430, 36 * (len(shown) + 1)),
    )


def _people(rows: tuple[PersonWatch, ...], names: Mapping[int, str], head: str) -> None:
    st.dataframe(
        {
            head: [names.get(row.who, str(row.who)) for row in rows],
            _("N/A rate, %"): [_percent(row.rate) for row in rows],
            _("Usual, %"): [_percent(row.expected) for row in rows],
            _("Lift of the mean"): [_signed(row.lift) for row in rows],
            _("Most beyond the usual"): [row.item or "—" for row in rows],
        },
        hide_index=True,
        height="content",
    )


def _version_name(row: VersionRow) -> str:
    title = text_here(row.title, row.key)
    return f"{title} · {_('Version {number}', number=row.number)}"


def _percent(rate: float | None) -> str:
    return number(None if rate is None else 100 * rate)


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + number(value, 2)
