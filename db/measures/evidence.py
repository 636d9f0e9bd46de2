"""What each measure is made of, for some stations and a span of months."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from core.checklist.model import BOT
from core.clock.days import begin_of
from core.files.encounters import CHANNEL
from core.files.kinds import Kind
from core.files.steps import Step
from core.files.timing import TIMED
from core.measures import Basis, Given, Measure, Rate, item_of
from core.periods import Period, first_day, shift
from core.results.figures import Moments, Proportion
from db.encounters.models import Interaction
from db.files.models import File
from db.files.queries.figures import hours_taken, repeats, steps_in_time
from db.files.queries.file_filter import RUNNING, UNMERGED, Timeliness, stands
from db.files.services.kinds_in_use import kinds_in_use
from db.measures.models import GivenMeasure
from db.results.models import StationItemMonth, StationMonth
from db.store.days import portal_zone

_RANDOM = "random"
_WHOLE = 100.0


class Extent(NamedTuple):
    """Of which stations, all where it is None, and of which months."""

    stations: Collection[int] | None
    period: Period


def evidence_of(session: Session, measure: Measure, extent: Extent, *, now: datetime) -> Basis:
    """What a measure is made of.

    Inspections are those of record drawn at random, bots left out; files are those received in the
    period that are no duplicates, of the kinds in use; months begin in the portal's zone.
    """
    if item := item_of(measure.key):
        return _item_lost(session, item, extent)
    read = _READERS.get(measure.key)
    return _given(session, measure, extent) if read is None else read(session, extent, now)


def _months(session: Session, extent: Extent, *columns: Any) -> list[Any]:  # noqa: ANN401  columns
    return _sums(session, select(*map(_sum, columns)), StationMonth, extent)


def _sums(
    session: Session,
    query: Select[Any],
    table: type[StationMonth | StationItemMonth],
    extent: Extent,
) -> list[Any]:
    """What months of random inspections of people come to."""
    of_months = query.where(
        table.month.between(*extent.period),
        table.sample_class == _RANDOM,
        table.channel != BOT,
        *_at(table.station_id, extent),
    )
    return list(session.execute(of_months).one())


def _sum(column: Any) -> ColumnElement[Any]:  # noqa: ANN401  a column
    return func.coalesce(func.sum(column), 0)


def _score(session: Session, extent: Extent, _now: datetime) -> Basis:
    table = StationMonth
    n, total, squares = _months(session, extent, table.n, table.total, table.squares)
    return Moments(int(n), total=float(total), squares=float(squares))


def _key_moment(session: Session, extent: Extent, _now: datetime) -> Basis:
    table = StationMonth
    n, total, squares = _months(session, extent, table.key_n, table.key_total, table.key_squares)
    return Moments(int(n), total=float(total), squares=float(squares))


def _pass_rate(session: Session, extent: Extent, _now: datetime) -> Basis:
    passed, n = _months(session, extent, StationMonth.passed, StationMonth.n)
    return Proportion(int(passed), int(n))


def _critical_rate(session: Session, extent: Extent, _now: datetime) -> Basis:
    table = StationMonth
    critical, n, unscored = _months(session, extent, table.critical, table.n, table.unscored)
    return Proportion(int(critical), int(n) + int(unscored))


def _item_lost(session: Session, item: str, extent: Extent) -> Basis:
    table = StationItemMonth
    query = select(_sum(table.lost), _sum(table.answered)).where(table.item_key == item)
    lost, answered = _sums(session, query, table, extent)
    return Proportion(int(lost), int(answered))


def _files(session: Session, extent: Extent) -> list[ColumnElement[bool]]:
    return [
        UNMERGED,
        File.kind.in_(kinds_in_use(session)),
        *_at(File.station_id, extent),
        *_during(session, File.received_at, extent.period),
    ]


def _in_time(step: Step) -> Callable[[Session, Extent, datetime], Basis]:
    def read(session: Session, extent: Extent, now: datetime) -> Basis:
        counts = steps_in_time(session, _files(session, extent), now)
        of_step = next(count for count in counts if count.step is step)
        return Proportion(of_step.met, of_step.n)

    return read


def _overdue_now(session: Session, extent: Extent, now: datetime) -> Basis:
    overdue = or_(*(stands(step, Timeliness.OVERDUE, now=now) for step in TIMED))
    query = select(func.count()).where(File.state.in_(RUNNING), overdue, *_files(session, extent))
    return session.scalars(query).one()


def _hours_to_finish(session: Session, extent: Extent, now: datetime) -> Basis:
    return hours_taken(session, _files(session, extent), now)


def _complaint_rate(session: Session, extent: Extent, _now: datetime) -> Basis:
    complaints = select(func.count()).where(
        File.kind == Kind.COMPLAINT.value, *_files(session, extent)
    )
    encounters = select(func.count(Interaction.id)).where(
        Interaction.channel.not_in((BOT, CHANNEL)),
        *_at(Interaction.station_id, extent),
        *_during(session, Interaction.occurred_at, extent.period),
    )
    return Rate(events=session.scalars(complaints).one(), chances=session.scalars(encounters).one())


def _repeat_share(session: Session, extent: Extent, _now: datetime) -> Basis:
    recognised, again = repeats(session, _files(session, extent))
    return Proportion(again, recognised)


def _rating(session: Session, extent: Extent, _now: datetime) -> Basis:
    low, high = Interaction.rating_low, Interaction.rating_high
    value = _WHOLE * (Interaction.customer_rating - low) / (high - low)
    query = select(func.count(value), _sum(value), _sum(value * value)).where(
        and_(Interaction.customer_rating.is_not(None), high > low),
        Interaction.channel != BOT,
        *_at(Interaction.station_id, extent),
        *_during(session, Interaction.occurred_at, extent.period),
    )
    n, total, squares = session.execute(query).one()
    return Moments(int(n), total=float(total), squares=float(squares))


_READERS: dict[str, Callable[[Session, Extent, datetime], Basis]] = {
    "score": _score,
    "key_moment": _key_moment,
    "pass_rate": _pass_rate,
    "critical_rate": _critical_rate,
    "responded_in_time": _in_time(Step.FIRST_RESPONSE),
    "finished_in_time": _in_time(Step.EXECUTED),
    "told_in_time": _in_time(Step.TOLD),
    "overdue_now": _overdue_now,
    "hours_to_finish": _hours_to_finish,
    "complaint_rate": _complaint_rate,
    "repeat_share": _repeat_share,
    "rating": _rating,
}


def _given(session: Session, measure: Measure, extent: Extent) -> Basis:
    """The value told last of exactly this period; of several stations together nobody told one."""
    stations = extent.stations
    if stations is not None and len(stations) != 1:
        return Given(None)
    station = None if stations is None else next(iter(stations))
    row = session.scalars(
        select(GivenMeasure)
        .where(
            GivenMeasure.measure == measure.key,
            GivenMeasure.station_id.is_(None)
            if station is None
            else GivenMeasure.station_id == station,
            GivenMeasure.first == extent.period.first,
            GivenMeasure.last == extent.period.last,
        )
        .order_by(GivenMeasure.changed_at.desc(), GivenMeasure.id.desc())
        .limit(1)
    ).first()
    return Given(None) if row is None else Given(row.value, n=row.n, low=row.low, high=row.high)


def _at(column: Any, extent: Extent) -> list[ColumnElement[bool]]:  # noqa: ANN401  a column
    return [] if extent.stations is None else [column.in_(sorted(extent.stations))]


def _during(session: Session, column: Any, period: Period) -> list[ColumnElement[bool]]:  # noqa: ANN401  a column
    zone = portal_zone(session)
    end = begin_of(first_day(shift(period.last, 1)), zone)
    return [column >= begin_of(first_day(period.first), zone), column < end]
