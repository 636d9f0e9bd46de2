"""The stations page's answer, forest plot and table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.ranking import headline as verdict_headline
from core.results.figures import LEVEL, Gap
from core.text.sentence import Sentence
from pages.ui.kit.charts.base import DrawnChart, show_chart
from pages.ui.kit.charts.forest import ROW_HEIGHT, ForestRow, forest
from pages.ui.kit.downloads import Cell, Table, download_menu
from pages.ui.kit.guide import how_computed
from pages.ui.kit.messages import _, number, signed
from pages.ui.kit.phrases import from_best_to_last, side_word
from pages.ui.kit.tables import clicked_row, show_table
from pages.ui.results.links import ClickedStation
from pages.ui.results.past import Past
from pages.ui.results.station_lines import Apart, Lines, StationLine, words

_HEAD = 38


def headline(lines: Lines) -> str:
    """What was compared and what was found, in one sentence."""
    if lines.comparison is None:
        return _("Plain means; stations are compared once the ranking is computed.")
    names = {line.station: line.name for line in lines.compared}
    names |= {line.station: line.name for line in lines.apart}
    found = verdict_headline(
        lines.verdicts(),
        of=len(lines.comparison.rows),
        name=lambda station: names[int(station)],
    )
    return words(found)


def show(
    lines: Lines, *, target: float | None, past: Past, own: frozenset[int] | None = None
) -> ClickedStation:
    """Chart and table beside each other; the station that was clicked, if any.

    Changes are against `past`. Of who answers for some of the stations these
    stand above too, and are marked.
    """
    own = own or frozenset()
    if own.issuperset(line.station for line in lines.compared):
        own = frozenset()
    mark: int | None = None
    row = _show_own(lines, own)
    if lines.compared:
        left, right = st.columns([13, 20], gap="medium")
        drawn = _drawn(lines, target)
        with left:
            clicked = show_chart(drawn, "stations_chart", how="station_score")
            mark = clicked["station"] if clicked else None
        with right:
            row = _table(lines, own, past) or row
    if lines.apart:
        row = _show_apart(lines.apart) or row
    return ClickedStation(mark=mark, row=row)


def explain(lines: Lines, assignment: Sentence | None) -> None:
    """Why adjusted figures differ from plain ones, station by station."""
    if assignment is not None:
        st.warning(words(assignment))
    if not lines.compared:
        return
    with st.expander(_("What was adjusted, and what would tell stations apart")):
        columns: dict[str, list[Cell]] = {
            _("Station"): [line.name for line in lines.compared],
            _("Plain"): [number(line.plain) for line in lines.compared],
            _("Adjusted"): [number(line.value) for line in lines.compared],
            _("Inspectors fixed"): [number(line.fixed) for line in lines.compared],
            _("Why"): [line.note for line in lines.compared],
            _("In the bottom group"): [
                "—" if line.bottom is None else f"{number(100 * line.bottom, 0)} %"
                for line in lines.compared
            ],
            _("To tell it apart"): [line.apart_from_better for line in lines.compared],
        }
        if assignment is None:
            del columns[_("Inspectors fixed")]
        show_table(pd.DataFrame(columns))
        numbers: dict[str, list[Cell]] = {
            _("Plain"): [line.plain for line in lines.compared],
            _("Adjusted"): [line.value for line in lines.compared],
            _("Inspectors fixed"): [line.fixed for line in lines.compared],
            _("In the bottom group"): [line.bottom for line in lines.compared],
        }
        full = {name: numbers.get(name, values) for name, values in columns.items()}
        download_menu("explain", table=Table.of("adjustment", full))


def _drawn(lines: Lines, target: float | None) -> DrawnChart:
    rows = [
        ForestRow(
            key=line.station,
            label=line.name,
            value=line.value,
            low=line.low,
            high=line.high,
            n=line.figures.n,
            side=line.side,
            plain=line.plain,
        )
        for line in lines.compared
    ]
    sentence = from_best_to_last([(line.name, line.value) for line in lines.compared])
    level = lines.comparison.level if lines.comparison else LEVEL
    return forest(rows, network=lines.network, target=target, sentence=sentence, level=level)


def _show_own(lines: Lines, own: frozenset[int]) -> int | None:
    """The compared stations among one's own; the one that was clicked."""
    rows = [line for line in lines.compared if line.station in own]
    if not rows:
        return None
    title = _("Your stations")
    st.markdown(f"**{title}**")
    columns = _columns(lines)
    clicked = clicked_row(
        _frame(rows), "own_stations", alt=title, column_config=columns, width="content"
    )
    return None if clicked is None else rows[clicked].station


