"""Figures of every checklist side by side, read from the rollups alone."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.periods import Period
from core.results.figures import Figures
from db.checklists.models import ChecklistVersion
from db.results.models import StationMonth
from db.results.queries.stations import figures_of, sums_of


class ChecklistStation(NamedTuple):
    """A station's inspections by one checklist."""

    checklist_id: int
    station: int
    figures: Figures


def checklist_figures(
    session: Session, period: Period, sample_class: str | None
) -> tuple[ChecklistStation, ...]:
    """Every checklist at every station in a period, by their ids; None for all sample classes."""
    keys = (ChecklistVersion.checklist_id, StationMonth.station_id)
    of_sample = () if sample_class is None else (StationMonth.sample_class == sample_class,)
    query = (
        select(*keys, *sums_of(StationMonth))
        .join(ChecklistVersion, ChecklistVersion.id == StationMonth.checklist_version_id)
        .where(StationMonth.month.between(period.first, period.last), *of_sample)
        .group_by(*keys)
        .order_by(*keys)
    )
    rows = [ChecklistStation(row[0], row[1], figures_of(row[2:])) for row in session.execute(query)]
    return tuple(row for row in rows if row.figures.inspections)
