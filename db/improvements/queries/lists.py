"""Actions as lists: open and ended ones, those of one thing, and how many wait for what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from core.access import Identity
from core.clock.days import day_of
from core.improvements.stages import Stage, stage_of
from core.improvements.states import IMPROVEMENT, ImprovementState
from core.improvements.terms import Subject
from core.measures.change import Verdict
from db.improvements.models import Improvement, ImprovementStation
from db.improvements.sight import seen, verdict_of
from db.people.models import Station, User
from db.people.queries.shown_texts import HiddenNames

_MOST_HERE = 20
_LATE = (Stage.LATE, Stage.LATE_AT_STATION, Stage.ESCALATED)


class ActionCursor(NamedTuple):
    """The last action of a page, by the day that matters next or the moment it ended."""

    next_or_ended: date | datetime
    improvement_id: int


@dataclass(frozen=True)
class ActionRow:
    """One action of a list.

    Attributes:
        owner: the name; empty where the owner's account is not active any more.
        verdict: that stands, see `verdict_of`.
        stage: what it has come to today, None where nobody need be told of anything.
    """

    improvement_id: int
    station_code: str
    station_names: Mapping[str, str]
    finding: str
    doing: str
    subject: Subject
    subject_key: str
    measure: str
    owner: str
    state: ImprovementState
    verdict: Verdict | None
    next_on: date
    ended_at: datetime | None
    timezone: str
    stage: Stage | None

    @property
    def is_late(self) -> bool:
        return self.stage in _LATE

    @property
    def cursor(self) -> ActionCursor:
        return ActionCursor(self.ended_at or self.next_on, self.improvement_id)


@dataclass(frozen=True)
class ActionPage:
    rows: tuple[ActionRow, ...]
    next: ActionCursor | None


class WaitingActions(NamedTuple):
    """How many actions are open, and what they wait for."""

    open: int
    overdue: int
    to_agree: int
    to_judge: int
    to_decide: int
    ownerless: int


_LISTED = (
    select(Improvement, Station, User.name.label("owner"), User.active.label("is_active"))
    .join(Station, Station.id == Improvement.station_id)
    .join(User, User.id == Improvement.owner_id)
)
_Listed = Select[Improvement, Station, str, bool]


def waiting_actions(session: Session, who: Identity, *, now: datetime) -> WaitingActions:
    """How many of the actions that the person sees wait for what.

    Raises:
        NotAllowed: the role has no part in actions.
    """
    table = Improvement
    grain = (table.state, table.due_on, table.look_on, Station.timezone, User.active)
    query = (
        select(*grain, func.count())
        .join(Station, Station.id == table.station_id)
        .join(User, User.id == table.owner_id)
        .where(seen(who), table.state.in_(sorted(IMPROVEMENT.open)))
        .group_by(*grain)
    )
    counts: Counter[str] = Counter()
    for state, due_on, look_on, zone, is_active, n in session.execute(query):
        stage = stage_of(state, due_on=due_on, look_on=look_on, today=day_of(now, zone))
        counts["open"] += n
        counts["overdue"] += n * (stage in _LATE)
        counts["to_agree"] += n * (state == ImprovementState.PROPOSED)
        counts["to_judge"] += n * (stage is Stage.TO_JUDGE)
        counts["to_decide"] += n * (state == ImprovementState.JUDGED)
        counts["ownerless"] += n * (not is_active)
    return WaitingActions(**{name: counts[name] for name in WaitingActions._fields})


def actions(
    session: Session,
    who: Identity,
    *,
    is_open: bool,
    now: datetime,
    after: ActionCursor | None = None,
    limit: int = 50,
) -> ActionPage:
    """Open actions by the day that matters next, or ended ones, the newest first.

    Raises:
        NotAllowed: the role has no part in actions.
    """
    here = seen(who)
    query = _open_behind(after) if is_open else _ended_behind(after)
    listed = session.execute(query.where(here).limit(limit + 1)).all()
    rows = _rows(session, who, listed[:limit], now)
    return ActionPage(rows, rows[-1].cursor if len(listed) > limit else None)


def actions_here(
    session: Session,
    who: Identity,
    *,
    station_id: int | None = None,
    about: tuple[Subject, str] | None = None,
    now: datetime,
) -> tuple[ActionRow, ...]:
    """The newest actions at a station, or about an item or appeal, that the person sees.

    Raises:
        NotAllowed: the role has no part in actions.
    """
    where: list[ColumnElement[bool]] = [seen(who)]
    if station_id is not None:
        here = select(ImprovementStation.improvement_id).where(
            ImprovementStation.station_id == station_id, ~ImprovementStation.is_control
        )
        where.append(Improvement.id.in_(here))
    if about is not None:
        subject, key = about
        where += [Improvement.subject == subject.value, Improvement.subject_key == key]
    query = _LISTED.where(*where).order_by(Improvement.id.desc()).limit(_MOST_HERE)
    return _rows(session, who, session.execute(query).all(), now)


def _open_behind(after: ActionCursor | None) -> _Listed:
    table = Improvement
    query = _LISTED.where(table.state.in_(sorted(IMPROVEMENT.open)))
    query = query.order_by(table.next_on, table.id)
    if after is None:
        return query
    same = and_(table.next_on == after.next_or_ended, table.id > after.improvement_id)
    return query.where(or_(table.next_on > after.next_or_ended, same))


def _ended_behind(after: ActionCursor | None) -> _Listed:
    table = Improvement
    query = _LISTED.where(table.state.in_(sorted(IMPROVEMENT.ends)))
    query = query.order_by(table.ended_at.desc(), table.id.desc())
    if after is None:
        return query
    same = and_(table.ended_at == after.next_or_ended, table.id < after.improvement_id)
    return query.where(or_(table.ended_at < after.next_or_ended, same))


def _rows(
    session: Session,
    who: Identity,
    listed: Sequence[Row[Improvement, Station, str, bool]],
    now: datetime,
) -> tuple[ActionRow, ...]:
    hide = HiddenNames(session, who).anywhere.hide
    return tuple(
        ActionRow(
            improvement_id=row.id,
            station_code=station.code,
            station_names=station.names,
            finding=hide(row.finding),
            doing=hide(row.doing),
            subject=Subject(row.subject),
            subject_key=row.subject_key,
            measure=row.measure,
            owner=hide(owner) if is_active else "",
            state=row.state,
            verdict=verdict_of(row),
            next_on=row.next_on,
            ended_at=row.ended_at,
            timezone=station.timezone,
            stage=stage_of(
                row.state,
                due_on=row.due_on,
                look_on=row.look_on,
                today=day_of(now, station.timezone),
            ),
        )
        for row, station, owner, is_active in listed
    )
