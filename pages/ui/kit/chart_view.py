"""A chart on the page: drawn, described, downloadable, its marks leading on."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.kit.charts.base import PICK, DrawnChart
from pages.ui.kit.downloads import Table, download_menu


def show_chart(drawn: DrawnChart, key: str, *, clickable: bool = True) -> dict[str, Any] | None:
    """Draw a chart with its sentence and downloads; what was clicked last, else None."""
    event: Any = st.vega_lite_chart(
        spec=drawn.spec,
        key=key,
        on_select="rerun" if clickable else "ignore",
        alt=drawn.sentence,
        width="stretch",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(drawn.sentence)
        download_menu(key, table=_table(drawn, key), spec=drawn.spec)
    picked = event["selection"].get(PICK) if clickable else None
    return dict(picked[0]) if picked else None


def _table(drawn: DrawnChart, name: str) -> Table:
    rows = (tuple(row.get(field) for field in drawn.columns) for row in drawn.rows)
    return Table(name, tuple(drawn.columns.values()), tuple(rows))
