"""How long each kind of record is kept: everywhere, and where a region has times of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.safekeeping.retention import MONTHS, PLACED, RetainedKind, months_at
from db.people.models import Station
from db.safekeeping.models import RetentionRule, StationRetentionRule

Months = Mapping[RetainedKind, int | None]
"""By kind; None keeps for good."""


class StationTimes(NamedTuple):
    """The times that a station has of its own, for itself and all below it."""

    station_id: int
    code: str
    names: Mapping[str, str]
    months: Months


class Span(NamedTuple):
    """A time of keeping and the stations at which it holds, None for everywhere."""

    months: int
    stations: frozenset[int] | None


def rules(session: Session) -> dict[RetainedKind, int | None]:
    """Months by kind: as set, else as proposed."""
    set_months = {row.kind: row.months for row in session.scalars(select(RetentionRule))}
    return {kind: set_months.get(kind, proposed) for kind, proposed in MONTHS.items()}


def rules_at(session: Session, station_id: int | None) -> dict[RetainedKind, int | None]:
    """Months by kind as they hold at a station; those of everywhere for none."""
    usual, parents = rules(session), _parents(session)
    if station_id is None:
        return usual
    return {
        kind: months_at(station_id, usual=months, own=_own(session, kind), parents=parents)
        for kind, months in usual.items()
    }


def station_times(session: Session) -> tuple[StationTimes, ...]:
    """The stations with times of their own, by code."""
    months: dict[int, dict[RetainedKind, int | None]] = {}
    for row in session.scalars(select(StationRetentionRule)):
        months.setdefault(row.station_id, {})[RetainedKind(row.kind)] = row.months
    stations = session.scalars(select(Station).where(Station.id.in_(months)).order_by(Station.code))
    return tuple(StationTimes(row.id, row.code, row.names, months[row.id]) for row in stations)


def spans(session: Session, kind: RetainedKind) -> Iterator[Span]:
    """The times after which records of a kind go; what is kept for good is in none."""
    usual, own = rules(session)[kind], _own(session, kind)
    if not own:
        if usual is not None:
            yield Span(usual, None)
        return
    parents = _parents(session)
    stations: dict[int | None, set[int]] = {}
    for station in parents:
        months = months_at(station, usual=usual, own=own, parents=parents)
        stations.setdefault(months, set()).add(station)
    for months, places in stations.items():
        if months is not None:
            yield Span(months, frozenset(places))


def _own(session: Session, kind: RetainedKind) -> dict[int, int | None]:
    if kind not in PLACED:
        return {}
    query = select(StationRetentionRule).where(StationRetentionRule.kind == kind)
    return {row.station_id: row.months for row in session.scalars(query)}


def _parents(session: Session) -> dict[int, int | None]:
    return {row.id: row.parent_id for row in session.execute(select(Station.id, Station.parent_id))}
