"""Setting what stations should reach by a measure, from a day on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.results.targets import TargetMeasure, check_target
from db.checklists.models import ChecklistRecord
from db.people.models import Station
from db.results.models import StationTarget
from db.store import audit


class TargetSetting(NamedTuple):
    """A target in points or percent, 0 to 100, from a day on; None: there is none any more."""

    checklist_id: int
    measure: str
    value: float | None
    effective_from: date


def set_targets(
    session: Session,
    *,
    who: Identity,
    station_ids: Collection[int],
    setting: TargetSetting,
    now: datetime,
) -> int:
    """Give stations the same target; earlier ones stay for the days before.

    A day that is past may be named: the list of targets says when each was set. Repeated, it
    changes nothing.

    Returns:
        At how many stations something changed.

    Raises:
        NotFound: there is no such station or checklist.
        InvalidInput: no station, no such measure, or a value outside 0 to 100.
    """
    require(who, Action.SET_TARGETS)
    if not station_ids:
        raise InvalidInput("Choose at least one station.")
    if setting.measure not in get_args(TargetMeasure):
        raise InvalidInput("There are no targets of {measure}.", measure=setting.measure)
    if setting.value is not None:
        check_target(setting.value)
    if session.get(ChecklistRecord, setting.checklist_id) is None:
        raise NotFound("There is no such checklist.")
    stations = session.scalars(select(Station.id).where(Station.id.in_(station_ids))).all()
    if len(stations) < len(set(station_ids)):
        raise NotFound("There is no such station.")
    changed = [key for key in sorted(stations) if not _stands(session, key, setting)]
    for station_id in changed:
        _store(session, who, station_id, setting, now)
    return len(changed)


def _store(
    session: Session, who: Identity, station_id: int, setting: TargetSetting, now: datetime
) -> None:
    row = StationTarget(
        station_id=station_id, **setting._asdict(), changed_at=now, changed_by=who.user_id
    )
    session.add(row)
    session.flush()  # the log names the id
    audit.record(
        session,
        who,
        "set_target",
        ("station_target", row.id),
        now=now,
        station=station_id,
        checklist=setting.checklist_id,
        measure=setting.measure,
        value=setting.value,
        effective_from=setting.effective_from.isoformat(),
    )


def _stands(session: Session, station_id: int, setting: TargetSetting) -> bool:
    """Whether the newest word on this very day is the same already."""
    newest = session.execute(
        select(StationTarget.value)
        .filter_by(
            station_id=station_id,
            checklist_id=setting.checklist_id,
            measure=setting.measure,
            effective_from=setting.effective_from,
        )
        .order_by(StationTarget.id.desc())
        .limit(1)
    ).one_or_none()
    return newest is not None and newest.value == setting.value
