"""A station's staff, for those who may know their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.access import Action, can, visible_stations
from core.results.figures import Figures
from db.results.queries.station_staff import FEWEST_SHOWN, StaffFigures, staff_figures
from pages.ui.kit import wiring
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.messages import _, plural
from pages.ui.kit.tables import clicked_row, show_table
from pages.ui.results import links
from pages.ui.results.station_head import StationSubject


def staff(subject: StationSubject) -> None:
    """The station's staff, for those who may know their names."""
    if not can(subject.who, Action.SEE_STAFF_NAMES):
        return
    visible = visible_stations(subject.who, Action.SEE_STAFF_NAMES)
    if visible is not None and subject.station not in visible:
        return
    with wiring.reading() as session:
        figures = staff_figures(session, subject.who, subject.slice_, subject.station)
    st.markdown(f"**{_('Staff')}**")
    if figures.figures:
        _table(subject, figures.figures)
    if figures.hidden:
        st.caption(
            plural(
                "{count} person with fewer than {fewest} inspections is not shown.",
                "{count} people with fewer than {fewest} inspections are not shown.",
                figures.hidden,
                fewest=FEWEST_SHOWN,
            )
        )


def _table(subject: StationSubject, rows: Sequence[StaffFigures]) -> None:
    """A click on a row opens the person's cases, for those who may read them."""
    frame, columns = _staff_frame(rows), _staff_columns()
    clicked = None
    if subject.may_open_cases:
        clicked = clicked_row(frame, "staff_table", alt=_("Staff"), column_config=columns)
    else:
        show_table(frame, column_config=columns)
    with st.container(horizontal=True, vertical_alignment="center"):
        if subject.may_open_cases:
            st.caption(_("A click on a row opens the person's cases."))
        download_menu("staff", table=_staff_table(rows))
    if clicked is not None:
        links.open_cases(subject.slice_, subject.station, person=rows[clicked].staff_id)


def _numbers(own: Figures) -> tuple[Cell, ...]:
    means = (own.before.mean, own.scores.mean)
    return (own.inspections, *means, own.pass_rate, own.critical_rate)


def _staff_frame(rows: Sequence[StaffFigures]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "staff_no": [row.staff_no for row in rows],
            "name": [row.name for row in rows],
            "before": [row.figures.before.mean for row in rows],
            "half": [row.figures.before.half_width() for row in rows],
            "n": [row.figures.n for row in rows],
            "score": [row.figures.scores.mean for row in rows],
            "passed": [_hundred(row.figures.pass_rate) for row in rows],
            "critical": [_hundred(row.figures.critical_rate) for row in rows],
        }
    )


def _staff_columns() -> dict[str, Any]:
    config = st.column_config
    return {
        "staff_no": config.TextColumn(_("Staff number"), width=84),
        "name": config.TextColumn(_("Full name"), width=72),
        "before": config.NumberColumn(_("Before critical"), format="%.1f", width=96),
        "half": config.NumberColumn(
            "±", format="%.1f", width=38, help=_("Half of the 90 % interval")
        ),
        "n": config.NumberColumn("n", format="%d", width=36),
        "score": config.NumberColumn(_("Score"), format="%.1f", width=48),
        "passed": config.NumberColumn(_("Passed"), format="%.0f %%", width=56),
        "critical": config.NumberColumn(_("Critical"), format="%.0f %%", width=56),
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
