"""Figures of the whole network, station by station, read from the rollups alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.results.figures import Figures, Moments
from db.checklists.models import ChecklistVersion
from db.results.models import StationMonth, StationSectionMonth
from db.results.queries.stations import Slice, figures_of, kept_in, of_facets, sums_of, within


class StationSection(NamedTuple):
    station: int
    section: str
    scores: Moments


class StationRest(NamedTuple):
    """A station's month: key-moment scores, and items answered and N/A."""

    station: int
    month: int
    key_moments: Moments
    answered: int
    na: int


class ChecklistStation(NamedTuple):
    """A station's inspections by one checklist."""

    checklist_id: int
    station: int
    figures: Figures


def station_sections(session: Session, slice_: Slice) -> tuple[StationSection, ...]:
    """Section scores of every station, by station id and section key."""
    table = kept_in(StationSectionMonth, slice_)
    keys = (table.station_id, table.section_key)
    query = (
        select(*keys, func.sum(table.n), func.sum(table.total), func.sum(table.squares))
        .where(*within(table, slice_))
        .group_by(*keys)
        .having(func.sum(table.n) > 0)
        .order_by(*keys)
    )
    rows: list[Any] = list(session.execute(query))
    return tuple(StationSection(row[0], row[1], Moments(*row[2:])) for row in rows)


def station_rest(session: Session, slice_: Slice) -> tuple[StationRest, ...]:
    """Every station's months, by station id and month."""
    table = kept_in(StationMonth, slice_)
    keys = (table.station_id, table.month)
    columns = (table.key_n, table.key_total, table.key_squares, table.answered, table.na)
    query = (
        select(*keys, *(func.sum(column) for column in columns))
        .where(*within(table, slice_))
        .group_by(*keys)
        .having(func.sum(table.n + table.unscored) > 0)
        .order_by(*keys)
    )
    rows: list[Any] = list(session.execute(query))
    return tuple(
        StationRest(
            station=station,
            month=month,
            key_moments=Moments(n, total=total, squares=squares),
            answered=answered,
            na=na,
        )
        for station, month, n, total, squares, answered, na in rows
    )


def checklist_figures(session: Session, slice_: Slice) -> tuple[ChecklistStation, ...]:
    """Every checklist at every station in the slice's period, sample and facets, by their ids."""
    table = kept_in(StationMonth, slice_)
    keys = (ChecklistVersion.checklist_id, table.station_id)
    sample = slice_.sample_class
    of_sample = () if sample is None else (table.sample_class == sample,)
    period = table.month.between(slice_.period.first, slice_.period.last)
    query = (
        select(*keys, *sums_of(table))
        .join(ChecklistVersion, ChecklistVersion.id == table.checklist_version_id)
        .where(period, *of_sample, *of_facets(table, slice_.facets))
        .group_by(*keys)
        .order_by(*keys)
    )
    rows = [
        ChecklistStation(checklist_id=checklist, station=station, figures=figures_of(sums))
        for checklist, station, *sums in session.execute(query)
    ]
    return tuple(row for row in rows if row.figures.inspections)
