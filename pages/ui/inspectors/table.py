"""Inspectors side by side as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.agreement import Agreement
from pages.ui.inspectors.lines import InspectorLine
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.messages import _, number
from pages.ui.kit.tables import clicked_row
from pages.ui.kit.words import listed, month_name, triple, with_interval


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
        "name": config.TextColumn(_("Inspector"), width=110),
        "severity": config.TextColumn(_("Severity"), width=80),
        "n": config.NumberColumn("n", format="%d", width=50, help=_("Inspections")),
        "plain": config.NumberColumn(_("Plain"), format="%.1f", width=55),
        "minutes": config.NumberColumn(_("Minutes"), format="%.1f", width=58),
        "na": config.NumberColumn(_("N/A, %"), format="%.1f", width=52),
        "alike": config.TextColumn("AC1", width=105, help=_("Agreement on double-scored work")),
        "doubles": config.NumberColumn(_("Twice"), format="%d", width=50, help=_("Scored twice")),
        "apart": config.TextColumn(_("Apart"), width=80, help=points),
        "drift": config.LineChartColumn(_("By month"), width=70),
        "changed": config.TextColumn(_("Changed"), width=80),
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
