"""Calls of this month that wait to be drawn, and a draw of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from core.plan import Plan
from db.inspection.services.sampling_plans import DrawnPlan, draw_plan
from tests.factories import Seeded, make_interaction, make_staff, make_station
from tests.support.clock import NOW

MONTH = NOW.year * 100 + NOW.month
DUE = date(NOW.year, NOW.month, 28)


def waiting_calls(seeded: Seeded) -> list[int]:
    """Twelve phone calls of this month that nobody was given yet, one of them urgent."""
    with seeded.transaction() as session:
        person = make_staff(session, station=make_station(session, code="PLAN"))
        rows = [
            make_interaction(
                session,
                staff=person,
                occurred_at=NOW - timedelta(hours=number),
                severity="urgent" if number == 0 else None,
            )
            for number in range(12)
        ]
        session.flush()
        return [row.id for row in rows]


def draw(seeded: Seeded, **plan: Any) -> DrawnPlan:
    with seeded.transaction() as session:
        return draw_plan(
            session, who=seeded.bob, month=MONTH, plan=Plan(**plan), due_on=DUE, now=NOW
        )
