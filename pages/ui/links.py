"""Ways from a figure to what lies behind it, with the same filters."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import streamlit as st

from core.access import Action, Identity, can, visible_stations
from db.queries.stations import Slice
from pages.ui.filters import address

_CASES = "cases.py"


def open_station(station_id: int, part: Slice) -> NoReturn:
    st.switch_page("station.py", query_params=address(part, station=station_id))


def link_to_stations(label: str, part: Slice) -> None:
    st.page_link(
        "stations.py", label=label, icon=":material/arrow_back:", query_params=address(part)
    )


def may_open_cases(who: Identity, station_id: int) -> bool:
    """Whether the person may read this station's cases."""
    if not can(who, Action.SEE_CASES) or not (Path(__file__).parents[1] / _CASES).exists():
        return False
    visible = visible_stations(who, Action.SEE_CASES)
    return visible is None or station_id in visible


def link_to_cases(label: str, part: Slice, station_id: int, **more: object) -> None:
    st.page_link(
        _CASES,
        label=label,
        icon=":material/folder_open:",
        query_params=_case_filters(part, station_id, more),
    )


def open_cases(part: Slice, station_id: int, **more: object) -> NoReturn:
    """The cases behind a mark; `more` may hold section, item, band, critical, from and to."""
    st.switch_page(_CASES, query_params=_case_filters(part, station_id, more))


def _case_filters(part: Slice, station_id: int, more: dict[str, object]) -> dict[str, str]:
    filters: dict[str, object] = {
        "station": station_id,
        "checklist": part.checklist_id,
        "channel": part.channel,
        "from": part.period.first,
        "to": part.period.last,
    } | more
    return {name: str(value) for name, value in filters.items() if value is not None}
