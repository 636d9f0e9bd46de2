"""Each person's losses of an item in a month, to tell a few people's losses from everybody's."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.inspection.models import Finding
from db.results.models import StaffMonth, StationItemMonth


def losses_by_person(
    session: Session, items: Collection[str], month: int, stations: Collection[int] | None
) -> dict[str, list[tuple[float, float]]]:
    """By item each person's losses and inspections in a month (yyyymm), of those that ask for it.

    Args:
        stations: of these alone, or None for all.
    """
    at_scored = [] if stations is None else [StaffMonth.station_id.in_(stations)]
    at_found = [] if stations is None else [Finding.station_id.in_(stations)]
    asking = (
        select(StationItemMonth.item_key, StationItemMonth.checklist_version_id)
        .where(StationItemMonth.item_key.in_(items), StationItemMonth.month == month)
        .distinct()
        .subquery()
    )
    inspections = session.execute(
        select(asking.c.item_key, StaffMonth.staff_id, func.sum(StaffMonth.n))
        .join(asking, asking.c.checklist_version_id == StaffMonth.checklist_version_id)
        .where(StaffMonth.month == month, StaffMonth.staff_id != 0, *at_scored)
        .group_by(asking.c.item_key, StaffMonth.staff_id)
    )
    losses = session.execute(
        select(Finding.item_key, Finding.staff_id, func.count())
        .where(Finding.item_key.in_(items), Finding.month == month, *at_found)
        .group_by(Finding.item_key, Finding.staff_id)
    )
    lost = {(item, staff): n for item, staff, n in losses}
    people: dict[str, list[tuple[float, float]]] = {item: [] for item in items}
    for item, staff, n in inspections:
        people[item].append((lost.get((item, staff), 0), n))
    return people