def _table(lines: Lines, own: frozenset[int], past: Past) -> int | None:
    compared = lines.compared
    title = _("Stations in figures")
    st.markdown(f"**{title}**")
    clicked = clicked_row(
        _frame(compared, own),
        "stations_table",
        alt=title,
        row_height=ROW_HEIGHT,
        height=ROW_HEIGHT * len(compared) + _HEAD,
        column_config=_columns(lines),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        clicks = _("Click a row for the station, a mark for its cases.")
        dots = _("A dot where no change is shown.")
        st.caption(f"{clicks} {past.sentence} {dots}")
        download_menu("stations_table", table=_download(compared, past.name))
        how_computed("stations_table", "change")
    return None if clicked is None else compared[clicked].station


def _frame(lines: Sequence[StationLine], marked: frozenset[int] = frozenset()) -> pd.DataFrame:
    columns = {
        "station": [f"★ {line.name}" if line.station in marked else line.name for line in lines],
        "rank": [line.rank for line in lines],
        "score": [line.value for line in lines],
        "interval": [_span(line.low, line.high) for line in lines],
        "n": [line.figures.n for line in lines],
        "critical": [
            None if line.figures.critical_rate is None else 100 * line.figures.critical_rate
            for line in lines
        ],
        "change": [change_words(line.change, told=line.changed) for line in lines],
        "trend": [[value for value in line.trend if value is not None] for line in lines],
    }
    if not any(line.rank for line in lines):
        del columns["rank"]
    return pd.DataFrame(columns)


def _columns(lines: Lines) -> dict[str, Any]:
    score = _("Adjusted") if lines.is_adjusted else _("Before critical")
    means = [value for line in lines.compared for value in line.trend if value is not None]
    low, high = min(means, default=0.0), max(means, default=100.0)
    config = st.column_config
    one = "%.1f"
    return {
        "station": config.TextColumn(_("Station"), width=172),
        "rank": config.TextColumn(_("Rank"), width=44),
        "score": config.NumberColumn(score, format=one, width=62),
        "interval": config.TextColumn(_("Interval"), width=80),
        "n": config.NumberColumn("n", format="%d", width=36, help=_("Inspections with a score")),
        "critical": config.NumberColumn(_("Critical"), format="%.1f %%", width=56),
        "change": config.TextColumn(_("Change"), width=90),
        "trend": config.LineChartColumn(
            _("Year"), width=50, help=_("The last 12 months"), y_min=low, y_max=high
        ),
    }


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{number(low)}–{number(high)}"


def change_words(change: Gap | None, *, told: bool = True) -> str:
    """A change with its direction as a sign, or a dot where none is shown; empty without a past."""
    if change is None or change.half is None:
        return ""
    if not told or not change.is_clear:
        return f"· {signed(change.value)} ± {number(change.half)}"
    sign = "▲" if change.value > 0 else "▼"
    return f"{sign} {number(abs(change.value))} ± {number(change.half)}"


def _download(lines: Sequence[StationLine], past: str) -> Table:
    header = (
        *(_("Station"), _("Rank"), _("Score before critical failures"), _("Interval from")),
        *(_("to"), _("Plain mean"), _("Score"), _("Inspections"), _("Passed"), _("Critical")),
        _("Change against {period}", period=past),
        *(_("Change ±"), _("Against the network")),
    )
    return Table("stations", header, tuple(_row(line) for line in lines))


def _row(line: StationLine) -> tuple[Cell, ...]:
    figures = line.figures
    change = line.change or Gap(value=0.0, half=None)
    return (
        *(line.name, line.rank, line.value, line.low, line.high, figures.before.mean),
        *(figures.scores.mean, figures.n, figures.pass_rate, figures.critical_rate),
        *(line.change and change.value, change.half, side_word(line.side)),
    )


def _show_apart(apart: Sequence[Apart]) -> int | None:
    """Stations without enough evidence: named, counted, not compared; the one that was clicked."""
    title = _("Not enough evidence")
    st.markdown(f"**{title}**")
    header = (
        *(_("Station"), _("Inspections"), _("Plain mean"), _("Adjusted")),
        *(_("Interval from"), _("to"), _("Why")),
    )
    rows = tuple(
        (
            *(station.name, station.figures.n, station.figures.before.mean),
            *(station.value, station.low, station.high, station.reason),
        )
        for station in apart
    )
    config = st.column_config
    frame = pd.DataFrame(
        {
            "station": [station.name for station in apart],
            "n": [station.figures.n for station in apart],
            "plain": [station.figures.before.mean for station in apart],
            "value": [station.value for station in apart],
            "interval": [_span(station.low, station.high) for station in apart],
            "why": [station.reason for station in apart],
        }
    )
    columns = {
        "station": config.TextColumn(_("Station"), width=172),
        "n": config.NumberColumn("n", format="%d", width=36, help=_("Inspections with a score")),
        "plain": config.NumberColumn(_("Plain mean"), format="%.1f", width=80),
        "value": config.NumberColumn(_("Adjusted"), format="%.1f", width=62),
        "interval": config.TextColumn(_("Interval"), width=80),
        "why": config.TextColumn(_("Why")),
    }
    clicked = clicked_row(frame, "apart_table", alt=title, column_config=columns)
    download_menu("apart_table", table=Table("not_compared", header, rows))
    return None if clicked is None else apart[clicked].station
