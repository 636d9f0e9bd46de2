"""Appeals for the scored person, and for the inspector whose scores they changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, or_, select
from sqlalchemy.orm import Session, aliased

from core.access import Action, Identity, require
from core.appeals.deadlines import Step
from core.appeals.states import APPEAL, AppealState
from core.checklist import Texts
from core.clock.days import days_left, last_day
from core.inspection.states import InspectionState
from core.people.staff_names import StaffNames
from db.appeals.models import Appeal
from db.appeals.queries.appeals import counted_from, terms
from db.appeals.queries.points import Point, points_by_appeal, without_names
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.inspection.models import Amendment, Inspection
from db.people.models import Station
from db.people.queries.shown_texts import HiddenNames
from db.store.models import Notice

_New = aliased(Inspection)
_Read = Select[Appeal, Inspection, float | None, str, str]
_JoinedRow = Row[Appeal, Inspection, float | None, str, str]
_APPEALS = (
    select(
        Appeal,
        Inspection,
        _New.score.label("new_score"),
        Interaction.external_id.label("case_no"),
        Station.timezone,
    )
    .join(Inspection, Inspection.id == Appeal.inspection_id)
    .join(Interaction, Interaction.id == Inspection.interaction_id)
    .join(Station, Station.id == Inspection.station_id)
    .outerjoin(_New, _New.id == Appeal.new_inspection_id)
)


class Right(NamedTuple):
    """Until which day a result can be appealed; `left` is 0 on that day."""

    until: date
    left: int


@dataclass(frozen=True)
class OwnAppeal:
    """One appeal and its outcome.

    Attributes:
        score: as it was contested; `new_score` as it was changed.
        closed_because: why the result was corrected by other means meanwhile.
    """

    appeal_id: int
    inspection_id: int
    case_no: str
    title: Texts
    timezone: str
    occurred_at: datetime
    raised_at: datetime
    due_on: date
    ended_at: datetime | None
    state: AppealState
    score: float | None
    new_score: float | None
    points: tuple[Point, ...]
    closed_because: str


def right_to_appeal(
    session: Session, who: Identity, inspection_id: int, *, now: datetime
) -> Right | None:
    """How long a result can still be appealed; None where it cannot be, or not any more.

    Raises:
        NotAllowed: the role has no results of its own.
    """
    require(who, Action.APPEAL)
    row = session.get(Inspection, inspection_id)
    if row is None or row.staff_id is None or row.staff_id != who.staff_id:
        return None
    if (
        row.state != InspectionState.VALID
        or row.purpose != "record"
        or session.scalar(select(Appeal.id).where(_of(inspection_id))) is not None
    ):
        return None
    zone = session.get_one(Station, row.station_id).timezone
    until = last_day(counted_from(session, row), zone, terms(session)[Step.RAISE])
    left = days_left(until, now, zone)
    return Right(until, left) if left >= 0 else None


def own_appeals(session: Session, who: Identity, *, limit: int = 50) -> tuple[OwnAppeal, ...]:
    """The person's appeals, open ones first, then the newest.

    Raises:
        NotAllowed: the role has no results of its own.
    """
    require(who, Action.APPEAL)
    mine = _APPEALS.where(Appeal.user_id == who.user_id)
    newest = (Appeal.state != AppealState.OPEN, Appeal.raised_at.desc(), Appeal.id.desc())
    return _read(session, who, mine.order_by(*newest).limit(limit))


def unread_appeals(session: Session, who: Identity) -> tuple[OwnAppeal, ...]:
    """The person's appeals that others ended and the person has not read of, newest first.

    Raises:
        NotAllowed: the role has no results of its own.
    """
    require(who, Action.APPEAL)
    mine = (Notice.user_id == who.user_id, Notice.kind == APPEAL.kind, Notice.seen_at.is_(None))
    query = _APPEALS.where(Appeal.id.in_(select(Notice.record_id).where(*mine)))
    return _read(session, who, query.order_by(Appeal.ended_at.desc(), Appeal.id.desc()))


def appeal_about(session: Session, who: Identity, inspection_id: int) -> OwnAppeal | None:
    """The person's appeal against this result, or the one that changed it to what it is.

    Raises:
        NotAllowed: the role has no results of its own.
    """
    require(who, Action.APPEAL)
    mine = _APPEALS.where(Appeal.user_id == who.user_id, _of(inspection_id))
    return next(iter(_read(session, who, mine)), None)


def changed_on_appeal(
    session: Session, who: Identity, *, since: datetime, limit: int = 20
) -> tuple[OwnAppeal, ...]:
    """Scores the inspector gave that an appeal changed, newest first, without the person's words.

    Raises:
        NotAllowed: the role scores nothing.
    """
    require(who, Action.SCORE)
    mine = (Inspection.inspector_id == who.user_id, Appeal.state == AppealState.CHANGED)
    query = _APPEALS.where(*mine, Appeal.ended_at >= since)
    newest = query.order_by(Appeal.ended_at.desc(), Appeal.id.desc()).limit(limit)
    return tuple(
        replace(row, points=tuple(point._replace(reason="") for point in row.points))
        for row in _read(session, who, newest)
    )


def _of(inspection_id: int) -> ColumnElement[bool]:
    return or_(Appeal.inspection_id == inspection_id, Appeal.new_inspection_id == inspection_id)


def _read(session: Session, who: Identity, query: _Read) -> tuple[OwnAppeal, ...]:
    rows = session.execute(query).all()
    points = points_by_appeal(
        session, [(row.Appeal.id, row.Inspection.checklist_version_id) for row in rows]
    )
    closed = [row.Inspection.id for row in rows if row.Appeal.state == AppealState.CLOSED]
    reasons: dict[int, str] = dict(
        session.execute(
            select(Amendment.inspection_id, Amendment.reason).where(
                Amendment.inspection_id.in_(closed)
            )
        ).all()
    )
    hidden_names = HiddenNames(session, who)
    return tuple(
        _own(
            session,
            row,
            hidden_names.in_inspection(row.Inspection),
            points[row.Appeal.id],
            reasons.get(row.Inspection.id, ""),
        )
        for row in rows
    )


def _own(
    session: Session,
    row: _JoinedRow,
    names: StaffNames,
    points: tuple[Point, ...],
    closed_because: str,
) -> OwnAppeal:
    appeal, inspection = row.Appeal, row.Inspection
    return OwnAppeal(
        appeal_id=appeal.id,
        inspection_id=inspection.id,
        case_no=names.hide(row.case_no),
        title=checklist_of(session, inspection.checklist_version_id).title,
        timezone=row.timezone,
        occurred_at=inspection.occurred_at,
        raised_at=appeal.raised_at,
        due_on=appeal.due_on,
        ended_at=appeal.ended_at,
        state=appeal.state,
        score=inspection.score,
        new_score=row.new_score,
        points=tuple(without_names(point, names) for point in points),
        closed_because=names.hide(closed_because),
    )
