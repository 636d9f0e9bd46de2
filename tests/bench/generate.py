"""Fill a database with many inspections, streamed and seeded, without pages or services.

A pool of judged encounters of the demo's world is drawn from again and again; findings and
rollups are computed by the same functions as in a submission, once for each pool entry.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from core.access import Role
from db.demo.content_reading import load_content
from db.demo.people import load_people
from db.encounters.models import Interaction, Turn
from db.inspection.models import Finding, Inspection
from db.people.models import Staff, User, UserRole
from db.results import rollups
from db.store.base import Model
from db.store.session import transaction
from tests.bench.pool import INCLUSION, SECONDS, Case, make_pool

_CHUNK = 5_000
_DAYS = 3 * 365
_GRAIN = ("staff_id", "inspector_id", "day", "month")


@dataclass(frozen=True)
class _People:
    staff: dict[int, list[int]]
    inspectors: list[int]


def generate(engine: Engine, count: int, *, now: datetime, seed: int = 7) -> None:
    """Write `count` inspections of record over three years with findings and rollups."""
    rng = random.Random(seed)
    with transaction(engine) as session:
        load_people(session, load_content(), now)
        session.flush()
        pool, people = make_pool(session, now, seed), _people(session)
    drawn: Counter[tuple[Any, ...]] = Counter()
    for first in range(1, count + 1, _CHUNK):
        numbers = range(first, min(first + _CHUNK, count + 1))
        rows = [_row(number, pool, people, rng, now) for number in numbers]
        with transaction(engine) as session:
            _store(session, rows)
        for case, inspection in rows:
            drawn[_cell(case, inspection)] += 1
    with transaction(engine) as session:
        _store_rollups(session, pool, drawn)


def bench_now() -> datetime:
    return datetime(2026, 6, 30, 12, tzinfo=UTC)


def _people(session: Session) -> _People:
    staff: dict[int, list[int]] = {}
    for staff_id, station_id in session.execute(select(Staff.id, Staff.station_id)):
        staff.setdefault(station_id, []).append(staff_id)
    inspectors = session.scalars(
        select(User.id).join(UserRole).where(UserRole.role == Role.INSPECTOR).order_by(User.id)
    ).all()
    return _People(staff, list(inspectors))


def _row(
    number: int, pool: list[Case], people: _People, rng: random.Random, now: datetime
) -> tuple[Case, dict[str, Any]]:
    case = rng.choice(pool)
    occurred = now - timedelta(days=rng.uniform(1, _DAYS))
    return case, {
        "id": number,
        "submission_key": f"bench-{number}",
        "interaction_id": number,
        "checklist_version_id": case.version_id,
        "station_id": case.station_id,
        "staff_id": rng.choice(people.staff[case.station_id]),
        "inspector_id": rng.choice(people.inspectors),
        "channel": case.encounter.row["channel"],
        "language": case.encounter.row["language"],
        "purpose": "record",
        "sample_class": "random",
        "stratum": case.encounter.row["case_kind"],
        "inclusion_probability": INCLUSION,
        "occurred_at": occurred,
        "day": occurred.date(),
        "month": occurred.year * 100 + occurred.month,
        "submitted_at": occurred + timedelta(days=2),
        "active_seconds": SECONDS,
        "answers": case.answers,
        "note": "",
        "score": case.sheet.score,
        "score_before_critical": case.sheet.score_before_critical,
        "key_moment_score": case.sheet.key_moment_score,
        "band": case.sheet.band,
        "passed": case.sheet.passed,
        "critical": case.sheet.critical,
        "state": "valid",
    }


def _store(session: Session, rows: list[tuple[Case, dict[str, Any]]]) -> None:
    inspections = [inspection for _, inspection in rows]
    session.execute(insert(Interaction), [_interaction(case, row) for case, row in rows])
    session.execute(insert(Turn), [turn for case, row in rows for turn in _turns(case, row)])
    session.execute(insert(Inspection), inspections)
    session.execute(insert(Finding), [f for case, row in rows for f in _findings(case, row)])


def _interaction(case: Case, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["interaction_id"],
        "source": "bench",
        "external_id": f"B{row['id']:08d}",
        "channel": row["channel"],
        "business_line": "airline",
        "station_id": row["station_id"],
        "staff_id": row["staff_id"],
        "occurred_at": row["occurred_at"],
        "language": case.encounter.row["language"],
        "case_kind": row["stratum"],
        "is_repeat": False,
        "events": [],
        "attributes": {},
        "turn_count": 2,
        "content_digest": "",
        "imported_at": row["submitted_at"],
    }


def _turns(case: Case, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for position, turn in enumerate(case.encounter.row["turns"][:2], start=1):
        yield {
            "interaction_id": row["interaction_id"],
            "position": position,
            "speaker": turn["speaker"],
            "text": turn["text"],
            "start_seconds": turn["start_seconds"],
        }


def _findings(case: Case, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    own = {"inspection_id": row["id"], "staff_id": row["staff_id"], "month": row["month"]}
    return (finding | own for finding in case.findings)


def _cell(case: Case, row: dict[str, Any]) -> tuple[Any, ...]:
    return (case.place, row["staff_id"], row["inspector_id"], row["day"], row["month"])


def _store_rollups(session: Session, pool: list[Case], drawn: Counter[tuple[Any, ...]]) -> None:
    for table in rollups.TABLES:
        grain = [name for name in _GRAIN if name in table.__table__.primary_key.columns]
        merged: Counter[tuple[Any, ...]] = Counter()
        for (place, *values), times in drawn.items():
            whole = dict(zip(_GRAIN, values, strict=True))
            merged[(place, *(whole[name] for name in grain))] += times
        rows: dict[tuple[Any, ...], dict[str, Any]] = {}
        for (place, *values), times in merged.items():
            own = dict(zip(grain, values, strict=True))
            for increment in pool[place].increments.get(table, ()):
                _add(rows, increment.table, increment.values | own, times)
        session.execute(insert(table), list(rows.values()))


def _add(
    rows: dict[tuple[Any, ...], dict[str, Any]],
    table: type[Model],
    values: dict[str, Any],
    times: int,
) -> None:
    sums = rollups.summed(table)
    key = tuple(value for name, value in values.items() if name not in sums)
    row = rows.setdefault(key, {k: 0 if k in sums else v for k, v in values.items()})
    for name in sums:
        row[name] += values[name] * times
