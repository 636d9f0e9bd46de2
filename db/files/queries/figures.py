"""Figures of files: what they are about, when they come, whether in time, how long they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    SQLColumnExpression,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session, aliased

from core.access import Action, Identity, visible_stations
from core.files.severity import REPEATED_WITHIN
from core.files.steps import Step
from core.files.timing import TIMED
from core.sampling import Ended
from db.files.models import File
from db.files.queries.file_filter import UNMERGED, FileFilter, Timeliness, narrowing, stands
from db.files.services.kinds_in_use import kinds_in_use
from db.store.days import portal_zone

_AN_HOUR = 3600


class TopicCount(NamedTuple):
    """How many files are of a class and sub-topic, each empty where none was given."""

    topic: str
    sub_topic: str
    n: int


class InTime(NamedTuple):
    """A step of the first round: how many were in time, too late, and are overdue until now.

    Open ones that are not due yet are in none of them.
    """

    step: Step
    met: int
    late: int
    overdue: int

    @property
    def n(self) -> int:
        return self.met + self.late + self.overdue


@dataclass(frozen=True)
class FileFigures:
    """Figures of the files that match.

    Attributes:
        by_hour: by `core.files.timing.Timing.weekday_hour`.
        times: in hours from receiving to handling, begun ones counted whole; files still open, or
            ended without, are watched for the hours that are over.
        recognised, repeated: files with a known customer and a class; those of them that come
            within 30 days after another of both.
    """

    n: int
    topics: tuple[TopicCount, ...]
    by_hour: Mapping[int, int]
    in_time: tuple[InTime, ...]
    times: tuple[Ended, ...]
    recognised: int
    repeated: int


def file_figures(
    session: Session, who: Identity, file_filter: FileFilter, *, now: datetime
) -> FileFigures:
    """Figures of the files of the person's stations, merged duplicates left out.

    Raises:
        NotAllowed: the role does not read files of stations.
    """
    stations = visible_stations(who, Action.READ_FILES)
    narrowed = narrowing(
        file_filter,
        user_id=who.user_id,
        kinds=kinds_in_use(session),
        zone=portal_zone(session),
        now=now,
    )
    where = [UNMERGED, *narrowed]
    if stations is not None:
        where.append(File.station_id.in_(stations))
    topics = _topics(session, where)
    recognised, again = repeats(session, where)
    return FileFigures(
        n=sum(topic.n for topic in topics),
        topics=topics,
        by_hour=_by_hour(session, where),
        in_time=steps_in_time(session, where, now),
        times=hours_taken(session, where, now),
        recognised=recognised,
        repeated=again,
    )


def _topics(session: Session, where: Sequence[ColumnElement[bool]]) -> tuple[TopicCount, ...]:
    """The most frequent first."""
    n = func.count().label("n")
    query = (
        select(File.topic, File.sub_topic, n)
        .where(*where)
        .group_by(File.topic, File.sub_topic)
        .order_by(n.desc(), File.topic, File.sub_topic)
    )
    return tuple(TopicCount(*row) for row in session.execute(query))


def _by_hour(session: Session, where: Sequence[ColumnElement[bool]]) -> dict[int, int]:
    query = select(File.weekday_hour, func.count()).where(File.weekday_hour.is_not(None), *where)
    rows = session.execute(query.group_by(File.weekday_hour))
    return {hour: n for hour, n in rows if hour is not None}


def steps_in_time(
    session: Session, where: Sequence[ColumnElement[bool]], now: datetime
) -> tuple[InTime, ...]:
    """Every timed step of the files that match."""
    columns = [
        func.coalesce(func.sum(case((stands(step, timeliness, now=now), 1), else_=0)), 0)
        for step in TIMED
        for timeliness in Timeliness
    ]
    counts = [int(count) for count in session.execute(select(*columns).where(*where)).one()]
    size = len(Timeliness)
    return tuple(
        InTime(step, *counts[row * size : (row + 1) * size]) for row, step in enumerate(TIMED)
    )


def hours_taken(
    session: Session, where: Sequence[ColumnElement[bool]], now: datetime
) -> tuple[Ended, ...]:
    """By whole hours: those that ended in the course of one count at its end."""
    until = case(
        (File.worked_until.is_not(None), _seconds(File.worked_until)),
        else_=literal(int(now.timestamp()), BigInteger),
    )
    is_handled = case((File.is_handled.is_(True), 1), else_=0)
    took = until - _seconds(File.received_at)
    full_hours = (took + is_handled * (_AN_HOUR - 1)) // _AN_HOUR
    hours = (
        select(cast(full_hours, Integer).label("hours"), is_handled.label("ended"))
        .where(File.is_handled.is_not(None), File.received_at <= now, *where)
        .subquery()
    )
    query = select(hours.c.hours, func.sum(hours.c.ended), func.count()).group_by(hours.c.hours)
    return tuple(
        Ended(time=time, ended=int(ended), watched=n - int(ended))
        for time, ended, n in session.execute(query.order_by(hours.c.hours))
    )


def repeats(session: Session, where: Sequence[ColumnElement[bool]]) -> tuple[int, int]:
    """Files with a known customer and a class, and those of them that come again."""
    earlier = aliased(File)
    within = int(REPEATED_WITHIN.total_seconds())
    came_before = exists().where(
        earlier.customer_ref == File.customer_ref,
        earlier.topic == File.topic,
        earlier.id != File.id,
        earlier.received_at <= File.received_at,
        _seconds(File.received_at) - _seconds(earlier.received_at) <= within,
    )
    is_known = and_(File.customer_ref.is_not(None), File.topic != "")
    columns = (func.count(), func.coalesce(func.sum(case((came_before, 1), else_=0)), 0))
    recognised, repeated = session.execute(select(*columns).where(is_known, *where)).one()
    return int(recognised), int(repeated)


def _seconds(moment: SQLColumnExpression[Any]) -> ColumnElement[int]:
    """Seconds since 1970, whole ones."""
    return cast(extract("epoch", moment), BigInteger)
