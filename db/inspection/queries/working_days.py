"""On which days inspectors work: not when noted as absent or when their station is closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.plan import Inspector
from db.files.models import StationHours
from db.inspection.models import InspectorAbsence
from db.people.models import Station


class WorkingDays:
    """What is known from a day on, read once for all inspectors.

    Those who belong to no station keep the calendar of the one at the top of the tree; without a
    calendar every day is a working day.
    """

    def __init__(self, session: Session, since: date) -> None:
        self._absent: dict[int, list[tuple[date, date]]] = defaultdict(list)
        for row in session.scalars(
            select(InspectorAbsence).where(InspectorAbsence.last_day >= since)
        ):
            self._absent[row.user_id].append((row.first_day, row.last_day))
        self._hours: dict[int, list[StationHours]] = defaultdict(list)
        ordered = select(StationHours).order_by(StationHours.effective_from, StationHours.id)
        for hours in session.scalars(ordered):
            self._hours[hours.station_id].append(hours)
        self._top = session.scalar(
            select(Station.id)
            .where(Station.parent_id.is_(None), Station.active)
            .order_by(Station.kind != "head_office", Station.code)
            .limit(1)
        )

    def is_absent(self, inspector: Inspector, day: date) -> bool:
        return any(first <= day <= last for first, last in self._absent[inspector.user_id])

    def free_days(self, inspector: Inspector) -> Callable[[date], bool]:
        """Whether the inspector does not work on a day."""
        station = inspector.team_station_id or self._top
        hours = self._hours[station] if station is not None else []
        return lambda day: self.is_absent(inspector, day) or _is_closed(hours, day)


def _is_closed(rows: list[StationHours], day: date) -> bool:
    """By the newest calendar in force; one without openings is switched off."""
    in_force = [row for row in rows if row.effective_from <= day]
    if not in_force or not in_force[-1].openings:
        return False
    weekdays = {weekday for weekday, *_ in in_force[-1].openings}
    return day.weekday() not in weekdays or day.isoformat() in in_force[-1].free_days
