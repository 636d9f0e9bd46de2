"""Figures of stations, read from the rollups alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.checklist.model import BOT
from core.inspection.facets import EVERYTHING, Facets
from core.periods import Period
from core.results.figures import Figures, Moments
from db.checklists.models import ChecklistVersion
from db.results.models import (
    FacetedInspectorMonth,
    FacetedStationItemMonth,
    FacetedStationMonth,
    FacetedStationSectionMonth,
    InspectorMonth,
    ScoreCell,
    StaffMonth,
    StationItemMonth,
    StationMonth,
    StationSectionMonth,
)
from db.store.base import Model

_BY_FACETS: dict[type[Model], type[Model]] = {
    StationMonth: FacetedStationMonth,
    StationSectionMonth: FacetedStationSectionMonth,
    StationItemMonth: FacetedStationItemMonth,
    StaffMonth: ScoreCell,
    InspectorMonth: FacetedInspectorMonth,
}
"""Where the sums of a rollup are kept by facets; those that are not here hold the facets."""


@dataclass(frozen=True)
class Slice:
    """Which inspections figures are made of; None takes all channels or sample classes.

    Facets narrow further. All channels are those of people: a bot has figures where its channel is
    asked for.
    """

    period: Period
    checklist_id: int
    channel: str | None = None
    sample_class: str | None = None
    facets: Facets = EVERYTHING

    def during(self, period: Period) -> Slice:
        """The same inspections of another period."""
        return replace(self, period=period)


class Covered(NamedTuple):
    """Inspections there are of one checklist, channel and sample class."""

    checklist_id: int
    channel: str
    sample_class: str
    first: int
    last: int
    n: int


class MonthFigures(NamedTuple):
    """A month of a station; `versions` are the checklist versions scored with."""

    month: int
    figures: Figures
    versions: tuple[int, ...]


class SectionFigures(NamedTuple):
    """Section scores, of a month or, with month 0, of the whole period."""

    section: str
    month: int
    scores: Moments


class ChannelFigures(NamedTuple):
    channel: str
    figures: Figures


class ItemFigures(NamedTuple):
    """What became of an item: answered, lost, N/A, critical, and the points it cost."""

    item: str
    section: str
    answered: int
    lost: int
    na: int
    critical: int
    points_lost: float


def covered(session: Session, station_id: int | None = None) -> tuple[Covered, ...]:
    """What there are figures of at all, or at one station."""
    table = StationMonth
    grain = (ChecklistVersion.checklist_id, table.channel, table.sample_class)
    months = (func.min(table.month).label("first"), func.max(table.month).label("last"))
    query = (
        select(*grain, *months, func.sum(table.n + table.unscored).label("n"))
        .join(ChecklistVersion, ChecklistVersion.id == table.checklist_version_id)
        .group_by(*grain)
        .order_by(*grain)
    )
    if station_id is not None:
        query = query.where(table.station_id == station_id)
    return tuple(Covered(**row._asdict()) for row in session.execute(query) if row.n)


def station_figures(session: Session, slice_: Slice) -> dict[int, Figures]:
    """Every station with inspections, by id."""
    table = kept_in(StationMonth, slice_)
    query = (
        select(table.station_id, *sums_of(table))
        .where(*within(table, slice_))
        .group_by(table.station_id)
    )
    by_station = {row[0]: figures_of(row[1:]) for row in session.execute(query)}
    return {station: figures for station, figures in by_station.items() if figures.inspections}


def station_months(session: Session, slice_: Slice) -> dict[int, dict[int, Figures]]:
    """Every station's months, by station id and month."""
    table = kept_in(StationMonth, slice_)
    keys = (table.station_id, table.month)
    query = select(*keys, *sums_of(table)).where(*within(table, slice_)).group_by(*keys)
    months: dict[int, dict[int, Figures]] = {}
    for row in session.execute(query):
        months.setdefault(row[0], {})[row[1]] = figures_of(row[2:])
    return months


def trend(session: Session, slice_: Slice, station_id: int) -> tuple[MonthFigures, ...]:
    """A station's months in order; months without inspections are left out."""
    table = kept_in(StationMonth, slice_)
    keys = (table.month, ChecklistVersion.number)
    query = (
        select(*keys, *sums_of(table))
        .join(ChecklistVersion, ChecklistVersion.id == table.checklist_version_id)
        .where(table.station_id == station_id, *within(table, slice_))
        .group_by(*keys)
        .order_by(*keys)
    )
    months: dict[int, MonthFigures] = {}
    for month, number, *sums in session.execute(query):
        figures = figures_of(sums)
        if figures.inspections:
            before = months.get(month, MonthFigures(month, Figures.nothing(), ()))
            months[month] = MonthFigures(
                month, before.figures.plus(figures), (*before.versions, number)
            )
    return tuple(months.values())


