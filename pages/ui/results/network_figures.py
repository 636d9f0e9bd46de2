"""The network's figures and its heat map of stations by sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from core.access import Identity
from core.results.comparison import network
from core.results.contrast import SubjectFigures
from core.results.figures import NOTHING, Moments, Ratios, gap
from db.checklists.queries.texts import ChecklistTexts
from db.people.queries.people import StationRow
from db.people.queries.people import stations as station_rows
from db.results.queries import network as queries
from db.results.queries import stations
from db.results.queries.stations import Slice
from pages.ui.kit import wiring
from pages.ui.kit.cached import Reader
from pages.ui.kit.chart_view import show_chart
from pages.ui.kit.charts.base import MOST_ROWS
from pages.ui.kit.charts.heat import HeatCell, heat
from pages.ui.kit.markdown import escape_markdown
from pages.ui.kit.messages import _, language, number, plural, text_of
from pages.ui.kit.words import Side
from pages.ui.results import links
from pages.ui.results.filters import Group

FEWEST_IN_CELL = 3


@dataclass(frozen=True)
class Subject:
    """Which inspections of which stations, and who looks at them."""

    who: Identity
    part: Slice
    group: Group
    texts: ChecklistTexts
    places: Mapping[int, StationRow]

    def holds(self, station: int) -> bool:
        return self.group.holds(self.places[station])


@dataclass(frozen=True)
class Cell:
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


def whole(it: Subject, read: Reader) -> SubjectFigures:
    """The selection as one."""
    by_station = read(stations.station_figures, it.part)
    rest = [row for row in read(queries.station_rest, it.part) if it.holds(row.station)]
    key_moments = NOTHING
    for row in rest:
        key_moments = key_moments.plus(row.key_moments)
    return SubjectFigures(
        network({key: found for key, found in by_station.items() if it.holds(key)}),
        key_moments,
        Ratios.of((row.na, row.na + row.answered) for row in rest),
        _sections(it, read),
    )


def cells(it: Subject, read: Reader) -> tuple[Cell, ...]:
    """Every station's sections, stations in the order of their means, sections in the form's."""
    sections = _sections(it, read)
    order = list(it.texts.sections)
    figures = read(stations.station_figures, it.part)
    found = []
    for row in read(queries.station_sections, it.part):
        mean = row.scores.mean
        if not it.holds(row.station) or mean is None or row.scores.n < FEWEST_IN_CELL:
            continue
        others = sections[row.section].minus(row.scores)
        if others.mean is None:
            continue
        cell = Cell(
            row.station,
            it.places[row.station].name(language()),
            row.section,
            text_of(it.texts.sections.get(row.section, {})) or row.section,
            row.scores,
            mean - others.mean,
            Side.of(gap(row.scores, others)),
        )
        found.append(cell)
    return tuple(
        sorted(
            found,
            key=lambda cell: (
                -(figures[cell.station].before.mean or 0.0),
                cell.station,
                order.index(cell.section) if cell.section in order else len(order),
            ),
        )
    )


def headline(found: Sequence[Cell]) -> str:
    """What stands out most, in one sentence of Markdown."""
    below = [cell for cell in found if cell.side is Side.BELOW]
    if not below:
        return _("No station is clearly below the others in any section.")
    worst = min(below, key=lambda cell: cell.difference)
    told = plural(
        "{count} section of a station is clearly below the other stations",
        "{count} sections of stations are clearly below the other stations",
        len(below),
    )
    return _("{told}; furthest: {station}, {section} ({difference}).").format(
        told=told,
        station=escape_markdown(worst.name),
        section=escape_markdown(worst.title),
        difference=number(worst.difference),
    )


def figures(found: SubjectFigures) -> None:
    """What the selection comes to as a whole."""
    own = found.figures
    interval = own.critical_interval()
    low, high = (100 * interval.lower, 100 * interval.upper) if interval else (None, None)
    tiles = (
        (_("Before critical"), number(own.before.mean), _half(own.before)),
        (_("Score"), number(own.scores.mean), _half(own.scores)),
        (_("Key moments"), number(found.key_moments.mean), _half(found.key_moments)),
        (_("Critical failures"), _share(own.critical_rate), f"{number(low)}–{number(high)} %"),
        (_("N/A"), _share(found.na.rate), _("of all answers")),
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


def heat_map(it: Subject, found: Sequence[Cell]) -> None:
    """Stations by sections; a click on a cell opens its cases."""
    columns = {
        key: place for place, key in enumerate(dict.fromkeys(cell.section for cell in found))
    }
    if not found:
        return
    stations_shown = list(dict.fromkeys(cell.station for cell in found))
    room = MOST_ROWS // max(1, len(columns))
    shown = set(_furthest(found, room)) if len(stations_shown) > room else set(stations_shown)
    rows = [_heat_cell(cell, columns[cell.section]) for cell in found if cell.station in shown]
    sentence = headline(found)
    if len(shown) < len(stations_shown):
        sentence += " " + _("Shown: the {count} stations furthest from the rest.", count=len(shown))
    drawn = heat(
        rows,
        title=_("Sections by station"),
        subtitle=_(
            "Section score, points of 100. Blue: above the other stations; vermillion: below"
        ),
        sentence=sentence,
    )
    picked = show_chart(drawn, "network_heat", clickable=links.may_browse_cases(it.who))
    if picked:
        section = next(key for key, place in columns.items() if place == picked["column"])
        links.open_cases(it.part, int(picked["key"]), section=section)


def _sections(it: Subject, read: Reader) -> dict[str, Moments]:
    found: dict[str, Moments] = {}
    for row in read(queries.station_sections, it.part):
        if it.holds(row.station):
            found[row.section] = found.get(row.section, NOTHING).plus(row.scores)
    return found


def _furthest(found: Sequence[Cell], room: int) -> list[int]:
    worst: dict[int, float] = {}
    for cell in found:
        worst[cell.station] = max(worst.get(cell.station, 0.0), abs(cell.difference))
    return sorted(worst, key=lambda station: -worst[station])[:room]


def _heat_cell(cell: Cell, column: int) -> HeatCell:
    mean = cell.scores.mean or 0.0
    return HeatCell(
        str(cell.station),
        cell.name,
        column,
        cell.title,
        mean,
        number(mean, 0),
        cell.difference,
        cell.scores.n,
    )


def _half(scores: Moments) -> str:
    half = scores.half_width()
    return "" if half is None else f"± {number(half)}"


def _share(rate: float | None) -> str:
    return "—" if rate is None else f"{number(100 * rate)} %"
