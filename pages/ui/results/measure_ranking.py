"""The stations page's funnel, intervals and table by a measure other than the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core.ranking import AgainstNetwork, StationVerdict
from core.results.figures import ENOUGH
from core.results.station_measures import StationShare
from pages.ui.kit.charts.base import DrawnChart, show_chart
from pages.ui.kit.charts.dots import Dot, DotScale, dots
from pages.ui.kit.charts.funnel import FunnelLimit, FunnelPoint, FunnelScale, funnel
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, number
from pages.ui.kit.phrases import SIDES, Side, from_best_to_last, side_word
from pages.ui.kit.tables import clicked_row
from pages.ui.results.links import ClickedStation
from pages.ui.results.measured_stations import By, MeansShown, SharesShown, by_name

_STEPS = 60


def show(shown: SharesShown | MeansShown, names: Mapping[int, str]) -> ClickedStation:
    """Chart and table beside each other; the station that was clicked, if any."""
    if not shown.rows:
        return ClickedStation()
    drawn = (
        means_chart(shown, names) if isinstance(shown, MeansShown) else shares_chart(shown, names)
    )
    left, right = st.columns([7, 10], gap="medium")
    with left:
        mark = show_chart(drawn, "measure_chart", how="station_measures") if drawn else None
    with right:
        row = (
            _means_table(shown, names)
            if isinstance(shown, MeansShown)
            else _shares_table(shown, names)
        )
    st.caption(
        _(
            "Plain figures: who inspected is not taken out here. What inspections of one person "
            "have in common is, and all stations are looked at together."
        )
    )
    station = None if mark is None else int(mark.get("station", mark.get("key", 0)))
    return ClickedStation(mark=station, row=row)


def shares_chart(shown: SharesShown, names: Mapping[int, str]) -> DrawnChart | None:
    """The stations among the limits of chance; None where there is nothing to tell."""
    comparison = shown.comparison
    if comparison.reference is None or comparison.level is None:
        return None
    rows = shown.rows
    points = [
        FunnelPoint(
            key=row.station,
            label=names[row.station],
            value=row.counted.k / row.counted.n,
            low=row.low,
            high=row.high,
            n=row.counted.n,
            side=shown.side(row),
            name="" if shown.side(row) is Side.UNCLEAR else names[row.station],
        )
        for row in rows
    ]
    scale = FunnelScale(
        title=_("{measure} by station", measure=by_name(shown.by)),
        measure=_measure(shown.by),
        reference=comparison.reference,
        line=_("network {mean}", mean=f"{number(100 * comparison.reference)} %"),
        limits=_(
            "Dashed: limits of chance at {percent} %, judged together",
            percent=number(100 * comparison.level, 1),
        ),
        words=_words(shown.by),
    )
    return funnel(points, _limits(shown), scale, sentence=_spread_sentence(shown))


def _spread_sentence(shown: SharesShown) -> str:
    rates = [row.counted.k / row.counted.n for row in shown.rows]
    if len(rates) == 1:
        return _(
            "One station alone: {share} %; the network has {mean} %.",
            share=number(100 * rates[0]),
            mean=number(100 * (shown.comparison.reference or 0.0)),
        )
    return _(
        "{count} stations from {low} % to {high} %; the network has {mean} %.",
        count=len(rates),
        low=number(100 * min(rates)),
        high=number(100 * max(rates)),
        mean=number(100 * (shown.comparison.reference or 0.0)),
    )


def _range_sentence(shown: MeansShown, names: Mapping[int, str]) -> str:
    return from_best_to_last([(names[int(row.station)], row.mean) for row in shown.rows])


def _limits(shown: SharesShown) -> list[FunnelLimit]:
    """From the fewest to the most inspections of a station shown, each station's own among them."""
    own = sorted({row.counted.n for row in shown.rows})
    first, last = min(own[0], max(1, round(0.8 * own[-1]))), own[-1]
    grid = {round(first + (last - first) * step / _STEPS) for step in range(_STEPS + 1)}
    return [FunnelLimit(n, *shown.comparison.limits(n)) for n in sorted(grid | set(own))]


