"""The charts and tables of the inspectors' page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Identity
from core.agreement import Agreement
from db.inspectors.queries import figures
from db.inspectors.queries.figures import InspectorMonthFigures
from db.results.queries import rankings
from db.results.queries.rankings import DriftRow
from db.results.queries.stations import Slice
from pages.ui.inspectors import charts
from pages.ui.inspectors.inspector_rows import InspectorLine, typical_minutes
from pages.ui.kit import wiring
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.charts.base import show_chart
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.messages import _, escape_markdown, number
from pages.ui.kit.phrases import listed, month_name, triple, with_interval
from pages.ui.kit.tables import clicked_row, show_table
from pages.ui.results import links
from pages.ui.results.ranking_standing import RankingState

_NAME = "inspector"


@dataclass(frozen=True)
class InspectorsSubject:
    """Who looks, at which slice of the inspections, and the inspectors of it."""

    who: Identity
    slice_: Slice
    lines: tuple[InspectorLine, ...]


def drift(who: Identity, slice_: Slice, standing: RankingState) -> tuple[DriftRow, ...]:
    """The inspectors' months as the displayed ranking has them."""
    if standing.snapshot is None:
        return ()
    stamp = (standing.snapshot.version, standing.snapshot.computed_at)
    return _drift(str(wiring.engine().url), who, slice_, stamp)


def severity(subject: InspectorsSubject) -> None:
    """How strict everybody is, as chart and table; a click selects an inspector."""
    drawn, picked = charts.severity_chart(subject.lines), None
    if drawn is not None:
        picked = show_chart(drawn, "severity_chart", how="severity")
    clicked = table(subject.lines)
    for source, inspector in (("chart", picked and int(picked["key"])), ("table", clicked)):
        if inspector is not None and st.session_state.get(f"_picked_{source}") != inspector:
            st.query_params[_NAME] = str(inspector)
        st.session_state[f"_picked_{source}"] = inspector


def person(subject: InspectorsSubject, read: Reader, drift_rows: Sequence[DriftRow]) -> None:
    """One inspector: drift over months, time and N/A by month, and a link to the cases."""
    line = _chosen_line(subject.lines)
    if line is None:
        st.caption(_("Choose an inspector to see drift, time and N/A by month."))
        return
    name, inspector = line.figures.name, line.figures.inspector
    st.subheader(escape_markdown(name), anchor=False)
    if links.may_browse_cases(subject.who):
        links.link_to_cases(
            _("All cases of this inspector"), subject.slice_, None, inspector=inspector
        )
    own = [row for row in drift_rows if row.inspector == inspector]
    left, right = st.columns([10, 7], gap="medium")
    with left:
        if own:
            clickable = links.may_browse_cases(subject.who)
            drawn = charts.drift_chart(own, name)
            picked = show_chart(drawn, "drift_chart", clickable=clickable, how="drift")
            if picked:
                month = links.only_month(subject.slice_, picked["month"])
                links.open_cases(month, None, inspector=inspector)
        else:
            st.caption(_("Drift appears with the ranking."))
    with right:
        _months(read(figures.inspector_months, subject.who, subject.slice_, inspector))


@lru_cache(maxsize=64)
def _drift(
    _database: str, who: Identity, slice_: Slice, _stamp: tuple[object, ...]
) -> tuple[DriftRow, ...]:
    with wiring.reading() as session:
        return rankings.drift(session, who, slice_)


def _chosen_line(lines: Sequence[InspectorLine]) -> InspectorLine | None:
    inspector_id = st.query_params.get(_NAME, "")
    return next((line for line in lines if str(line.figures.inspector) == inspector_id), None)


def _months(months: Sequence[InspectorMonthFigures]) -> None:
    """Time and N/A by month, as a table."""
    header = (_("Month"), _("Inspections"), _("Minutes"), _("N/A rate, %"))
    rows = tuple(
        (
            month_name(row.month),
            row.inspections,
            typical_minutes(row.log_seconds),
            100 * row.na / (row.answered + row.na) if row.answered + row.na else None,
        )
        for row in months
    )
    title = _("Time and N/A by month")
    st.markdown(f"**{title}**")
    frame = pd.DataFrame(rows, columns=list(header))
    one = st.column_config.NumberColumn(format="%.1f")
    config = {header[2]: one, header[3]: one}
    show_table(frame, alt=title, height="content", column_config=config)
    download_menu("inspector_months", table=Table("inspector_months", header, rows))


