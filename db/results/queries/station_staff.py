"""Figures of a station's staff, read from the rollups alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, visible_stations
from core.errors import NotAllowed
from core.results.figures import Figures
from db.people.models import Staff
from db.results.models import StaffMonth
from db.results.queries.stations import Slice, figures_of, kept_in, sums_of, within

FEWEST_SHOWN = 5
"""Inspections below which a member of staff is not shown."""


class StaffFigures(NamedTuple):
    staff_id: int
    staff_no: str
    name: str
    figures: Figures


class StaffTable(NamedTuple):
    """Members of staff with enough inspections, and how many have too few."""

    figures: tuple[StaffFigures, ...]
    hidden: int


def staff_figures(session: Session, who: Identity, slice_: Slice, station_id: int) -> StaffTable:
    """A station's staff by number, those with fewer than `FEWEST_SHOWN` inspections left out.

    Raises:
        NotAllowed: the person may not see names of this station's staff.
    """
    visible = visible_stations(who, Action.SEE_STAFF_NAMES)
    if visible is not None and station_id not in visible:
        raise NotAllowed(
            "Your role does not permit this.", user_id=who.user_id, subject=("station", station_id)
        )
    table = kept_in(StaffMonth, slice_)
    keys = (table.staff_id, Staff.staff_no, Staff.name)
    query = (
        select(*keys, *sums_of(table))
        .join(Staff, Staff.id == table.staff_id)
        .where(table.station_id == station_id, *within(table, slice_))
        .group_by(*keys)
        .order_by(Staff.staff_no)
    )
    rows: list[Any] = list(session.execute(query))
    members = [
        StaffFigures(row[0], staff_no=row[1], name=row[2], figures=figures_of(row[3:]))
        for row in rows
    ]
    present = [row for row in members if row.figures.inspections]
    figures = tuple(row for row in present if row.figures.inspections >= FEWEST_SHOWN)
    return StaffTable(figures, len(present) - len(figures))
