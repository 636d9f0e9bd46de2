"""The network's figures, its heat map, and key moments and N/A station by station."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from core.access import Identity
from core.periods import Period
from core.results.contrast import SubjectFigures
from core.results.figures import NOTHING, Moments, Ratios
from core.results.many_comparisons import FEWEST_IN_CELL, CellScores, told_apart
from core.results.station_comparison import network
from db.checklists.queries.texts import ChecklistTexts
from db.people.queries.people import StationRow
from db.people.queries.people import stations as station_rows
from db.results.queries import network as queries
from db.results.queries import stations
from db.results.queries.stations import Slice
from pages.ui.kit import wiring
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.charts.base import MOST_ROWS, show_chart
from pages.ui.kit.charts.heat import HeatCell, heat
from pages.ui.kit.downloads import Table, download_menu
from pages.ui.kit.messages import _, escape_markdown, language, number, plural, text_of
from pages.ui.kit.phrases import SIDES, Side, plain_intervals
from pages.ui.kit.tables import clicked_row
from pages.ui.results import links
from pages.ui.results.filters import StationGroup


@dataclass(frozen=True)
class NetworkSubject:
    """Which inspections of which stations, and who looks at them."""

    who: Identity
    slice_: Slice
    group: StationGroup
    texts: ChecklistTexts
    places: Mapping[int, StationRow]

    def holds(self, station: int) -> bool:
        return self.group.holds(self.places[station])

    def during(self, period: Period) -> NetworkSubject:
        """The same of another period."""
        return replace(self, slice_=self.slice_.during(period))

    @property
    def codes(self) -> str | None:
        """The group's stations as the address of cases has them; None for all."""
        if not self.group.by:
            return None
        return ",".join(row.code for row in self.places.values() if self.group.holds(row))


@dataclass(frozen=True)
class NetworkCell:
    """A station's section against the same section elsewhere in the selection."""

    station: int
    name: str
    section: str
    title: str
    scores: Moments
    difference: float
    side: Side


def places() -> dict[int, StationRow]:
    with wiring.reading() as session:
        return {row.id: row for row in station_rows(session)}


def totals(subject: NetworkSubject, read: Reader) -> SubjectFigures:
    """The figures of all inspections of the selection together."""
    by_station = read(stations.station_figures, subject.slice_)
    rows = [row for row in read(queries.station_rest, subject.slice_) if subject.holds(row.station)]
    key_moments = NOTHING
    for row in rows:
        key_moments = key_moments.plus(row.key_moments)
    return SubjectFigures(
        network({key: figures for key, figures in by_station.items() if subject.holds(key)}),
        key_moments,
        Ratios.of((row.na, row.na + row.answered) for row in rows),
        _sections(subject, read),
    )


def cells(subject: NetworkSubject, read: Reader) -> tuple[NetworkCell, ...]:
    """Every station's sections, stations in the order of their means, sections in the form's."""
    sections = _sections(subject, read)
    order = list(subject.texts.sections)
    figures = read(stations.station_figures, subject.slice_)
    rows = [
        (row, CellScores(row.scores, sections[row.section].minus(row.scores)))
        for row in read(queries.station_sections, subject.slice_)
        if subject.holds(row.station) and row.scores.n >= FEWEST_IN_CELL
    ]
    rows = [(row, scores) for row, scores in rows if scores.others.mean is not None]
    verdicts = told_apart([scores for _row, scores in rows])
    cells = [
        NetworkCell(
            station=row.station,
            name=subject.places[row.station].name(language()),
            section=row.section,
            title=text_of(subject.texts.sections.get(row.section, {})) or row.section,
            scores=row.scores,
            difference=(row.scores.mean or 0.0) - (scores.others.mean or 0.0),
            side=SIDES[verdict],
        )
        for (row, scores), verdict in zip(rows, verdicts, strict=True)
    ]
    return tuple(
        sorted(
            cells,
            key=lambda cell: (
                -(figures[cell.station].before.mean or 0.0),
                cell.station,
                order.index(cell.section) if cell.section in order else len(order),
            ),
        )
    )


