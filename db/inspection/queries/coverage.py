"""How far the sampling plans of a month are worked off, and what they buy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.access import Action, Identity, Role, Scope, require, visible_stations
from core.checklist.model import BOT
from core.clock.days import begin_of
from core.inspection.states import ASSIGNMENT, AssignmentState
from core.plan import Inspector
from core.sampling import margin_of_error
from db.encounters.models import Interaction
from db.encounters.queries.consent import OPEN, open_to_use
from db.inspection.models import Assignment, Draft
from db.people.models import Staff, Station, User, UserRole
from db.people.queries.shown_texts import HiddenNames
from db.store.days import portal_zone


@dataclass(frozen=True)
class CoverageSelection:
    """Of which encounters work is counted: a station's, a channel's; None takes all."""

    station_id: int | None = None
    channel: str | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        channel = [] if self.channel is None else [Interaction.channel == self.channel]
        return [*self.at(Interaction.station_id), *channel]

    def at(self, column: InstrumentedAttribute[int]) -> list[ColumnElement[bool]]:
        """That a column names the station."""
        return [] if self.station_id is None else [column == self.station_id]


EVERYTHING = CoverageSelection()


@dataclass(frozen=True)
class Coverage:
    """Assignments of one inspector, station or person: given, done, skipped, overdue.

    Open ones whose customer refuses count as skipped.

    Of those drawn at random, `random_done` are done and `random_open` still to come.
    """

    key: int
    name: str
    drawn: int = 0
    done: int = 0
    skipped: int = 0
    overdue: int = 0
    random_done: int = 0
    random_open: int = 0

    @property
    def margin(self) -> float | None:
        """Half-width of the 90 % interval of a pass rate near 85 %, in percent points."""
        return _margin(self.random_done)

    @property
    def margin_to_come(self) -> float | None:
        """The same once everything drawn is done."""
        return _margin(self.random_done + self.random_open)


class OverdueTask(NamedTuple):
    """An open assignment whose day has passed; `station` is a code."""

    assignment_id: int
    case: str
    inspector: str
    station: str
    channel: str
    due_on: date


class PutAside(NamedTuple):
    """An assignment that its inspector put aside, and the reason as it was given."""

    assignment_id: int
    case: str
    channel: str
    station: str
    inspector: str
    reason: str
    own: bool


class InspectorLoad(NamedTuple):
    """The open work of an inspector, whenever it is due; `begun` of it has a draft."""

    user_id: int
    name: str
    active: bool
    open: int
    begun: int


class _By(NamedTuple):
    """What the assignments are grouped by, and the column that names it."""

    key: InstrumentedAttribute[Any]
    entity: type[User | Station | Staff]
    name: InstrumentedAttribute[str]


def by_inspector(
    session: Session,
    who: Identity,
    *,
    since: date,
    today: date,
    selection: CoverageSelection = EVERYTHING,
) -> list[Coverage]:
    """What was due since a day, by inspector; an inspector sees the own row only.

    A reader of some stations' coverage has the work at those counted.
    """
    by = _By(Assignment.inspector_id, User, User.name)
    return _coverage(session, by, [*_seen(who), *selection.conditions], since, today)


def by_station(
    session: Session,
    who: Identity,
    *,
    since: date,
    today: date,
    language: str,
    selection: CoverageSelection = EVERYTHING,
) -> list[Coverage]:
    """What was due since a day, by station of the encounter; second scorings add nothing to it."""
    if require(who, Action.SEE_COVERAGE) is Scope.OWN:
        return []
    names = {"zh_TW": Station.name_zh_tw, "zh_CN": Station.name_zh_cn}
    name = names.get(language, Station.name_en)
    by = _By(Interaction.station_id, Station, name)
    conditions = [_OF_RECORD, *_within(who, Interaction.station_id), *selection.conditions]
    return _coverage(session, by, conditions, since, today)


def by_staff(
    session: Session,
    who: Identity,
    *,
    since: date,
    today: date,
    selection: CoverageSelection = EVERYTHING,
) -> list[Coverage]:
    """What was due since a day for each person who served anybody since then, fewest first.

    Who left is left out, who was never drawn is not. Only where names may be known.
    """
    named_stations = visible_stations(who, Action.SEE_STAFF_NAMES)
    if require(who, Action.SEE_COVERAGE) is Scope.OWN:
        return []
    named = [] if named_stations is None else [Staff.station_id.in_(named_stations)]
    by = _By(Interaction.staff_id, Staff, Staff.name)
    conditions = [_OF_RECORD, *selection.conditions]
    drawn = {row.key: row for row in _coverage(session, by, conditions, since, today)}
    served = exists().where(
        Interaction.staff_id == Staff.id,
        Interaction.occurred_at >= begin_of(since, portal_zone(session)),
        *selection.conditions,
    )
    here = _within(who, Staff.station_id) + selection.at(Staff.station_id) + named
    people = select(Staff.id, Staff.name).where(Staff.active, served, *here)
    members = session.execute(people).all()
    rows = [drawn.get(key, Coverage(key, name)) for key, name in members]
    return sorted(rows, key=lambda row: (row.done, row.name))


def overdue(
    session: Session,
    who: Identity,
    *,
    since: date,
    today: date,
    selection: CoverageSelection = EVERYTHING,
    limit: int = 200,
) -> list[OverdueTask]:
    """What was due since a day and is still open, the longest overdue first.

    An inspector sees the own ones; second scorings are among them.
    """
    tasks = _tasks(who, Assignment.id, Assignment.due_on)
    late = tasks.where(
        Assignment.state == AssignmentState.OPEN,
        Assignment.due_on >= since,
        Assignment.due_on < today,
        *selection.conditions,
    )
    rows = session.execute(late.order_by(Assignment.due_on, Assignment.id).limit(limit))
    names = HiddenNames(session, who)
    return [
        OverdueTask(
            assignment_id=row.id,
            case=names.in_case(row.station_id, row.staff_id).hide(row.external_id),
            inspector=row.name,
            station=row.code,
            channel=row.channel,
            due_on=row.due_on,
        )
        for row in rows
    ]


def overdue_count(session: Session, who: Identity, *, today: date) -> int:
    """How many tasks are open though their day has passed; an inspector counts the own ones."""
    late = _tasks(who, Assignment.id).where(
        Assignment.state == AssignmentState.OPEN, Assignment.due_on < today
    )
    return session.scalar(select(func.count()).select_from(late.subquery())) or 0


def waiting(session: Session, who: Identity) -> list[InspectorLoad]:
    """Everybody with open work, those who left included; only for who hands work over."""
    require(who, Action.ASSIGN)
    rows = session.execute(
        select(User.id, User.name, User.active, func.count(), func.count(Draft.task_id))
        .join(Assignment, Assignment.inspector_id == User.id)
        .outerjoin(Draft, Draft.of(ASSIGNMENT, Assignment.id))
        .where(Assignment.state == AssignmentState.OPEN, open_to_use(Assignment.interaction_id))
        .group_by(User.id, User.name, User.active)
        .order_by(User.name)
    )
    return [InspectorLoad(*row) for row in rows]


def put_aside(
    session: Session, who: Identity, *, since: date, selection: CoverageSelection = EVERYTHING
) -> list[PutAside]:
    """What was due since a day and was put aside, newest first; an inspector sees the own ones.

    Those whose customer refuses are left out: nobody is to score them.
    """
    tasks = _tasks(who, Assignment.id, Assignment.skip_reason, Assignment.inspector_id)
    skipped = Assignment.state == AssignmentState.SKIPPED
    aside = tasks.where(skipped, Assignment.due_on >= since, *selection.conditions)
    rows = session.execute(aside.order_by(Assignment.due_on.desc(), Assignment.id.desc()))
    names = HiddenNames(session, who)
    return [
        PutAside(
            assignment_id=row.id,
            case=names.in_case(row.station_id, row.staff_id).hide(row.external_id),
            channel=row.channel,
            station=row.code,
            inspector=row.name,
            reason=names.in_case(row.station_id, row.staff_id).hide(row.skip_reason or ""),
            own=row.inspector_id == who.user_id,
        )
        for row in rows
    ]


def _tasks(who: Identity, *columns: Any) -> Select[Any]:  # noqa: ANN401  what else is read
    """Assignments that a reader of the page sees, with their case, station and inspector.

    Those whose customer refuses are left out.
    """
    return (
        select(
            Interaction.external_id,
            Interaction.channel,
            Interaction.station_id,
            Interaction.staff_id,
            Station.code,
            User.name,
            *columns,
        )
        .select_from(Assignment)
        .join(Interaction, Interaction.id == Assignment.interaction_id)
        .join(User, User.id == Assignment.inspector_id)
        .join(Station, Station.id == Interaction.station_id)
        .where(OPEN, *_seen(who))
    )


def _seen(who: Identity) -> list[ColumnElement[bool]]:
    """That an assignment is one the reader sees: an inspector the own ones, others by station."""
    is_own = require(who, Action.SEE_COVERAGE) is Scope.OWN
    own = [Assignment.inspector_id == who.user_id] if is_own else []
    return [*own, *_within(who, Interaction.station_id)]


_OF_RECORD = Assignment.purpose == "record"


def _margin(n: int) -> float | None:
    margin = margin_of_error(0.85, n, level=0.90)
    return None if margin is None else 100 * margin


def _within(who: Identity, station: InstrumentedAttribute[int]) -> list[ColumnElement[bool]]:
    if require(who, Action.SEE_COVERAGE) is not Scope.SUBTREE:
        return []
    return [station.in_(who.station_ids or frozenset())]


def _coverage(
    session: Session, by: _By, conditions: list[ColumnElement[bool]], since: date, today: date
) -> list[Coverage]:
    waits = Assignment.state == AssignmentState.OPEN
    is_open = waits & OPEN
    put_aside = (Assignment.state == AssignmentState.SKIPPED) | (waits & ~OPEN)
    is_random = (Assignment.sample_class == "random") & (Interaction.channel != BOT)
    counts: dict[str, ColumnElement[int]] = {
        "drawn": func.count(),
        "done": _count(Assignment.state == AssignmentState.SUBMITTED),
        "skipped": _count(put_aside),
        "overdue": _count(is_open & (Assignment.due_on < today)),
        "random_done": _count(is_random & (Assignment.state == AssignmentState.SUBMITTED)),
        "random_open": _count(is_random & is_open),
    }
    labelled = [count.label(name) for name, count in counts.items()]
    columns: list[Any] = [by.key, by.name, *labelled]
    query = (
        select(*columns)
        .select_from(Assignment)
        .join(Interaction, Assignment.interaction_id == Interaction.id)
        .join(by.entity, by.entity.id == by.key)
        .where(Assignment.due_on >= since, *conditions)
        .group_by(by.key, by.name)
        .order_by(by.name)
    )
    return [
        Coverage(row[0], row[1], **{name: int(getattr(row, name)) for name in counts})
        for row in session.execute(query)
    ]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def inspectors(session: Session, who: Identity) -> dict[int, str]:
    """The names of the active inspectors by their ids, in order.

    Raises:
        NotAllowed: the role does not assign.
    """
    require(who, Action.ASSIGN)
    active = [inspector.user_id for inspector in active_inspectors(session)]
    rows = session.execute(
        select(User.id, User.name).where(User.id.in_(active)).order_by(User.name, User.id)
    )
    return {row.id: row.name for row in rows}


def active_inspectors(session: Session) -> list[Inspector]:
    waiting = (
        select(Assignment.inspector_id, func.count().label("n"))
        .where(Assignment.state == AssignmentState.OPEN)
        .group_by(Assignment.inspector_id)
        .subquery()
    )
    rows = session.execute(
        select(User.id, User.region, func.coalesce(waiting.c.n, 0), Staff.station_id)
        .join(UserRole, UserRole.user_id == User.id)
        .outerjoin(waiting, waiting.c.inspector_id == User.id)
        .outerjoin(Staff, User.staff_id == Staff.id)
        .where(UserRole.role == Role.INSPECTOR, User.active)
        .order_by(User.id)
    )
    return [Inspector(*row) for row in rows]