def means_chart(shown: MeansShown, names: Mapping[int, str]) -> DrawnChart:
    reference = shown.comparison.reference or 0.0
    rows = [
        Dot(
            key=str(row.station),
            label=names[int(row.station)],
            value=row.mean,
            low=low,
            high=high,
            n=row.n,
            side=SIDES[row.verdict],
        )
        for row in shown.rows
        for low, high in [_bounds(row, reference)]
    ]
    level = shown.comparison.level
    bars = "" if level is None else number(100 * level, 1)
    scale = DotScale(
        title=_("Key moments by station"),
        measure=_("Score of the key moments, points of 100"),
        pattern=".1f",
        words=(_("above"), _("cannot be told"), _("below")),
        counted=_("Inspections"),
        head=_("Station"),
        lines=((reference, _("network {mean}", mean=number(reference))),),
        bars=_("Bars: {percent} % intervals, judged together", percent=bars) if bars else "",
    )
    return dots(rows, scale, sentence=_range_sentence(shown, names))


def _shares_table(shown: SharesShown, names: Mapping[int, str]) -> int | None:
    rows, sides = shown.rows, dict(zip(Side, _words(shown.by), strict=True))
    header = (
        *(_("Station"), _("{measure}, %", measure=by_name(shown.by)), _("By chance, %")),
        *("n", _("Against the network")),
    )
    cells = [
        (
            names[row.station],
            100 * row.counted.k / row.counted.n,
            _chance(row),
            row.counted.n,
            _verdict(row, sides[shown.side(row)]),
        )
        for row in rows
    ]
    columns = (
        *(_("Station"), _measure(shown.by), _("Limit from"), _("to")),
        *(_("Counted"), _("Inspections"), _("Against the network")),
    )
    full = tuple(
        (
            *(names[row.station], row.counted.k / row.counted.n, row.low, row.high),
            *(row.counted.k, row.counted.n, _verdict(row, sides[shown.side(row)])),
        )
        for row in rows
    )
    table = Table(shown.by, columns, full)
    clicked = _table(header, cells, table)
    return None if clicked is None else rows[clicked].station


def _means_table(shown: MeansShown, names: Mapping[int, str]) -> int | None:
    rows, reference = shown.rows, shown.comparison.reference or 0.0
    header = (_("Station"), _("Key moments"), _("Interval"), "n", _("Against the network"))
    cells = [
        (
            names[int(row.station)],
            row.mean,
            _span(*_bounds(row, reference)),
            row.n,
            _verdict(row, side_word(SIDES[row.verdict])),
        )
        for row in rows
    ]
    columns = (
        *(_("Station"), _("Score of the key moments"), _("Difference from"), _("to")),
        *(_("Inspections"), _("Against the network")),
    )
    full = tuple(
        (
            *(names[int(row.station)], row.mean, *(row.difference or (None, None))),
            *(row.n, _verdict(row, side_word(SIDES[row.verdict]))),
        )
        for row in rows
    )
    clicked = _table(header, cells, Table("key_moments", columns, full))
    return None if clicked is None else int(rows[clicked].station)


def _bounds(row: StationVerdict, reference: float) -> tuple[float | None, float | None]:
    """The interval of the difference, laid on the network's mean and within the scale."""
    if row.difference is None:
        return None, None
    return max(0.0, reference + row.difference.lower), min(100.0, reference + row.difference.upper)


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{number(low)}–{number(high)}"


def _table(
    header: tuple[str, ...], cells: Sequence[tuple[object, ...]], table: Table
) -> int | None:
    title = _("Stations in figures")
    st.markdown(f"**{title}**")
    clicked = clicked_row(
        pd.DataFrame(cells, columns=list(header)),
        "measure_table",
        alt=title,
        column_config={header[1]: st.column_config.NumberColumn(format="%.1f")},
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Click a row for the station, a mark for its cases."))
        download_menu("measure_table", table=table)
    return clicked


def _verdict(row: StationShare | StationVerdict, word: str) -> str:
    if row.verdict is not AgainstNetwork.TOO_FEW:
        return word
    n = row.n if isinstance(row, StationVerdict) else row.counted.n
    return _("{n} of {enough}", n=number(n, 0), enough=ENOUGH) if n < ENOUGH else "—"


def _chance(row: StationShare) -> str:
    """The limits in percent; a side on which nothing would be told stands open."""
    if row.low is None and row.high is None:
        return ""
    low = 0.0 if row.low is None else 100 * row.low
    return _span(low, 100.0 if row.high is None else 100 * row.high)


def _measure(by: By) -> str:
    if by == "critical":
        return _("Share with a critical failure")
    return _("Share that passed")


def _words(by: By) -> tuple[str, str, str]:
    if by == "critical":
        return (_("fewer"), _("cannot be told"), _("more"))
    return (_("more passed"), _("cannot be told"), _("fewer passed"))
