"""Links from a figure to its station or its cases, with the same filters."""

from __future__ import annotations

from typing import NamedTuple, NoReturn

import streamlit as st

from core.access import Action, Identity, can, visible_stations
from core.periods import Period
from db.results.queries.stations import Slice
from pages.ui.results.filters import address, facet_parameters

_CASES = "cases.py"


def open_station(station_id: int, slice_: Slice) -> NoReturn:
    st.switch_page("station.py", query_params=address(slice_, station=station_id))


def open_stations(slice_: Slice, **more: object) -> NoReturn:
    """Open the list of stations; `more` may hold stations and by."""
    st.switch_page("stations.py", query_params=address(slice_, **more))


def link_to_stations(label: str, slice_: Slice) -> None:
    st.page_link(
        "stations.py", label=label, icon=":material/arrow_back:", query_params=address(slice_)
    )


def may_open_cases(who: Identity, station_id: int) -> bool:
    """Whether the person may read this station's cases."""
    if not can(who, Action.SEE_CASES):
        return False
    visible = visible_stations(who, Action.SEE_CASES)
    return visible is None or station_id in visible


def may_browse_cases(who: Identity) -> bool:
    """Whether the person may read cases somewhere."""
    return can(who, Action.SEE_CASES)


def only_month(slice_: Slice, month: int) -> Slice:
    """The same inspections of a single month."""
    return slice_.during(Period(month, month))


def link_to_cases(label: str, slice_: Slice, station_id: int | None, **more: object) -> None:
    st.page_link(
        _CASES,
        label=label,
        icon=":material/folder_open:",
        query_params=_case_filters(slice_, station_id, more),
    )


def open_cases(slice_: Slice, station_id: int | None, **more: object) -> NoReturn:
    """Open the cases behind a mark, of one station or all.

    `more` may hold section, item, inspector, person, band, critical, from and to.
    """
    st.switch_page(_CASES, query_params=_case_filters(slice_, station_id, more))


class ClickedStation(NamedTuple):
    """The station that was clicked: by its mark in the chart, or by its row in a table."""

    mark: int | None = None
    row: int | None = None


def follow(who: Identity, click: ClickedStation, slice_: Slice, *, critical: bool = False) -> None:
    """Open what was clicked: by a row the station, by a mark its cases.

    Who may not read the cases comes to the station by both.
    """
    if click.row is not None:
        open_station(click.row, slice_)
    if click.mark is not None:
        if may_open_cases(who, click.mark):
            open_cases(slice_, click.mark, **({"critical": 1} if critical else {}))
        open_station(click.mark, slice_)


def _case_filters(slice_: Slice, station_id: int | None, more: dict[str, object]) -> dict[str, str]:
    filters: dict[str, object] = {
        "station": station_id,
        "checklist": slice_.checklist_id,
        "channel": slice_.channel,
        "sample": slice_.sample_class,
        "from": slice_.period.first,
        "to": slice_.period.last,
        **facet_parameters(slice_.facets, post="group"),
    } | more
    return {name: str(value) for name, value in filters.items() if value is not None}
