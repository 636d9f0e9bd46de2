"""Setting how long each kind of record is kept, everywhere or at some stations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.errors import InvalidInput, NotFound
from core.safekeeping.retention import PLACED, RetainedKind
from db.people.models import Station
from db.safekeeping.keeping_times import rules
from db.safekeeping.models import RetentionRule, StationRetentionRule
from db.store import audit

LONGEST = 600


def save_rules(
    session: Session, *, who: Identity, months: Mapping[RetainedKind, int | None], now: datetime
) -> None:
    """Keep each kind for so many months, None for good.

    Raises:
        InvalidInput: a number of months is not from 1 to 600.
        NotAllowed: the role does not keep the data.
    """
    require(who, Action.KEEP_DATA)
    _check(months)
    before = rules(session)
    changed = {kind: value for kind, value in months.items() if before[kind] != value}
    for kind, value in changed.items():
        session.merge(RetentionRule(kind=kind, months=value))
    if changed:
        subject = ("retention", "")
        fields = sorted(changed)
        audit.record(session, who, "save", subject, now=now, fields=fields)


def save_station_rules(
    session: Session,
    *,
    who: Identity,
    station_id: int,
    months: Mapping[RetainedKind, int | None],
    now: datetime,
) -> None:
    """Keep some kinds at a station and all below it for so many months, None for good.

    Kinds that are not named are kept there as at the stations above it.

    Raises:
        InvalidInput: a number of months is not from 1 to 600, or a kind belongs to no station.
        NotAllowed: the role does not keep the data.
        NotFound: there is no such station.
    """
    require(who, Action.KEEP_DATA)
    _check(months)
    if not set(months) <= set(PLACED):
        raise InvalidInput("Sign-ins and the log are kept alike everywhere.")
    if session.get(Station, station_id) is None:
        raise NotFound("This station does not exist.")
    at_station = StationRetentionRule.station_id == station_id
    rows = session.scalars(select(StationRetentionRule).where(at_station))
    before = {RetainedKind(row.kind): row.months for row in rows}
    changed = dict(before.items() ^ months.items())
    if not changed:
        return
    session.execute(delete(StationRetentionRule).where(at_station))
    session.add_all(
        StationRetentionRule(station_id=station_id, kind=kind, months=value)
        for kind, value in months.items()
    )
    subject = ("retention", station_id)
    audit.record(session, who, "save", subject, now=now, fields=sorted(changed))


def _check(months: Mapping[RetainedKind, int | None]) -> None:
    if any(value is not None and not 1 <= value <= LONGEST for value in months.values()):
        raise InvalidInput("A time of keeping is from 1 to {most} months.", most=LONGEST)