def table(lines: Sequence[InspectorLine]) -> int | None:
    """The table; the inspector whose row was clicked, if any."""
    title = _("Inspectors in figures")
    st.markdown(f"**{title}**")
    clicked = clicked_row(
        _frame(lines),
        "inspectors_table",
        alt=title,
        column_config=_columns(),
        height="content" if len(lines) < 20 else 740,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("A click on a row shows the inspector below. Time is the typical one."))
        download_menu("inspectors_table", table=_download(lines))
    return None if clicked is None else lines[clicked].figures.inspector


def _frame(lines: Sequence[InspectorLine]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": [line.figures.name for line in lines],
            "severity": [_signed(line) for line in lines],
            "n": [line.figures.inspections for line in lines],
            "plain": [line.figures.before.mean for line in lines],
            "minutes": [line.minutes for line in lines],
            "na": [None if line.na_rate is None else 100 * line.na_rate for line in lines],
            "alike": [with_interval(line.alike) for line in lines],
            "doubles": [line.doubles for line in lines],
            "apart": [_points(line.apart) for line in lines],
            "drift": [[row.value for row in line.drift] for line in lines],
            "changed": [listed([month_name(month) for month in line.changed]) for line in lines],
        }
    )


def _columns() -> dict[str, Any]:
    config = st.column_config
    points = _("Own score minus the colleague's on the same encounters, points")
    return {
        "name": config.TextColumn(_("Inspector"), width=106),
        "severity": config.TextColumn(_("Severity"), width=74),
        "n": config.NumberColumn("n", format="%d", width=38, help=_("Inspections")),
        "plain": config.NumberColumn(_("Plain"), format="%.1f", width=46),
        "minutes": config.NumberColumn(_("Min."), format="%.1f", width=48, help=_("Minutes")),
        "na": config.NumberColumn(_("N/A"), format="%.1f %%", width=56),
        "alike": config.TextColumn("AC1", width=102, help=_("Agreement on double-scored work")),
        "doubles": config.NumberColumn(_("Twice"), format="%d", width=48, help=_("Scored twice")),
        "apart": config.TextColumn(_("Apart"), width=72, help=points),
        "drift": config.LineChartColumn(_("Drift"), width=46, help=_("By month")),
        "changed": config.TextColumn(_("Changed"), width=70),
    }


def _download(lines: Sequence[InspectorLine]) -> Table:
    header = (
        *(_("Inspector"), _("Severity"), _("Interval from"), _("to"), _("Inspections")),
        *(_("Plain mean"), _("Minutes"), _("N/A rate"), _("Scored twice")),
        *("AC1", _("Interval from"), _("to"), _("Apart"), _("Interval from"), _("to")),
    )
    return Table("inspectors", header, tuple(_cells(line) for line in lines))


def _cells(line: InspectorLine) -> tuple[Cell, ...]:
    severity = line.severity
    span = (severity.value, severity.low, severity.high) if severity else (None,) * 3
    return (
        *(line.figures.name, *span, line.figures.inspections, line.figures.before.mean),
        *(line.minutes, line.na_rate, line.doubles, *triple(line.alike), *triple(line.apart)),
    )


def _signed(line: InspectorLine) -> str:
    if line.severity is None:
        return "—"
    half = (line.severity.high - line.severity.low) / 2
    return f"{_plus(line.severity.value)} ± {number(half)}"


def _points(estimate: Agreement | None) -> str:
    if estimate is None or estimate.value is None:
        return "—"
    if estimate.lower is None or estimate.upper is None:
        return _plus(estimate.value)
    return f"{_plus(estimate.value)} ± {number((estimate.upper - estimate.lower) / 2)}"


def _plus(value: float) -> str:
    return ("+" if value > 0 else "") + number(value)