def headline(cells: Sequence[NetworkCell]) -> str:
    """How many cells were looked at and what stands out most, in one sentence of Markdown."""
    below = [cell for cell in cells if cell.side is Side.BELOW]
    if not below:
        return _(
            "No station is clearly below the others in any section; {count} looked at.",
            count=len(cells),
        )
    worst = min(below, key=lambda cell: cell.difference)
    below_words = plural(
        "{count} section of a station is clearly below the other stations",
        "{count} sections of stations are clearly below the other stations",
        len(below),
    )
    return _("{told}, of {all} looked at; furthest: {station}, {section} ({difference}).").format(
        told=below_words,
        all=len(cells),
        station=escape_markdown(worst.name),
        section=escape_markdown(worst.title),
        difference=number(worst.difference),
    )


def figures(totals: SubjectFigures) -> None:
    """Tiles with the totals of the selection."""
    own = totals.figures
    interval = own.critical_interval()
    low, high = (100 * interval.lower, 100 * interval.upper) if interval else (None, None)
    tiles = (
        (_("Before critical"), number(own.before.mean), _half(own.before)),
        (_("Score"), number(own.scores.mean), _half(own.scores)),
        (_("Key moments"), number(totals.key_moments.mean), _half(totals.key_moments)),
        (_("Critical failures"), _share(own.critical_rate), f"{number(low)}–{number(high)} %"),
        (_("N/A"), _share(totals.na.rate), _("of all answers")),
        (_("Inspections"), number(own.inspections, 0), ""),
    )
    with st.container(horizontal=True, key="tiles"):
        for label, value, note in tiles:
            st.metric(
                *(label, value, note or None),
                delta_color="off",
                delta_arrow="off",
                border=True,
                width=150,
            )
    st.caption(plain_intervals())


def heat_map(subject: NetworkSubject, cells: Sequence[NetworkCell]) -> None:
    """Stations by sections; a click on a cell opens its cases."""
    columns = {
        key: column for column, key in enumerate(dict.fromkeys(cell.section for cell in cells))
    }
    if not cells:
        return
    station_ids = list(dict.fromkeys(cell.station for cell in cells))
    room = MOST_ROWS // max(1, len(columns))
    charted_ids = set(_furthest(cells, room)) if len(station_ids) > room else set(station_ids)
    rows = [
        _heat_cell(cell, columns[cell.section]) for cell in cells if cell.station in charted_ids
    ]
    sentence = headline(cells)
    if len(charted_ids) < len(station_ids):
        sentence += " " + _(
            "Shown: the {count} stations furthest from the rest.", count=len(charted_ids)
        )
    drawn = heat(
        rows,
        title=_("Sections by station"),
        subtitle=_(
            "Section score, points of 100. Blue: above the other stations; vermillion: below"
        ),
        sentence=sentence,
    )
    picked = show_chart(
        drawn,
        "network_heat",
        clickable=links.may_browse_cases(subject.who),
        how="sections",
    )
    if picked:
        section = next(key for key, column in columns.items() if column == picked["column"])
        links.open_cases(subject.slice_, int(picked["key"]), section=section)


def _sections(subject: NetworkSubject, read: Reader) -> dict[str, Moments]:
    by_section: dict[str, Moments] = {}
    for row in read(queries.station_sections, subject.slice_):
        if subject.holds(row.station):
            by_section[row.section] = by_section.get(row.section, NOTHING).plus(row.scores)
    return by_section


def _furthest(cells: Sequence[NetworkCell], room: int) -> list[int]:
    worst: dict[int, float] = {}
    for cell in cells:
        worst[cell.station] = max(worst.get(cell.station, 0.0), abs(cell.difference))
    return sorted(worst, key=lambda station: -worst[station])[:room]


def _heat_cell(cell: NetworkCell, column: int) -> HeatCell:
    mean = cell.scores.mean or 0.0
    return HeatCell(
        key=str(cell.station),
        label=cell.name,
        column=column,
        column_label=cell.title,
        value=mean,
        text=number(mean, 0),
        difference=cell.difference,
        n=cell.scores.n,
    )


def _half(scores: Moments) -> str:
    half = scores.half_width()
    return "" if half is None else f"± {number(half)}"


def _share(rate: float | None) -> str:
    return "—" if rate is None else f"{number(100 * rate)} %"


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
    half = st.column_config.NumberColumn(format="%.1f", help=_("Half of the 90 % interval"))
    clicked = clicked_row(
        pd.DataFrame(rows, columns=list(header)),
        "network_stations",
        alt=title,
        column_config={header[1]: one, header[2]: half, header[4]: one},
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
