"""A past period scored again under a version: how stations' means and order would change."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.checklist import Checklist
from core.drafting.rescoring import Rescored, WhatIf, rescore, what_if
from core.periods import Period, choices
from db.checklists.queries import versions as reads
from db.checklists.queries.versions import Opened
from db.people.queries.people import stations as station_rows
from pages.ui.kit import wiring
from pages.ui.kit.days import running_month
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, language, number, plural
from pages.ui.kit.phrases import period_so_far
from pages.ui.kit.tables import show_table


def tab(who: Identity, opened: Opened) -> None:
    """Choose a period, score it anew, compare."""
    if opened.checklist is None:
        st.info(_("The draft has problems to solve before it can score anything."))
        return
    with wiring.reading() as session:
        months = reads.months_of(session, who, opened.row.checklist_id)
    if months is None:
        st.info(_("Nothing has been scored with this checklist yet."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period: Period = st.selectbox(
            _("Period"),
            choices(*months, running_month()),
            format_func=period_so_far,
            key="what_if_period",
            width=260,
        )
        begins = st.button(_("Score it again"), type="primary", key="what_if")
    cache_key = (opened.row.id, opened.row.edit, period)
    if begins:
        rows = _rescored(who, opened.checklist, opened.row.checklist_id, period)
        st.session_state["what_if_result"] = (cache_key, what_if(rows))
    cached = st.session_state.get("what_if_result")
    if cached and cached[0] == cache_key:
        _show_comparison(cached[1])


def _rescored(
    who: Identity, checklist: Checklist, checklist_id: int, period: Period
) -> list[Rescored]:
    """Every inspection of the period, chunk by chunk, with progress."""
    with wiring.reading() as session:
        total = reads.count_past(session, who, checklist_id, period)
    progress = st.progress(0.0, _("Scoring {count} inspections", count=number(total, 0)))
    rows: list[Rescored] = []
    after: int | None = 0
    while after is not None:
        with wiring.reading() as session:
            past, after = reads.past_inspections(session, who, checklist_id, period, after=after)
        rows += rescore(checklist, past)
        progress.progress(min(1.0, len(rows) / max(1, total)))
    progress.empty()
    return rows


def _show_comparison(comparison: WhatIf) -> None:
    if not comparison.stations:
        st.info(_("No inspection of this period has a score under both versions."))
        return
    moved = sum(shift.rank_before != shift.rank_after for shift in comparison.stations)
    places = plural("{count} station changes place", "{count} stations change place", moved)
    sentence = _("The mean would be {after} instead of {before}; {places}.")
    before, after = number(comparison.before), number(comparison.after)
    st.markdown(f"**{sentence.format(after=after, before=before, places=places)}**")
    st.markdown(_verdicts(comparison))
    st.caption(_basis(comparison))
    with wiring.reading() as session:
        names = {station.id: station.name(language()) for station in station_rows(session)}
    header = (
        _("Station"),
        _("Inspections"),
        _("Mean as scored"),
        _("Mean under this version"),
        _("Change"),
        _("Place as scored"),
        _("Place under this version"),
    )
    rows = tuple(
        (
            names.get(shift.station_id, str(shift.station_id)),
            shift.n,
            round(shift.before, 1),
            round(shift.after, 1),
            round(shift.change, 1),
            shift.rank_before,
            shift.rank_after,
        )
        for shift in comparison.stations
    )
    show_table(
        {title: [row[column] for row in rows] for column, title in enumerate(header)},
        height="content",
    )
    download_menu("what_if", table=Table("what_if", header, rows))


def _verdicts(comparison: WhatIf) -> str:
    """How many past results would be told otherwise."""
    bands = plural(
        "{count} of {n} results would get another band.",
        "{count} of {n} results would get another band.",
        comparison.other_band,
        n=number(comparison.n, 0),
    )
    passes = _(
        "Passed and would not: {no_longer}. Not passed and would: {newly}.",
        no_longer=number(comparison.no_longer, 0),
        newly=number(comparison.newly, 0),
    )
    return f"{bands} {passes}"


def _basis(comparison: WhatIf) -> str:
    parts = [plural("{count} inspection", "{count} inspections", comparison.n)]
    if comparison.partial:
        parts.append(
            plural(
                "{count} lacks answers to items that are new or changed; these are left out",
                "{count} lack answers to items that are new or changed; these are left out",
                comparison.partial,
            )
        )
    if comparison.left_out:
        parts.append(_("{count} without a score under one version", count=comparison.left_out))
    return " · ".join(parts)
