"""Warnings for programs: what the rules looked at, and every warning with its signs, as JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.warning.states import WARNING
from db.people.models import Station, User
from db.warning.models import EarlyWarning, WarningSign, WarningStep

Data = dict[str, Any]


def warnings_as_data(session: Session, *, station_code: str = "") -> list[Data]:
    """Every warning, open or ended, the oldest first; of one station or of all."""
    query = (
        select(EarlyWarning, Station.code, User.username)
        .join(Station, Station.id == EarlyWarning.station_id)
        .outerjoin(User, User.id == EarlyWarning.owner_id)
        .order_by(EarlyWarning.id)
    )
    if station_code:
        query = query.where(Station.code == station_code)
    return [
        _warning(session, row, code, owner or "")
        for row, code, owner in session.execute(query).all()
    ]


def _warning(session: Session, row: EarlyWarning, station_code: str, owner: str) -> Data:
    signs = select(WarningSign).where(WarningSign.warning_id == row.id)
    steps = select(WarningStep).where(WarningStep.warning_id == row.id)
    return {
        "id": row.id,
        "rule": row.rule,
        "station": station_code,
        "about": row.subject_key,
        "state": row.state.value,
        "is_open": row.state in WARNING.open,
        "since": row.since.isoformat(),
        "owner": owner,
        "due_on": row.due_on and row.due_on.isoformat(),
        "put_off": row.is_put_off,
        "subsided": row.is_subsided,
        "cause": row.cause,
        "signs": [_sign(sign) for sign in session.scalars(signs.order_by(WarningSign.window_on))],
        "steps": [
            {"deed": step.deed, "at": step.at.isoformat(), "cause": step.cause}
            for step in session.scalars(steps.order_by(WarningStep.id))
        ],
    }


def _sign(row: WarningSign) -> Data:
    return {
        "window": row.window_on.isoformat(),
        "alarm": row.alarm,
        "events": row.times,
        "chances": row.chances,
        "base_events": row.base_times,
        "base_chances": row.base_chances,
        "p": row.p,
        "limit": row.limit_value,
        "first_events": row.first_times,
        "lapsed": row.lapsed_at is not None,
    }