def sections(
    session: Session, slice_: Slice, station_id: int | None = None, *, by_month: bool = False
) -> tuple[SectionFigures, ...]:
    """Section scores of a station, or of the network; by section key, then month."""
    table = kept_in(StationSectionMonth, slice_)
    keys: list[Any] = [table.section_key, *([table.month] if by_month else [])]
    sums = (func.sum(table.n), func.sum(table.total), func.sum(table.squares))
    query = (
        select(*keys, *sums)
        .where(*within(table, slice_), *_of_station(table.station_id, station_id))
        .group_by(*keys)
        .order_by(*keys)
    )
    return tuple(
        SectionFigures(row[0], row[1] if by_month else 0, Moments(*row[-3:]))
        for row in session.execute(query)
        if row[-3]
    )


def channels(
    session: Session, slice_: Slice, station_id: int | None = None
) -> tuple[ChannelFigures, ...]:
    """Channels of a station, or of the network, by name; bots are one of them."""
    table = kept_in(StationMonth, slice_)
    of_slice = (_month_within(table, slice_), *_of_checklist(table, slice_))
    query = (
        select(table.channel, *sums_of(table))
        .where(*of_slice, *_of_station(table.station_id, station_id))
        .group_by(table.channel)
        .order_by(table.channel)
    )
    rows = (ChannelFigures(row[0], figures_of(row[1:])) for row in session.execute(query))
    return tuple(row for row in rows if row.figures.inspections)


def items(
    session: Session, slice_: Slice, station_id: int | None = None
) -> tuple[ItemFigures, ...]:
    """Items of a station, or of the network, the most points lost first."""
    table = kept_in(StationItemMonth, slice_)
    counts = (table.answered, table.lost, table.na, table.critical, table.points_lost)
    query = (
        select(
            table.item_key.label("item"),
            func.max(table.section_key).label("section"),
            *(func.sum(column).label(column.key) for column in counts),
        )
        .where(*within(table, slice_), *_of_station(table.station_id, station_id))
        .group_by(table.item_key)
    )
    rows: list[Any] = list(session.execute(query))
    figures = [ItemFigures(**row._asdict()) for row in rows]
    return tuple(sorted(figures, key=lambda row: (-row.points_lost, -row.lost, row.item)))


def kept_in(table: type[Model], slice_: Slice) -> Any:  # noqa: ANN401  any rollup
    """The rollup that holds the sums of a table for a slice."""
    return _BY_FACETS[table] if slice_.facets.chosen else table


def of_facets(table: Any, facets: Facets) -> list[ColumnElement[bool]]:  # noqa: ANN401  any rollup
    """The conditions that narrow a rollup, or the inspections, to facets."""
    return [getattr(table, name) == value for name, value in facets.chosen.items()]


def within(table: Any, slice_: Slice) -> list[ColumnElement[bool]]:  # noqa: ANN401  any rollup
    """The conditions that narrow a monthly rollup to a slice."""
    return [_month_within(table, slice_), *beside_months(table, slice_)]


def beside_months(table: Any, slice_: Slice) -> list[ColumnElement[bool]]:  # noqa: ANN401  any rollup
    """The conditions of a slice but for its period."""
    if slice_.channel is None:
        return [*_of_checklist(table, slice_), table.channel != BOT]
    return _of_checklist(table, slice_)


def _month_within(table: Any, slice_: Slice) -> ColumnElement[bool]:  # noqa: ANN401  any rollup
    months: ColumnElement[bool] = table.month.between(slice_.period.first, slice_.period.last)
    return months


def _of_checklist(table: Any, slice_: Slice) -> list[ColumnElement[bool]]:  # noqa: ANN401  any rollup
    versions = select(ChecklistVersion.id).where(
        ChecklistVersion.checklist_id == slice_.checklist_id
    )
    conditions: list[ColumnElement[bool]] = [table.checklist_version_id.in_(versions)]
    if slice_.channel is not None:
        conditions.append(table.channel == slice_.channel)
    if slice_.sample_class is not None:
        conditions.append(table.sample_class == slice_.sample_class)
    return [*conditions, *of_facets(table, slice_.facets)]


def sums_of(table: Any) -> list[Any]:  # noqa: ANN401  any rollup with scores
    """The sums that `figures_of` makes figures of."""
    columns = (
        *(table.n, table.total, table.squares, table.total_before, table.squares_before),
        *(table.passed, table.critical, table.unscored),
    )
    return [func.sum(column) for column in columns]


def figures_of(sums: Any) -> Figures:  # noqa: ANN401  as many sums as `sums_of` names
    n, total, squares, total_before, squares_before, passed, critical, unscored = sums
    return Figures(
        Moments(n, total=total, squares=squares),
        Moments(n, total=total_before, squares=squares_before),
        passed=passed,
        critical=critical,
        unscored=unscored,
    )


def _of_station(
    column: InstrumentedAttribute[int], station_id: int | None
) -> Iterable[ColumnElement[bool]]:
    return () if station_id is None else (column == station_id,)
