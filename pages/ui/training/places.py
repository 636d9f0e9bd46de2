"""Stations as tables of training show them."""

from __future__ import annotations

from db.queries.people import stations
from pages.ui import wiring
from pages.ui.messages import text_of


def station_titles() -> dict[str, str]:
    """Code and name of every station, by its code."""
    with wiring.reading() as session:
        return {row.code: f"{row.code} {text_of(row.names)}" for row in stations(session)}
