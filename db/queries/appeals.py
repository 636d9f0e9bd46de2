"""Appeals as those see them who decide: what waits, what ended, one whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Texts
from core.errors import NotFound
from db.appeals import had_a_hand
from db.models import Appeal, Inspection, Interaction, Station, User
from db.queries.appeal_points import Point, points_by_appeal


class Place(NamedTuple):
    """The last appeal of a page: the day it is due, or the moment it ended."""

    at: date | datetime
    appeal_id: int


class Waiting(NamedTuple):
    open: int
    overdue: int


_Listed = Select[Appeal, int, float | None, str, Station]
_LISTED = (
    select(
        Appeal,
        Inspection.checklist_version_id,
        Inspection.score,
        Interaction.external_id,
        Station,
    )
    .join(Inspection, Inspection.id == Appeal.inspection_id)
    .join(Interaction, Interaction.id == Inspection.interaction_id)
    .join(Station, Station.id == Inspection.station_id)
)


@dataclass(frozen=True)
class AppealRow:
    appeal_id: int
    case_no: str
    station_code: str
    station_names: Mapping[str, str]
    timezone: str
    raised_at: datetime
    due_on: date
    ended_at: datetime | None
    state: str
    score: float | None
    names: tuple[Texts, ...]

    @property
    def place(self) -> Place:
        return Place(self.ended_at or self.due_on, self.appeal_id)


@dataclass(frozen=True)
class AppealPage:
    rows: tuple[AppealRow, ...]
    next: Place | None


@dataclass(frozen=True)
class AppealView:
    """One appeal whole; `barred` where the reader had a hand in the score."""

    appeal_id: int
    inspection_id: int
    state: str
    timezone: str
    raised_at: datetime
    due_on: date
    ended_at: datetime | None
    decided_by: str
    new_inspection_id: int | None
    points: tuple[Point, ...]
    barred: bool


def waiting(session: Session, who: Identity, *, today: date) -> Waiting:
    """How many appeals are open, and how many of them past their day.

    Raises:
        NotAllowed: the role decides no appeals.
    """
    require(who, Action.DECIDE_APPEALS)
    late = func.coalesce(func.sum(case((Appeal.due_on < today, 1), else_=0)), 0)
    found = session.execute(select(func.count(), late).where(Appeal.state == "open")).one()
    return Waiting(*found)


def appeals(
    session: Session, who: Identity, *, is_open: bool, after: Place | None = None, limit: int = 50
) -> AppealPage:
    """Open appeals, the most urgent first, or ended ones, the newest first.

    Raises:
        NotAllowed: the role decides no appeals.
    """
    require(who, Action.DECIDE_APPEALS)
    query = _open_behind(after) if is_open else _ended_behind(after)
    found = session.execute(query.limit(limit + 1)).all()
    shown = found[:limit]
    points = points_by_appeal(session, [(row[0].id, row[1]) for row in shown])
    rows = tuple(_row(points[row[0].id], *row) for row in shown)
    return AppealPage(rows, rows[-1].place if len(found) > limit else None)


def appeal(session: Session, who: Identity, appeal_id: int) -> AppealView:
    """One appeal with its reasons.

    Raises:
        NotFound: there is no such appeal.
        NotAllowed: the role decides no appeals.
    """
    require(who, Action.DECIDE_APPEALS)
    row = session.get(Appeal, appeal_id)
    if row is None:
        raise NotFound("This appeal does not exist.")
    inspection = session.get_one(Inspection, row.inspection_id)
    decider = select(User.name).where(User.id == row.decided_by)
    points = points_by_appeal(session, [(row.id, inspection.checklist_version_id)])
    return AppealView(
        appeal_id=row.id,
        inspection_id=row.inspection_id,
        state=row.state,
        timezone=session.get_one(Station, inspection.station_id).timezone,
        raised_at=row.raised_at,
        due_on=row.due_on,
        ended_at=row.ended_at,
        decided_by=session.scalar(decider) or "",
        new_inspection_id=row.new_inspection_id,
        points=points[row.id],
        barred=had_a_hand(session, who, row, inspection),
    )


def open_appeal(session: Session, who: Identity, inspection_id: int) -> int | None:
    """The id of the open appeal against an inspection.

    Raises:
        NotAllowed: the role decides no appeals.
    """
    require(who, Action.DECIDE_APPEALS)
    query = select(Appeal.id).where(Appeal.inspection_id == inspection_id)
    return session.scalar(query.where(Appeal.state == "open"))


def _open_behind(after: Place | None) -> _Listed:
    query = _LISTED.where(Appeal.state == "open").order_by(Appeal.due_on, Appeal.id)
    if after is None:
        return query
    same = and_(Appeal.due_on == after.at, Appeal.id > after.appeal_id)
    return query.where(or_(Appeal.due_on > after.at, same))


def _ended_behind(after: Place | None) -> _Listed:
    query = _LISTED.where(Appeal.state != "open")
    query = query.order_by(Appeal.ended_at.desc(), Appeal.id.desc())
    if after is None:
        return query
    same = and_(Appeal.ended_at == after.at, Appeal.id < after.appeal_id)
    return query.where(or_(Appeal.ended_at < after.at, same))


def _row(
    points: tuple[Point, ...],
    appeal: Appeal,
    version_id: int,  # noqa: ARG001  read for the points' names
    score: float | None,
    case_no: str,
    station: Station,
) -> AppealRow:
    return AppealRow(
        appeal_id=appeal.id,
        case_no=case_no,
        station_code=station.code,
        station_names=station.names,
        timezone=station.timezone,
        raised_at=appeal.raised_at,
        due_on=appeal.due_on,
        ended_at=appeal.ended_at,
        state=appeal.state,
        score=score,
        names=tuple(point.name for point in points),
    )
