"""Where an inspector may begin an observation or an audit on site, and with which checklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, is_own_team, require
from core.checklist import Checklist
from db.checklists.parsed_versions import active_versions
from db.people.models import Staff, Station

CHANNEL, SITE = "counter", "site"
_KINDS = ("airport", "city_office", "shop")


@dataclass(frozen=True)
class CounterStation:
    """A station that an inspector may visit."""

    id: int
    code: str
    names: Mapping[str, str]
    timezone: str


class ObservedPerson(NamedTuple):
    id: int
    staff_no: str
    post: str


class Usable(NamedTuple):
    """A checklist version to score with."""

    version_id: int
    checklist: Checklist


def counter_stations(session: Session, who: Identity) -> list[CounterStation]:
    """Those with a counter, but not the inspector's own team's station."""
    require(who, Action.SCORE)
    return _visited(session, who, Station.kind.in_(_KINDS))


def audit_stations(session: Session, who: Identity) -> list[CounterStation]:
    """Stations of every kind, but not the inspector's own team's."""
    require(who, Action.SCORE)
    return _visited(session, who)


def audit_forms(session: Session, who: Identity, station_id: int, on: date) -> list[Usable]:
    """What a station is audited with there on a day."""
    require(who, Action.SCORE)
    versions = active_versions(session, SITE, on=on, station_id=station_id)
    return [Usable(version_id, checklist) for version_id, checklist in versions]


def _visited(
    session: Session, who: Identity, *conditions: ColumnElement[bool]
) -> list[CounterStation]:
    rows = session.scalars(
        select(Station).where(Station.active, *conditions).order_by(Station.code)
    )
    return [
        CounterStation(row.id, row.code, row.names, row.timezone)
        for row in rows
        if not is_own_team(who, row.id)
    ]


def people(session: Session, who: Identity, station_id: int) -> list[ObservedPerson]:
    """Who works at a station, by number: the badge tells it."""
    require(who, Action.SCORE)
    rows = session.execute(
        select(Staff.id, Staff.staff_no, Staff.post)
        .where(Staff.station_id == station_id, Staff.active)
        .order_by(Staff.staff_no)
    )
    return [ObservedPerson(*row) for row in rows]


def checklists(session: Session, who: Identity, station_id: int, on: date) -> list[Usable]:
    """What counter encounters are scored with there, the most fitting first."""
    require(who, Action.SCORE)
    versions = active_versions(session, CHANNEL, on=on, station_id=station_id)
    usable = [Usable(version_id, checklist) for version_id, checklist in versions]
    return sorted(usable, key=lambda one: one.checklist.channels[0] != CHANNEL)
