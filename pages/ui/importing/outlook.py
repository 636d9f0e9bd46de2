"""What an import would do, column by column, and the question whether it may."""

from __future__ import annotations

import streamlit as st

from db.importing.forecast import Forecast
from pages.ui.kit.messages import _, escape_markdown, number, plural


def question(forecast: Forecast) -> None:
    """Why the import waits, in a sentence or two."""
    losses = forecast.losses()
    if not losses:
        st.info(
            _("Nothing has been imported yet. This is what the import would do."),
            icon=":material/preview:",
        )
        return
    sentences = [_("Nothing has been imported yet.")]
    if values := {name: count for name, count in losses.items() if name != "turns"}:
        columns = ", ".join(
            f"{escape_markdown(name)} ({number(count, 0)})" for name, count in values.items()
        )
        sentences.append(
            _(
                "The import would empty or shorten much of what is stored: {columns}.",
                columns=columns,
            )
        )
    if forecast.turns_taken:
        sentences.append(
            plural(
                "It would take turns from {count} encounter.",
                "It would take turns from {count} encounters.",
                forecast.turns_taken,
            )
        )
    st.warning(" ".join(sentences), icon=":material/help:")


def columns_table(forecast: Forecast, place: str = "") -> None:
    """For each column how much is added, changed, emptied, with examples.

    `place` says what the examples are counted by, lines where nothing else is given.
    """
    if not forecast.columns:
        st.caption(_("No column of anything stored would change."))
        return
    counts = forecast.columns.values()
    st.table(
        {
            _("Column"): [escape_markdown(name) for name in forecast.columns],
            _("Added"): [number(column.added, 0) for column in counts],
            _("Changed"): [number(column.changed, 0) for column in counts],
            _("of these shortened"): [number(column.shrunk, 0) for column in counts],
            _("Emptied"): [number(column.emptied, 0) for column in counts],
        }
    )
    examples = [(name, e) for name, column in forecast.columns.items() for e in column.examples]
    if not examples:
        return
    with st.expander(_("Examples")):
        st.table(
            {
                _("Column"): [escape_markdown(name) for name, _example in examples],
                place or _("Line"): [number(example.line, 0) for _name, example in examples],
                _("Before"): [escape_markdown(e.before or "—") for _name, e in examples],
                _("After"): [escape_markdown(e.after or "—") for _name, e in examples],
            }
        )
