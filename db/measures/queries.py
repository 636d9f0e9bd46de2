"""The figure of a measure at a station or of the whole company, and whether it changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from core.errors import InvalidInput
from core.measures import Figure, Measure, figure, measure_of
from core.measures.change import BeforeAfter, Effect, check_spans, effect
from core.periods import Period, month_of
from core.results.figures import LEVEL
from db.measures.evidence import Extent, evidence_of
from db.people.identifiers import station_ids
from db.store.days import portal_day


class Spans(NamedTuple):
    """The months before something was done and those after."""

    before: Period
    after: Period


class Sides(NamedTuple):
    """The ids of the stations where it was done, and of those it is compared with, if any."""

    own: Collection[int]
    control: Collection[int] = ()


def measure_at(
    session: Session, key: str, period: Period, *, station_code: str = "", now: datetime
) -> Figure:
    """A measure of a station by its code, or of all, for the operator.

    Raises:
        InvalidInput: there is no such measure or station.
    """
    measure = measure_of(key)
    stations = _stations(session, [station_code]) if station_code else None
    return figure(measure, evidence_of(session, measure, Extent(stations, period), now=now))


def effect_at(
    session: Session,
    key: str,
    spans: Spans,
    *,
    stations: Sequence[str],
    control: Sequence[str] = (),
    now: datetime,
) -> Effect:
    """Whether a measure changed at some stations more than at others, for the operator.

    Args:
        stations, control: codes; without the second there is no control group.

    Raises:
        InvalidInput: there is no such measure or station, one stands on both sides, or the spans
            cannot be judged.
    """
    sides = Sides(own=_stations(session, stations), control=_stations(session, control))
    return effect_between(session, key, spans, sides, now=now)


def effect_between(
    session: Session,
    key: str,
    spans: Spans,
    sides: Sides,
    *,
    level: float = LEVEL,
    now: datetime,
) -> Effect:
    """As `effect_at`, by the ids of stations, and at a level of one's own.

    Raises:
        InvalidInput: there is no such measure, a station stands on both sides, or the spans cannot
            be judged.
    """
    measure = measure_of(key)
    check_spans(*spans, running=month_of(portal_day(session, now)))
    if set(sides.own) & set(sides.control):
        raise InvalidInput("A station cannot be its own control group.")
    mine = _before_after(session, measure, sides.own, spans, now)
    theirs = _before_after(session, measure, sides.control, spans, now) if sides.control else None
    return effect(measure, mine, theirs, level=level)


def figure_of(
    session: Session, key: str, period: Period, stations: Collection[int], *, now: datetime
) -> Figure:
    """A measure of some stations together, by their ids.

    Raises:
        InvalidInput: there is no such measure.
    """
    measure = measure_of(key)
    return figure(measure, evidence_of(session, measure, Extent(stations, period), now=now))


def _before_after(
    session: Session, measure: Measure, stations: Collection[int], spans: Spans, now: datetime
) -> BeforeAfter:
    return BeforeAfter(
        *(evidence_of(session, measure, Extent(stations, span), now=now) for span in spans)
    )


def _stations(session: Session, codes: Sequence[str]) -> frozenset[int]:
    known = station_ids(session)
    found = [known.get(code, "station") for code in codes]
    if None in found:
        raise InvalidInput("There is no station with this code.")
    return frozenset(station for station in found if station is not None)
