"""Drawing a month's plan from a million imported interactions through the service."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from core.access import Role
from core.plan import Plan
from db.checklists.services.standards import sync_standards
from db.encounters.models import Interaction
from db.inspection.services.sampling_plans import DrawnPlan, draw_plan
from db.migrations import migrate
from db.people.models import Staff
from db.store.session import transaction
from tests.bench.both import on_both
from tests.bench.report import Table
from tests.factories import identity, make_staff, make_station, make_user
from tests.support.clock import NOW
from tests.support.databases import Databases

INTERACTIONS, STATIONS, STAFF, INSPECTORS = 1_000_000, 40, 2_000, 40
BAR = 10
_REGIONS = ("North", "South", "East", "Asia")
_CHUNK = 20_000


def run(_sizes: tuple[int, ...]) -> Iterator[Table]:
    rows, notes = on_both(_measured)
    yield Table(
        f"A month's plan drawn from {INTERACTIONS:,} interactions of {STAFF:,} staff",
        ("database", "drawn", "scored twice", "seconds", "bar"),
        rows,
        notes,
    )


def _measured(name: str, databases: Databases) -> list[str]:
    with databases.like("month", _fill) as engine:
        begun = time.perf_counter()
        drawn = _draw(engine)
        seconds = time.perf_counter() - begun
    count = f"{drawn.random + drawn.must_inspect:,}"
    return [name, count, f"{drawn.doubles:,}", f"{seconds:.1f}", str(BAR)]


def _draw(engine: Engine) -> DrawnPlan:
    with transaction(engine) as session:
        return draw_plan(
            session,
            who=identity(session, "planner"),
            month=NOW.year * 100 + NOW.month,
            plan=Plan(),
            due_on=date(NOW.year, NOW.month, 28),
            now=NOW,
        )


def _fill(engine: Engine) -> None:
    migrate.upgrade(engine)
    with transaction(engine) as session:
        sync_standards(session, now=NOW)
        make_user(session, "planner", Role.QUALITY_MANAGER)
        for number in range(INSPECTORS):
            region = _REGIONS[number % len(_REGIONS)]
            make_user(session, f"inspector-{number}", Role.INSPECTOR).region = region
        for number in range(STATIONS):
            region = _REGIONS[number % len(_REGIONS)]
            station = make_station(session, code=f"S{number}", region=region)
            for _ in range(STAFF // STATIONS):
                make_staff(session, station=station)
    rng = random.Random(20260601)
    for first in range(0, INTERACTIONS, _CHUNK):
        with transaction(engine) as session:
            session.execute(insert(Interaction), list(_rows(session, rng, first)))


def _rows(session: Session, rng: random.Random, first: int) -> Iterator[dict[str, Any]]:
    staff = session.execute(select(Staff.id, Staff.station_id)).all()
    begin = datetime(NOW.year, NOW.month, 2, tzinfo=UTC)
    for number in range(first, first + _CHUNK):
        person = rng.choice(staff)
        yield {
            "source": "bench",
            "external_id": str(number),
            "channel": rng.choice(("phone", "chat", "email", "counter")),
            "station_id": person.station_id,
            "staff_id": person.id,
            "occurred_at": begin + timedelta(seconds=rng.randrange(27 * 86_400)),
            "language": "zh_TW",
            "severity": "urgent" if rng.random() < 0.002 else None,
            "is_repeat": rng.random() < 0.002,
            "events": [],
            "attributes": {},
            "turn_count": 0,
            "content_digest": str(number),
            "imported_at": NOW,
        }
