"""Tables in which a row is picked: clicked to go there, or marked to work on it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui.messages import _


def clicked_row(table: pd.DataFrame, key: str, *, alt: str, **look: Any) -> int | None:  # noqa: ANN401  what st.dataframe takes
    """The place of the row that was clicked."""
    event: Any = st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        alt=alt,
        **look,
    )
    cells = event["selection"]["cells"]
    return cells[0][0] if cells else None


def marked_row(table: pd.DataFrame, key: str, **look: Any) -> int | None:  # noqa: ANN401  what st.dataframe takes
    """The place of the row that is marked; a mark can outlive its row."""
    event: Any = st.dataframe(
        table, key=key, hide_index=True, on_select="rerun", selection_mode="single-row", **look
    )
    rows = event["selection"]["rows"]
    return rows[0] if rows and rows[0] < len(table) else None


def chooser(table: pd.DataFrame, key: str, new: str) -> int | None:
    """A table whose marked row is edited, and a button for a new one (-1); None: neither."""
    st.caption(_("Select a row to change it."))
    marked = marked_row(table, f"{key}_table")
    return -1 if st.toggle(new, key=f"{key}_new") else marked
