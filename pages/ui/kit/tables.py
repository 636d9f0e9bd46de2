"""Tables in which a row is picked: clicked to go there, or marked to work on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar, cast

import pandas as pd
import streamlit as st

from pages.ui.kit.messages import _, number

_NAMING = 4
"""How many of its first cells name a row."""


def show_table(
    rows: pd.DataFrame | Sequence[Mapping[str, Any]] | Mapping[str, Any],
    *,
    column_config: Mapping[str, Any] | None = None,
    **look: Any,  # noqa: ANN401  what st.dataframe takes
) -> Any:  # noqa: ANN401  what st.dataframe gives
    """A table without its index, whose first column stays in sight while one scrolls to others."""
    table, looks = pd.DataFrame(rows), dict(column_config or {})
    if len(table.columns) > 1:
        first = str(table.columns[0])
        own = looks.get(first) or {}
        looks[first] = {**({"label": own} if isinstance(own, str) else own), "pinned": True}
    return st.dataframe(table, hide_index=True, column_config=looks, **look)


def clicked_row(table: pd.DataFrame, key: str, *, alt: str, **look: Any) -> int | None:  # noqa: ANN401  what st.dataframe takes
    """The index of the row that was clicked, or chosen from the list that the keyboard comes to."""
    with st.container(key=f"opens_{key}", gap=None):
        event: Any = show_table(
            table,
            key=key,
            on_select="rerun",
            selection_mode="single-cell",
            alt=alt,
            **look,
        )
        listed = _row_of_list(table, key, alt)
    cells = event["selection"]["cells"]
    return cells[0][0] if cells else listed


def _row_of_list(table: pd.DataFrame, key: str, alt: str) -> int | None:
    """The rows as a list, to be seen while it has the focus; see pages.ui.frame and rows.js."""
    names = [_named(row) for row in table.itertuples(index=False, name=None)]
    with st.container(key=f"list_of_{key}"):
        row: int | None = st.selectbox(
            _("Open a row of: {table}", table=alt),
            range(len(names)),
            index=None,
            format_func=names.__getitem__,
            placeholder=_("Choose a row"),
            key=f"{key}_chosen",
        )
    return row


def _named(row: tuple[object, ...]) -> str:
    """The first cells of a row that hold words, numbers or days."""
    cells = [cell for cell in row if isinstance(cell, str | int | float | date) and cell == cell]  # noqa: PLR0124  NaN is not
    return " · ".join(
        number(cell) if isinstance(cell, float) else str(cell) for cell in cells[:_NAMING]
    )


def marked_row(table: pd.DataFrame, key: str, **look: Any) -> int | None:  # noqa: ANN401  what st.dataframe takes
    """The index of the row that is marked; a mark can outlive its row."""
    event: Any = show_table(table, key=key, on_select="rerun", selection_mode="single-row", **look)
    rows = event["selection"]["rows"]
    return rows[0] if rows and rows[0] < len(table) else None


def marked_rows(table: pd.DataFrame, key: str, **look: Any) -> list[int]:  # noqa: ANN401  what st.dataframe takes
    """The indices of the rows that are marked, rising."""
    event: Any = show_table(table, key=key, on_select="rerun", selection_mode="multi-row", **look)
    return sorted(row for row in event["selection"]["rows"] if row < len(table))


def chooser(table: pd.DataFrame, key: str, new: str) -> int | None:
    """A table whose marked row is edited, and a button for a new one (-1); None: neither."""
    st.caption(_("Select a row to change it."))
    marked = marked_row(table, f"{key}_table")
    return -1 if st.toggle(new, key=f"{key}_new") else marked


Start = TypeVar("Start")


@dataclass
class Pages(Generic[Start]):
    """Where each page up to the present one begins; the first begins nowhere.

    `of` is the filter of the list that is paged.
    """

    of: object
    starts: list[Start | None] = field(default_factory=lambda: [None])

    @property
    def after(self) -> Start | None:
        return self.starts[-1]

    @property
    def before(self) -> int:
        """How many pages lie before this one."""
        return len(self.starts) - 1

    def back_button(self, label: str = "") -> None:
        if self.before:
            label = label or _("Back")
            st.button(label, icon=":material/arrow_back:", key="page_back", on_click=self._back)

    def more_button(self, following: Start | None, label: str = "") -> None:
        if following is not None:
            st.button(
                label or _("More"),
                icon=":material/arrow_forward:",
                key="page_more",
                on_click=self._on,
                args=(following,),
            )

    def _back(self) -> None:
        self.starts.pop()

    def _on(self, following: Start) -> None:
        self.starts.append(following)


def pages_of(name: str, criteria: object, kind: type[Start]) -> Pages[Start]:  # noqa: ARG001  names the type
    """The pages of a list in this session; other criteria begin at the first one."""
    key = f"_pages_{name}"
    pages = st.session_state.get(key)
    if pages is None or pages.of != criteria:
        pages = st.session_state[key] = Pages(criteria)
    return cast("Pages[Start]", pages)
