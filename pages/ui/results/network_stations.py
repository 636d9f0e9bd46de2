"""Key moments and N/A station by station."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.results.figures import NOTHING, Moments, Ratios
from db.results.queries import network as queries
from pages.ui.kit.cached import Reader
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, language
from pages.ui.kit.tables import clicked_row
from pages.ui.results import links
from pages.ui.results.network_figures import NetworkSubject


def stations_table(subject: NetworkSubject, read: Reader) -> None:
    """Key moments and N/A of every station; a click on a row opens the station."""
    by_station = _by_station(subject, read)
    title = _("Key moments and N/A by station")
    st.markdown(f"**{title}**")
    header = (_("Station"), _("Key moments"), "±", "n", _("N/A, %"))
    rows = [
        (
            subject.places[station].name(language()),
            key_moments.mean,
            key_moments.half_width(),
            key_moments.n,
            None if ratio.rate is None else 100 * ratio.rate,
        )
        for station, (key_moments, ratio) in by_station.items()
    ]
    one = st.column_config.NumberColumn(format="%.1f")
    clicked = clicked_row(
        pd.DataFrame(rows, columns=list(header)),
        "network_stations",
        alt=title,
        column_config={header[1]: one, header[2]: one, header[4]: one},
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("A click on a row opens the station."))
        download_menu("network_stations", table=Table("key_moments", header, tuple(rows)))
    if clicked is not None:
        links.open_station(list(by_station)[clicked], subject.slice_)


def _by_station(subject: NetworkSubject, read: Reader) -> dict[int, tuple[Moments, Ratios]]:
    """Key moments and N/A of every station, the weakest key moments first."""
    rows: dict[int, list[queries.StationRest]] = {}
    for row in read(queries.station_rest, subject.slice_):
        if subject.holds(row.station):
            rows.setdefault(row.station, []).append(row)
    figures = {}
    for station, months in rows.items():
        key_moments = NOTHING
        for row in months:
            key_moments = key_moments.plus(row.key_moments)
        ratio = Ratios.of((row.na, row.na + row.answered) for row in months)
        figures[station] = (key_moments, ratio)
    unknown = 101.0
    order = sorted(figures, key=lambda station_id: figures[station_id][0].mean or unknown)
    return {station: figures[station] for station in order}
